import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkStore } from '../../src/store/check-store.ts';
import { APPLICATION_ID, FORMAT } from '../../src/store/sqlite-schema.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { type Snapshot, StoreError } from '../../src/store/store.ts';
import { type StoreProcess, storeProcesses } from '../support/store-processes.ts';
import { create, expectStoreError, remove, replace } from './store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-store-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
let file = '';
beforeEach(() => {
  files += 1;
  file = join(folder, `case-${files}`, 'store.db');
});

/** A closed store in the test's file with the key `key` and `more` keys of 2 kB. */
async function storeFile(more = 0): Promise<void> {
  const store = openSqliteStore(file);
  await store.commit([create('key', 'old', ['t'])]);
  await store.commit(Array.from({ length: more }, (_, i) => create(`more/${i}`, 'x'.repeat(2000))));
  await store.close();
}

/** Holds opening the test's file to fail with this code, and to leave the file as it is. */
function expectRefused(code: StoreError['code'], message: RegExp): void {
  const before = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : null;
  let caught: unknown;
  try {
    openSqliteStore(file);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(StoreError);
  if (!(caught instanceof StoreError)) return;
  expect(caught.message).toMatch(message);
  expect(caught.message).toContain(file);
  expect(caught.message).not.toContain('\n');
  expect(caught.code).toBe(code);
  if (before !== null) expect(readFileSync(file).equals(before)).toBe(true);
}

async function snapshotOf(path: string): Promise<Snapshot> {
  const store = openSqliteStore(path);
  const snapshot = await store.snapshot();
  await store.close();
  return snapshot;
}

describe('a store file', () => {
  test('is made with the folders above it, in our format', async () => {
    file = join(folder, 'some', 'deep', 'folder', 'store.db');
    await storeFile();
    const db = new Database(file, { readonly: true });
    expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
    expect(db.pragma('user_version', { simple: true })).toBe(FORMAT);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('page_size', { simple: true })).toBe(16384);
    db.close();
  });

  test.each([
    [1, 'DROP TABLE forms; DROP TABLE gaps'],
    [2, 'DROP TABLE gaps'],
  ])('of format %i is brought forward, with what it holds', async (format, undo) => {
    await storeFile(3);
    const before = await snapshotOf(file);
    const db = new Database(file);
    db.exec(`${undo}; PRAGMA user_version = ${format}`);
    db.close();
    expect(await snapshotOf(file)).toEqual(before);
    expect(checkStore(file).findings).toEqual([]);
    const after = new Database(file, { readonly: true });
    expect(after.pragma('user_version', { simple: true })).toBe(FORMAT);
    after.close();
  });

  test('is the only file once it is closed', async () => {
    await storeFile(10);
    expect(readdirSync(dirname(file))).toEqual(['store.db']);
  });

  test('keeps everything for the next opening', async () => {
    const before = openSqliteStore(file);
    await before.commit([create('a', 'A', ['x']), create('b', 'B'), create('c', 'C')]);
    await before.commit([replace('a', 'AA', { terms: ['y'] }), remove('b')]);
    await before.compact(2);
    const questions = async (store: typeof before): Promise<unknown> => [
      await store.snapshot(),
      await store.changes(2),
      await store.list({ prefix: '' }, { at: 3 }),
      await store.list({ prefix: '', term: 'y' }),
      await store.compacted(),
    ];
    const answers = await questions(before);
    await before.close();
    const after = openSqliteStore(file);
    expect(await questions(after)).toEqual(answers);
    expect(await after.commit([create('d')])).toEqual({ committed: true, revisions: [6] });
    await after.close();
  });

  test('never takes a revision twice, even when compaction has dropped all but the newest write', async () => {
    const first = openSqliteStore(file);
    await first.commit([create('a')]);
    await first.commit([remove('a')]);
    await first.compact(2);
    await first.close();
    const second = openSqliteStore(file);
    expect(await second.revision()).toBe(2);
    expect(await second.commit([create('a')])).toEqual({ committed: true, revisions: [3] });
    await second.close();
  });

  test('holds no row that compaction could drop', async () => {
    const store = openSqliteStore(file);
    for (let round = 0; round < 3; round += 1) {
      await store.commit([create('a'), create('b')]);
      await store.commit([replace('a', 'two')]);
      await store.commit([remove('a'), remove('b')]);
      await store.compact(await store.revision());
    }
    await store.commit([create('a')]);
    await store.compact(await store.revision());
    await store.close();
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT revision FROM log').pluck().all()).toEqual([16]);
    db.close();
  });

  test('may be empty, as a temporary file is', async () => {
    mkdirSync(dirname(file));
    writeFileSync(file, '');
    await storeFile();
    expect(statSync(file).size).toBeGreaterThan(0);
  });

  test('that was left half made is finished', async () => {
    mkdirSync(dirname(file));
    const db = new Database(file);
    db.pragma('journal_mode = WAL');
    db.close();
    await storeFile();
  });

  test('with a path that SQLite would take for something else is a plain file', async () => {
    for (const name of [':memory:', 'file:x?mode=memory', 'with space #1%20.db']) {
      const odd = join(folder, name);
      const store = openSqliteStore(odd);
      await store.commit([create('a')]);
      await store.close();
      expect(existsSync(odd)).toBe(true);
    }
  });
});

