import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { collectedStreams } from '../../../src/cli/streams.ts';
import { virtualClock } from '../../../src/runtime/clock.ts';
import { seededRandom } from '../../../src/runtime/random.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kdaemon-newcomer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[], { terminal = true, input = '' } = {}) {
  const streams = collectedStreams(input);
  await runProgram(args, {
    streams: { ...streams, errIsTerminal: terminal },
    env: { KDAEMON_STORE: join(folder, 'cluster.db') },
    clock: virtualClock(Date.UTC(2026, 0, 1)),
    random: seededRandom(1),
  });
  return streams.written.err;
}

const manifest = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: { containers: [{ name: 'c', image: 'example.test/agent:1' }] },
    },
  },
});
const NO_NODES = 'There are no nodes yet: "kdaemon init" makes a sample cluster.\n';
const NOBODY =
  'Nobody reconciles this cluster now: "kdaemon reconcile" brings it up to date ("kdaemon serve" keeps it so).\n';

describe('on a terminal, a newcomer is told', () => {
  test('that there are no nodes, then that nobody reconciles, then nothing', async () => {
    expect(await run(['get', 'pods'])).toBe(`No resources found in default namespace.\n${NO_NODES}`);
    expect(await run(['create', '-f', '-'], { input: manifest })).toBe(NO_NODES);
    await run(['init']);
    expect(await run(['apply', '-f', '-'], { input: manifest.replace('agent:1', 'agent:2') })).toContain(
      NOBODY,
    );
    expect(await run(['get', 'pods'])).toBe(`No resources found in default namespace.\n${NOBODY}`);
    await run(['reconcile']);
    expect(await run(['get', 'pods'])).toBe('');
  });

  test('which flag or resource was probably meant', async () => {
    expect(await run(['get', 'pods', '--selectr=a'])).toBe(
      "error: unknown flag: --selectr\nSee 'kdaemon get --help' for usage.\nDid you mean this?\n\t--selector\n",
    );
    expect(await run(['get', 'demonsets'])).toBe(
      `error: the server doesn't have a resource type "demonsets"\nDid you mean this?\n\tdaemonsets\n`,
    );
  });
});

test('in a pipe, nothing is added to the words of kubectl', async () => {
  expect(await run(['get', 'pods'], { terminal: false })).toBe('No resources found in default namespace.\n');
  expect(await run(['get', 'demonsets'], { terminal: false })).toBe(
    `error: the server doesn't have a resource type "demonsets"\n`,
  );
});
