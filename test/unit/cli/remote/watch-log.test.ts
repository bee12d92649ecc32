import { expect, test } from 'vitest';
import type { ResourceInfo, WriteOutcome } from '../../../../src/api/client.ts';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { StatusError } from '../../../../src/api/status.ts';
import { type Transport, Unreachable } from '../../../../src/cli/remote/http-transport.ts';
import { type WatchLog, watchLog } from '../../../../src/cli/remote/watch-log.ts';

const PODS: ResourceInfo = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['list', 'watch'],
  subresources: [],
};

function pod(name: string, resourceVersion: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, uid: `uid-${name}`, resourceVersion } };
}

/** A server that says what the test says. */
interface Scripted extends Transport {
  /** Sends a line to the open watch. */
  says(type: string, object: unknown): void;
  /** Ends the open watch: in silence, or with an error. */
  ends(error?: Error): void;
  /** Versions from which watches were asked for. */
  readonly from: string[];
  newest: string;
}

function scripted(): Scripted {
  let lines: (string | Error | undefined)[] = [];
  let wake = (): void => {};
  const server: Scripted = {
    from: [],
    newest: '5',
    says(type, object) {
      lines.push(JSON.stringify({ type, object }));
      wake();
    },
    ends(error) {
      lines.push(error);
      wake();
    },
    send: async () => ({ status: 200, warnings: [], json: { metadata: { resourceVersion: server.newest } } }),
    async *lines(path, signal, opened) {
      server.from.push(new URLSearchParams(path.split('?')[1]).get('resourceVersion') ?? '');
      opened?.();
      signal.addEventListener('abort', () => wake());
      while (!signal.aborted) {
        const [next, ...others] = lines;
        if (lines.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        lines = others;
        if (next === undefined) return;
        if (next instanceof Error) throw next;
        yield next;
      }
    },
    close() {},
  };
  return server;
}

const refusal = (code: number): StatusError =>
  new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'no', code });

async function withLog(work: (server: Scripted, log: WatchLog) => Promise<void>): Promise<void> {
  const server = scripted();
  const log = watchLog(server, async () => [PODS]);
  try {
    await work(server, log);
  } finally {
    log.close();
  }
}

const names = async (log: WatchLog, after: string): Promise<readonly (string | undefined)[]> =>
  (await log.changes(after, 100)).events.map(({ object }) => object.metadata.name);

const written = (did: 'created' | 'deleted', object: KubeObject): WriteOutcome => ({
  ok: true,
  did,
  object,
  warnings: [],
});

/** Whether a promise has resolved after the promises before it had their turn. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

test('a watch that ends goes on from the last thing that it showed, bookmarks included', () =>
  withLog(async (server, log) => {
    const start = await log.revision();
    server.says('ADDED', pod('a', '7'));
    server.says('BOOKMARK', { metadata: { resourceVersion: '9' } });
    server.ends();
    server.says('ADDED', pod('b', '10'));
    await expect.poll(() => names(log, start)).toEqual(['a', 'b']);
    expect(server.from).toEqual(['5', '9']);
  }));

test('a server that forgot the past makes followers list anew, and the watch starts from now', () =>
  withLog(async (server, log) => {
    const start = await log.revision();
    server.says('ADDED', pod('a', '7'));
    await expect.poll(() => names(log, start)).toEqual(['a']);
    server.newest = '90';
    server.says('ERROR', refusal(410).status);
    await expect.poll(() => server.from).toEqual(['5', '90']);
    await expect(log.changes(start, 100)).rejects.toMatchObject({ status: { code: 410 } });
    const anew = await log.revision();
    server.says('ADDED', pod('b', '91'));
    await expect.poll(() => names(log, anew)).toEqual(['b']);
  }));

test('an interruption is known until the watch is open again', () =>
  withLog(async (server, log) => {
    const start = await log.revision();
    server.ends(new Unreachable('away'));
    await expect.poll(() => log.interruption()).toMatchObject({ message: 'away' });
    server.says('ADDED', pod('a', '7'));
    await expect.poll(() => names(log, start)).toEqual(['a']);
    expect(log.interruption()).toBeUndefined();
  }));

test('a log that could not be opened is opened by the next question', async () => {
  const server = scripted();
  let isAway = true;
  const log = watchLog(server, async () => {
    if (isAway) throw new Unreachable('away');
    return [PODS];
  });
  await expect(log.revision()).rejects.toThrow('away');
  isAway = false;
  expect(await log.revision()).toBe('0');
  log.close();
});

test('a write is shown when its version has come by, or a later one', () =>
  withLog(async (server, log) => {
    await log.revision();
    const end = log.end() ?? Number.NaN;
    const shown = log.showsWrites(
      [written('created', pod('a', '7')), written('created', pod('b', '8'))],
      end,
    );
    server.says('ADDED', pod('a', '7'));
    expect(await isDone(shown)).toBe(false);
    server.says('MODIFIED', pod('b', '12'));
    await shown;
  }));

test('a deletion is shown by the watch, not by other changes', () =>
  withLog(async (server, log) => {
    await log.revision();
    const end = log.end() ?? Number.NaN;
    const shown = log.showsWrites([written('deleted', pod('a', '7'))], end);
    server.says('ADDED', pod('b', '12'));
    expect(await isDone(shown)).toBe(false);
    server.says('DELETED', pod('a', '13'));
    await shown;
    await log.showsWrites([written('deleted', pod('a', '7'))], end);
  }));

test('nobody waits for writes of kinds that are not followed, for refused ones, and after all was forgotten', () =>
  withLog(async (_server, log) => {
    await log.revision();
    const end = log.end() ?? Number.NaN;
    const event = { ...pod('e', '99'), kind: 'Event' };
    await log.showsWrites([written('created', event)], end);
    await log.showsWrites([{ ok: false, error: refusal(409).status, warnings: [] }], end);
    const shown = log.showsWrites([written('created', pod('a', '99'))], end);
    expect(await isDone(shown)).toBe(false);
    log.forget();
    await shown;
  }));
