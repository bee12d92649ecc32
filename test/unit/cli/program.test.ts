import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { collectedStreams } from '../../../src/cli/streams.ts';
import { virtualClock } from '../../../src/runtime/clock.ts';
import { seededRandom } from '../../../src/runtime/random.ts';

let folder = '';
/** One for all commands: with a new one for each, objects of different commands would get the same UIDs. */
const random = seededRandom(1);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kdaemon-unit-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[], input = '') {
  const streams = collectedStreams(input);
  const code = await runProgram(args, {
    streams,
    env: { KDAEMON_STORE: join(folder, 'cluster.db') },
    clock: virtualClock(Date.UTC(2026, 0, 1)),
    random,
  });
  return { code, ...streams.written };
}

describe('runProgram', () => {
  test('prints an overview without arguments', async () => {
    const { code, out } = await run([]);
    expect([code, out.includes('Usage:\n  kdaemon [flags] [options]')]).toEqual([0, true]);
  });

  test.each([
    ['create'],
    ['create', 'node'],
    ['get'],
    ['apply'],
    ['delete'],
    ['init'],
    ['reconcile'],
    ['version'],
    ['api-resources'],
  ])('kdaemon %s %s has help in the layout of kubectl', async (...words) => {
    const { code, out, err } = await run([...words, '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/\n\nOptions:\n {4}(-\w, | {4})--[\w-]+=.*:\n\t/);
    expect(out).toContain(`Usage:\n  kdaemon ${words.join(' ')}`);
  });

  test.each([
    [['frobnicate'], 'error: unknown command "frobnicate" for "kdaemon"\n'],
    [['gett'], 'error: unknown command "gett" for "kdaemon"\n\nDid you mean this?\n\tget\n\tset\n\n'],
    [['get', '--foo'], "error: unknown flag: --foo\nSee 'kdaemon get --help' for usage.\n"],
    [['get', 'demonsets'], `error: the server doesn't have a resource type "demonsets"\n`],
    [['get', 'ds', 'x'], 'Error from server (NotFound): daemonsets.apps "x" not found\n'],
    [['get', 'ds', 'x', '-l', 'a=b'], 'error: name cannot be provided when a selector is specified\n'],
    [['delete', 'ds'], 'error: resource(s) were provided, but no name was specified\n'],
    [['create'], 'error: must specify one of -f and -k\n'],
    [['create', '-f', 'missing.yaml'], 'error: the path "missing.yaml" does not exist\n'],
    [['apply', '-f', '-'], 'error: no objects passed to apply\n'],
    [
      ['get', 'ds', '-o', 'bogus'],
      'error: unable to match a printer suitable for the output format "bogus", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml\n',
    ],
    [
      ['create', 'node', 'n', '--taint', 'a=b:Never'],
      'error: invalid taint effect: Never, unsupported taint effect\n',
    ],
  ])('%j is refused with exit code 1', async (args, message) => {
    const { code, out, err } = await run(args);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: message });
  });

  test('takes global flags before the command', async () => {
    expect((await run(['-n', 'kube-system', 'get', 'pods'])).err).toBe(
      'No resources found in kube-system namespace.\n',
    );
  });

  test('goes from nodes and a manifest to running pods, and names what it did', async () => {
    expect((await run(['create', 'node', 'w', '--count', '2', '--label', 'disk=ssd'])).out).toBe(
      'node/w-1 created\nnode/w-2 created\n',
    );
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
    expect((await run(['apply', '-f', '-'], manifest)).out).toBe('daemonset.apps/agent created\n');
    expect((await run(['apply', '-f', '-'], manifest)).out).toBe('daemonset.apps/agent unchanged\n');
    expect((await run(['reconcile'])).out).toBe(
      'daemonset.apps/agent (default): 2 pods created; 2 of 2 available, 2 up-to-date\n',
    );
    expect((await run(['reconcile'])).out).toBe(
      'daemonset.apps/agent (default): unchanged; 2 of 2 available, 2 up-to-date\n',
    );
    expect((await run(['get', 'ds', '-L', 'x', '--show-labels'])).out).toBe(
      'NAME    DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE   X     LABELS\nagent   2         2         2       2            2           <none>          0s          <none>\n',
    );
    const { daemonSets } = JSON.parse((await run(['reconcile', '-o', 'json'])).out);
    expect(daemonSets).toMatchObject([
      { daemonSet: { namespace: 'default', name: 'agent' }, podsCreated: 0, rolledOut: true, waitingFor: [] },
    ]);
  });

  test('prints histories and events in the templates of get', async () => {
    const path = '-ojsonpath={.spec.template.metadata.labels.app}';
    expect((await run(['rollout', 'history', 'ds/agent', path])).out).toBe('agent');
    expect((await run(['events', '--for=ds/agent', '-ojsonpath={.items[*].reason}'])).out).toMatch(
      /^SuccessfulCreate( SuccessfulCreate)*$/,
    );
  });

  test('moves the clock of the store with --advance, and ages follow', async () => {
    await run(['reconcile', '--advance', '10m']);
    expect((await run(['get', 'nodes', 'w-1', '--no-headers'])).out).toMatch(/^w-1 +Ready +<none> +10m +/);
  });
});
