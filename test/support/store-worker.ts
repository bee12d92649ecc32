/**
 * A process of its own that uses a store file, for tests in which several processes share one, or in which one dies.
 * `node store-worker.cjs TASK FILE …` says `ready`, waits for a line on standard input, does its task and exits 0.
 */
import { readSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { seededRandom } from '../../src/runtime/random.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { StoreError } from '../../src/store/store.ts';
import { storeClient } from '../linearizability/store-client.ts';

const [task, file = '', argument = ''] = process.argv.slice(2);

/** Writes at once: a line that was said is in the parent's hands even if this process is killed the next moment. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Opens the store, which may be new, and says its revision. */
async function openStore(): Promise<void> {
  const store = openSqliteStore(file);
  say(String(await store.revision()));
  await store.close();
}

/** Adds 1 to the number at the key `counter`, so often as the argument says, by optimistic concurrency. */
async function increment(): Promise<void> {
  const store = openSqliteStore(file);
  let conflicts = 0;
  for (let done = 0; done < Number(argument); ) {
    const entry = await store.get('counter');
    const put = {
      op: 'put',
      key: 'counter',
      value: String(Number(entry?.value ?? 0) + 1),
      terms: [],
    } as const;
    const result = await store.commit([
      {
        ...put,
        expect: entry === null ? { kind: 'absent' } : { kind: 'at', modRevision: entry.modRevision },
      },
    ]);
    if (result.committed) done += 1;
    else conflicts += 1;
  }
  await store.close();
  say(String(conflicts));
}

/** Commits pairs of new keys until it is killed, and says the revisions of each pair once they are acknowledged. */
async function writeForever(): Promise<void> {
  const store = openSqliteStore(file);
  for (let i = 0; ; i += 1) {
    const value = 'x'.repeat(i % 5000);
    const result = await store.commit(
      ['left', 'right'].map((side) => ({
        op: 'put',
        key: `${argument}/${i}/${side}`,
        value,
        terms: [side],
        expect: { kind: 'absent' },
      })),
    );
    if (result.committed) say(JSON.stringify([i, ...result.revisions]));
  }
}

/**
 * Does operations by chance on a few keys. The argument is the seed and how many. Of each it says what it asks, and then
 * what it was answered, with the time: microseconds of a clock that all processes of this machine share.
 */
async function tellHistory(): Promise<void> {
  const [seed = 0, count = 0] = argument.split(' ').map(Number);
  const store = openSqliteStore(file);
  const microseconds = (): number => Number(process.hrtime.bigint()) / 1000;
  const client = storeClient(store, `process-${seed}`, seededRandom(seed), ['a', 'b', 'c'], (asks) => {
    say(JSON.stringify({ ...asks, called: microseconds() }));
  });
  for (let done = 0; done < count; done += 1) {
    const { answer } = await client.perform();
    say(JSON.stringify({ answer, returned: microseconds() }));
  }
  await store.close();
}

/** Reads and writes as a user without rights, and says how each went: `ok` or the code of the failure. */
async function useWithoutRights(): Promise<void> {
  new Database(':memory:').close(); // loads the native module while this process may still read it
  if (process.getuid?.() === 0) {
    process.setgroups?.([]);
    process.setgid?.(65534);
    process.setuid?.(65534);
  }
  try {
    const store = openSqliteStore(file);
    const read = await outcome(async () => (await store.get('key'))?.value ?? 'absent');
    const write = await outcome(async () => {
      await store.commit([{ op: 'put', key: 'key', value: 'new', terms: [], expect: { kind: 'present' } }]);
      return 'ok';
    });
    await store.close();
    say(`read ${read}, write ${write}`);
  } catch (error) {
    say(`open ${codeOf(error)}`);
  }
}

async function outcome(attempt: () => Promise<string>): Promise<string> {
  try {
    return await attempt();
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof StoreError ? error.code : String(error);
}

say('ready');
readSync(0, Buffer.alloc(16));
const tasks: Readonly<Record<string, () => Promise<void>>> = {
  open: openStore,
  increment,
  'write-forever': writeForever,
  history: tellHistory,
  'use-without-rights': useWithoutRights,
};
await tasks[task ?? '']?.();
