import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { collectedStreams } from '../../../src/cli/streams.ts';
import { pause } from '../../../src/runtime/pause.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
const configMap = (name: string, labels: object = {}): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } });

beforeEach(async () => {
  cli = openInProcess();
  await cli.ok(['create', '-f', '-'], configMap('a', { team: 'x' }));
});
afterEach(() => cli.remove());

/** A command that goes on beside others, and its output so far. */
function start(args: readonly string[]) {
  const streams = collectedStreams();
  const world = {
    streams,
    clock: cli.clock,
    random: seededRandom(2),
    env: { KDAEMON_STORE: `${cli.folder}/cluster.db` },
  };
  const code = runProgram(args, world);
  return {
    code,
    written: streams.written,
    /** Waits until the output fits. */
    async until(fits: (out: string) => boolean): Promise<void> {
      for (let turn = 0; turn < 200 && !fits(streams.written.out); turn += 1) await pause(10);
    },
    /** Ends it as Ctrl-C would. */
    async stop(): Promise<number> {
      process.emit('SIGINT');
      return code;
    },
  };
}

const lines = (count: number) => (out: string) => out.split('\n').length > count;

describe('get -w', () => {
  test('prints what is there, then each change, below one line of headings', async () => {
    const watch = start(['get', 'cm', '-w', '-L', 'team']);
    await watch.until(lines(2));
    await cli.ok(['create', '-f', '-'], configMap('a-much-longer-name'));
    await watch.until(lines(3));
    await cli.ok(['label', 'cm', 'a', 'team=y', '--overwrite']);
    await watch.until(lines(4));
    expect(await watch.stop()).toBe(1);
    expect(watch.written.out).toBe(
      [
        'NAME   DATA   AGE   TEAM',
        'a      0      0s    x',
        'a-much-longer-name   0      0s    ',
        'a                    0      0s    y',
        '',
      ].join('\n'),
    );
  });

  test('names what happened, and takes objects that no longer match as gone', async () => {
    const watch = start(['get', 'cm', '-w', '-l', 'team=x', '--output-watch-events', '--no-headers']);
    await watch.until(lines(1));
    await cli.ok(['create', '-f', '-'], configMap('other'));
    await cli.ok(['label', 'cm', 'a', 'more=1']);
    await cli.ok(['label', 'cm', 'other', 'team=x']);
    await cli.ok(['label', 'cm', 'a', 'team-']);
    await watch.until(lines(4));
    await watch.stop();
    expect(watch.written.out.replaceAll(/ +/g, ' ')).toBe(
      'ADDED a 0 0s\nMODIFIED a 0 0s\nADDED other 0 0s\nDELETED a 0 0s\n',
    );
  });

  test('follows one object by name, in any format', async () => {
    const watch = start([
      'get',
      'cm/a',
      '--watch-only',
      '--output-watch-events',
      '-o',
      'jsonpath={.type} {.object.metadata.name}{"\\n"}',
    ]);
    await pause(300);
    await cli.ok(['create', '-f', '-'], configMap('b'));
    await cli.ok(['label', 'cm', 'a', 'more=1']);
    await cli.ok(['delete', 'cm', 'a']);
    await watch.until(lines(2));
    await watch.stop();
    expect(watch.written.out).toBe('MODIFIED a\nDELETED a\n');
  });

  test('keeps YAML documents apart', async () => {
    const watch = start(['get', 'cm', '-w', '-o', 'yaml']);
    await watch.until((out) => out.includes('uid'));
    await cli.ok(['label', 'cm', 'a', 'more=1']);
    await watch.until((out) => out.includes('more'));
    await watch.stop();
    expect(watch.written.out.match(/^---$/gm)).toHaveLength(1);
  });

  test.each([
    [['cm,no', '-w'], 'error: you may only specify a single resource type\n'],
    [['cm', 'x', 'y', '-w'], 'Error from server (NotFound): configmaps "x" not found\n'],
  ])('%j is refused', async (args, err) => {
    expect(await cli.run(['get', ...args])).toEqual({ code: 1, out: '', err });
  });
});
