import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { checkStore } from '../../../src/store/check-store.ts';
import { openSqliteStore } from '../../../src/store/sqlite-store.ts';
import type { Store, Write } from '../../../src/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
let file = '';
beforeEach(() => {
  count += 1;
  file = join(folder, `${count}.db`);
});

const put = (key: string, value: string, terms: readonly string[] = []): Write => ({
  op: 'put',
  key,
  value,
  terms,
  expect: { kind: 'absent' },
});

/** Writes 1: a, 2: b, 3: a again, 4: b is deleted, 5: c, and forgets the first of them. */
async function write(store: Store): Promise<void> {
  await store.commit([put('a', 'A', ['x=1', 'y=1']), put('b', 'B', ['x=1'])]);
  await store.commit([
    { op: 'put', key: 'a', value: 'AA', terms: ['x=2', 'y=1'], expect: { kind: 'present' } },
    { op: 'delete', key: 'b', expect: { kind: 'present' } },
  ]);
  await store.commit([put('c', 'C', ['x=1'])]);
  await store.compact(1);
}

async function storeFile(): Promise<void> {
  const store = openSqliteStore(file);
  await write(store);
  await store.close();
}

describe('checkStore', () => {
  test('finds nothing wrong with what the store writes, and counts it', async () => {
    await storeFile();
    const before = readFileSync(file);
    expect(checkStore(file)).toEqual({ revision: 5, compacted: 1, keys: 2, writes: 5, findings: [] });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.db`))).toEqual([`${count}.db`]);
  });

  test('finds nothing wrong with a new store, nor with one that is compacted to the end', async () => {
    const store = openSqliteStore(file);
    expect(checkStore(file).findings).toEqual([]);
    await write(store);
    await store.compact(5);
    expect(checkStore(file)).toMatchObject({ revision: 5, compacted: 5, keys: 2, writes: 2, findings: [] });
    await store.close();
  });

  test('reads what another process has not yet moved into the file, and leaves it where it is', async () => {
    const store = openSqliteStore(file);
    await write(store);
    const log = readFileSync(`${file}-wal`);
    expect(log.length).toBeGreaterThan(0);
    expect(checkStore(file)).toMatchObject({ revision: 5, findings: [] });
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true);
    await store.close();
  });

  test.each([
    ['DELETE FROM log WHERE revision = 3', 'log: revision 3 is missing'],
    ['DELETE FROM log WHERE revision IN (3, 4)', 'log: revisions 3 to 4 are missing'],
    ['UPDATE compaction SET through = 9', 'log: compacted through revision 9, but the newest one is 5'],
    [
      'UPDATE log SET prev_revision = 2 WHERE revision = 3',
      'log: revision 3 of "a" follows revision 2, but the log has 1',
    ],
    [
      'UPDATE log SET create_revision = 2 WHERE revision = 3',
      'log: revision 3 of "a" says that it was created at 2',
    ],
    ["UPDATE log SET terms = '{}' WHERE revision = 3", 'log: the terms of revision 3 of "a" are no list'],
    ["UPDATE log SET terms = '[' WHERE revision = 4", 'log: the terms of revision 4 of "b" are no list'],
    ["DELETE FROM live WHERE key = 'c'", 'live: "c" is at no revision, but was written at 5'],
    ["UPDATE live SET revision = 1 WHERE key = 'a'", 'live: "a" is at revision 1, but was written at 3'],
    ["INSERT INTO live VALUES ('b', 2)", 'live: "b" is at revision 2, but was deleted'],
    ["INSERT INTO live VALUES ('d', 2)", 'live: "d" is at revision 2, but the log does not know it'],
    ["DELETE FROM terms WHERE key = 'c'", 'terms: "x=1" of "c" is missing'],
    ["INSERT INTO terms VALUES ('x=1', 'a')", 'terms: "x=1" of "a" is left over'],
    ['DROP TABLE terms', 'tables: no such table: terms'],
  ])('after %s says so', async (tamper, finding) => {
    await storeFile();
    const db = new Database(file);
    db.exec(tamper);
    db.close();
    const before = readFileSync(file);
    expect(checkStore(file).findings).toContain(finding);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('tells twenty findings of a sort, and that there are more', async () => {
    const store = openSqliteStore(file);
    await store.commit(Array.from({ length: 30 }, (_, i) => put(`key-${i}`, 'v')));
    await store.close();
    const db = new Database(file);
    db.exec('DELETE FROM live');
    db.close();
    const { findings } = checkStore(file);
    expect(findings).toHaveLength(21);
    expect(findings.at(-1)).toBe('… and more of this sort');
  });

  test('refuses a file that is not there, and makes none', () => {
    expect(() => checkStore(file)).toThrow(`${file} does not exist`);
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('refuses an empty file, and leaves it empty', () => {
    writeFileSync(file, '');
    expect(() => checkStore(file)).toThrow(`${file} is not a kdaemon store: it is empty`);
    expect(statSync(file).size).toBe(0);
  });
});

describe('checkStore on damaged pages', () => {
  const PAGE = 16_384;

  /** A store of some hundred pages. */
  async function largeFile(): Promise<void> {
    const store = openSqliteStore(file);
    await store.commit(
      Array.from({ length: 800 }, (_, i) => put(`key-${i}`, 'x'.repeat(2000), [`t=${i % 7}`])),
    );
    await store.close();
  }

  function overwrite(at: number, bytes: Buffer): void {
    const handle = openSync(file, 'r+');
    writeSync(handle, bytes, 0, bytes.length, at);
    closeSync(handle);
  }

  /** The number of a table's first page. */
  function rootOf(table: string): number {
    const db = new Database(file, { readonly: true });
    const page = db
      .prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
      .pluck()
      .get(table);
    db.close();
    return page ?? 0;
  }

  test.each(['log', 'live', 'terms'])('finds the overwritten first page of %s', async (table) => {
    await largeFile();
    overwrite((rootOf(table) - 1) * PAGE, Buffer.alloc(PAGE, 0xa5));
    expectDamage();
  });

  test('finds the overwritten tail of any page', async () => {
    await largeFile();
    const pristine = readFileSync(file);
    const pages = pristine.length / PAGE;
    for (let page = 1; page < pages; page += 9) {
      writeFileSync(file, pristine);
      // The head of a page says how it is divided.
      overwrite(page * PAGE, Buffer.alloc(12, 0xff));
      expectDamage();
    }
  });

  test('finds that the schema is not what it was', async () => {
    await largeFile();
    overwrite(100, Buffer.alloc(200, 0));
    expectDamage();
  });

  test('finds a write-ahead log of another store, and leaves both files as they are', async () => {
    await largeFile();
    // A log from the beginning would be a whole store by itself: this one goes on from what its own file has.
    const rows = (from: number): Write[] =>
      Array.from({ length: 300 }, (_, i) => put(`other-${from + i}`, 'y'.repeat(1000)));
    const begun = openSqliteStore(`${file}.other`);
    await begun.commit(rows(0));
    await begun.close();
    const other = openSqliteStore(`${file}.other`);
    await other.commit(rows(300));
    copyFileSync(`${file}.other-wal`, `${file}-wal`);
    await other.close();
    const log = readFileSync(`${file}-wal`);
    expectDamage();
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true);
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`);
    expect(checkStore(file)).toMatchObject({ keys: 800, findings: [] });
  });

  test('finds nothing wrong where the end of a write-ahead log is cut off: the last commits are as if not done', async () => {
    const store = openSqliteStore(file);
    for (let i = 0; i < 20; i += 1) await store.commit([put(`key-${i}`, 'v')]);
    const abandoned = `${file}.abandoned`;
    const log = readFileSync(`${file}-wal`);
    copyFileSync(file, abandoned);
    await store.close();
    const revisions = [0.9, 0.5, 0.2].map((part) => {
      writeFileSync(`${abandoned}-wal`, log.subarray(0, Math.floor(log.length * part)));
      rmSync(`${abandoned}-shm`, { force: true });
      const { revision, keys, findings } = checkStore(abandoned);
      expect([keys, findings]).toEqual([revision, []]);
      return revision;
    });
    expect(revisions).toEqual([...revisions].sort((a, b) => b - a));
    expect(revisions[0]).toBeLessThan(20);
    expect(revisions[0]).toBeGreaterThan(revisions[2] ?? 0);
  });

  function expectDamage(): void {
    const before = readFileSync(file);
    const told = tellOf(file);
    expect(told).not.toEqual([]);
    for (const line of told) expect(line).toMatch(/^(pages|tables|log|live|terms): ./);
    expect(readFileSync(file).equals(before)).toBe(true);
  }

  function tellOf(name: string): readonly string[] {
    try {
      return checkStore(name).findings;
    } catch (error) {
      // Damage may hide that this is a store at all; the message is then one line that names the file.
      const message = error instanceof Error ? error.message : String(error);
      expect(message).toMatch(
        new RegExp(`^${name}.* (is damaged|is not a kdaemon store|but not a kdaemon store)`),
      );
      return [`pages: ${message}`];
    }
  }
});