describe('a file that is no store of ours', () => {
  test('is foreign when it is text, of any length', () => {
    mkdirSync(dirname(file));
    for (const text of ['x', 'apiVersion: v1\nkind: List\n', 'text '.repeat(10_000)]) {
      writeFileSync(file, text);
      expectRefused('foreign', /is not a kdaemon store/);
    }
  });

  test.each([
    ['has tables', 'CREATE TABLE t (a)'],
    ['carries another application id', 'PRAGMA application_id = 12345'],
    ['counts its versions', 'PRAGMA user_version = 1'],
    [
      'has our tables but not our mark',
      'CREATE TABLE log (revision INTEGER PRIMARY KEY); PRAGMA user_version = 1',
    ],
  ])('is foreign when it is a database that %s', (_name, sql) => {
    mkdirSync(dirname(file));
    const db = new Database(file);
    db.exec(sql);
    db.close();
    expectRefused('foreign', /is a database, but not a kdaemon store$/);
  });

  test('is newer when a newer kdaemon has written it', async () => {
    await storeFile();
    const db = new Database(file);
    db.pragma('user_version = 7');
    db.close();
    expectRefused(
      'newer',
      /store\.db was written by a newer version of kdaemon \(format 7; this one reads up to 3\)$/,
    );
  });

  test.skipIf(!existsSync('/proc/self'))(
    'is refused where no folder can be made, instead of trying for ever',
    () => {
      file = '/proc/kdaemon/deeper/store.db';
      expectRefused('readonly', /cannot be created: its folder cannot be made$/);
    },
  );

  test('is unreadable when it is a folder, or below a file', () => {
    mkdirSync(file, { recursive: true });
    expectRefused('unreadable', /cannot be opened: it is a folder$/);
    writeFileSync(join(dirname(file), 'plain'), '');
    for (const below of ['plain/store.db', 'plain/deeper/store.db']) {
      file = join(dirname(file), below);
      expectRefused('unreadable', /cannot be opened: a part of its path is a file, not a folder$/);
      file = join(folder, `case-${files}`, 'store.db');
    }
  });
});

describe('a damaged store', () => {
  test('is corrupt when its pages are overwritten, and the file is left alone', async () => {
    await storeFile(200);
    const page = 16384;
    const handle = openSync(file, 'r+');
    for (let at = page; at < statSync(file).size; at += page)
      writeSync(handle, Buffer.alloc(page, 0xa5), 0, page, at);
    closeSync(handle);
    const before = readFileSync(file);
    const store = openSqliteStore(file);
    const error = await expectStoreError(store.get('key'), 'corrupt');
    expect(error.message).toBe(`${file} is damaged: database disk image is malformed`);
    await expectStoreError(store.list({ prefix: '' }), 'corrupt');
    await expectStoreError(store.commit([create('new')]), 'corrupt');
    await expectStoreError(store.changes(0), 'corrupt');
    await store.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('is corrupt when it was cut short', async () => {
    await storeFile(200);
    truncateSync(file, 3 * 16384);
    expectRefused('corrupt', /is damaged: database disk image is malformed$/);
  });

  test('is corrupt when a table is missing', async () => {
    await storeFile();
    const db = new Database(file);
    db.exec('DROP TABLE live');
    db.close();
    const store = openSqliteStore(file);
    await expectStoreError(store.get('key'), 'corrupt');
    await store.close();
  });
});

describe('a store that another process holds', () => {
  test('is locked for writers once they have waited, and goes on afterwards', async () => {
    await storeFile();
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const store = openSqliteStore(file, { busyTimeoutMs: 20 });
    const error = await expectStoreError(store.commit([replace('key', 'new')]), 'locked');
    expect(error.message).toBe(`${file} is locked: another process is writing to it and does not finish`);
    expect((await store.get('key'))?.value).toBe('old');
    other.exec('ROLLBACK');
    expect((await store.commit([replace('key', 'new')])).committed).toBe(true);
    await store.close();
    other.close();
  });

  test('is locked for everyone while it is held exclusively', async () => {
    await storeFile();
    const other = new Database(file);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN IMMEDIATE');
    expect(() => openSqliteStore(file, { busyTimeoutMs: 20 })).toThrow(
      expect.objectContaining({ name: 'StoreError', code: 'locked' }),
    );
    other.close();
    await storeFileStillThere();
  });

  test('is locked for whoever would create it at the same time', () => {
    mkdirSync(dirname(file));
    const other = new Database(file);
    other.exec('BEGIN EXCLUSIVE');
    expect(() => openSqliteStore(file, { busyTimeoutMs: 20 })).toThrow(
      expect.objectContaining({ name: 'StoreError', code: 'locked' }),
    );
    other.close();
  });

  async function storeFileStillThere(): Promise<void> {
    const store = openSqliteStore(file);
    expect((await store.get('key'))?.value).toBe('old');
    await store.close();
  }
});

test('a full disk refuses a batch as a whole and leaves the store usable', async () => {
  const store = openSqliteStore(file, { maxPages: 20 });
  await store.commit([create('key', 'old')]);
  const big = Array.from({ length: 30 }, (_, i) => create(`big/${i}`, 'x'.repeat(16_000)));
  const error = await expectStoreError(store.commit(big), 'full');
  expect(error.message).toBe(`no space left to write ${file}`);
  expect(await store.count({ prefix: '' })).toBe(1);
  expect(await store.revision()).toBe(1);
  expect(await store.commit([replace('key', 'new')])).toEqual({ committed: true, revisions: [2] });
  await store.close();
});

/** As root, whom permissions don't stop, the process gives up its rights before it opens the store. */
describe('a user without rights', () => {
  let run: (task: string, file: string) => StoreProcess;
  beforeAll(async () => {
    run = await storeProcesses(folder);
  });

  async function use(): Promise<string> {
    const worker = run('use-without-rights', file);
    await worker.ready;
    worker.start();
    expect(await worker.ended).toBe(0);
    return worker.lines.join('\n');
  }

  test('reads a read-only file, and cannot write it', async () => {
    await storeFile();
    chmodSync(dirname(file), 0o777);
    chmodSync(file, 0o444);
    expect(await use()).toBe('read old, write readonly');
    expect(await use()).toBe('read old, write readonly');
  });

  test.each([0o444, 0o666])(
    'reads a file of mode %o in a read-only folder, and cannot write it',
    async (mode) => {
      await storeFile();
      chmodSync(file, mode);
      chmodSync(dirname(file), 0o555);
      expect(await use()).toBe('read old, write readonly');
      expect(readdirSync(dirname(file))).toEqual(['store.db']);
    },
  );

  test('reads the newest state while the owner has the store open', async () => {
    await storeFile();
    const owner = openSqliteStore(file);
    await owner.commit([replace('key', 'newest')]);
    for (const name of readdirSync(dirname(file))) chmodSync(join(dirname(file), name), 0o444);
    chmodSync(dirname(file), 0o555);
    expect(await use()).toBe('read newest, write readonly');
    await owner.close();
  });

  test('is told when the last writes cannot be taken in', async () => {
    await storeFile();
    const owner = openSqliteStore(file);
    await owner.commit([replace('key', 'newest')]);
    const abandoned = join(folder, `case-${files}-abandoned`, 'store.db');
    mkdirSync(dirname(abandoned));
    copyFileSync(file, abandoned);
    copyFileSync(`${file}-wal`, `${abandoned}-wal`);
    await owner.close();
    file = abandoned;
    for (const name of readdirSync(dirname(file))) chmodSync(join(dirname(file), name), 0o444);
    chmodSync(dirname(file), 0o555);
    expect(await use()).toBe('open unreadable');
  });

  test('cannot open a file that may not be read', async () => {
    await storeFile();
    chmodSync(file, 0o000);
    expect(await use()).toBe('open unreadable');
  });

  test('cannot create a file in a folder that may not be written, nor a folder', async () => {
    mkdirSync(dirname(file));
    chmodSync(dirname(file), 0o555);
    expect(await use()).toBe('open readonly');
    file = join(dirname(file), 'deeper', 'store.db');
    expect(await use()).toBe('open readonly');
  });
});
