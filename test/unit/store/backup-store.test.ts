import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { backupStore } from '../../../src/store/backup-store.ts';
import { checkStore } from '../../../src/store/check-store.ts';
import { shrinkStore } from '../../../src/store/shrink-store.ts';
import { openSqliteStore } from '../../../src/store/sqlite-store.ts';
import type { Write } from '../../../src/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-backup-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
let here = '';
let file = '';
let target = '';
beforeEach(() => {
  count += 1;
  here = join(folder, String(count));
  mkdirSync(here);
  file = join(here, 'store.db');
  target = join(here, 'copy.db');
});

const put = (key: string, value: string): Write => ({
  op: 'put',
  key,
  value,
  terms: [value.slice(0, 1)],
  expect: { kind: 'absent' },
});

async function storeFile(keys = 10): Promise<void> {
  const store = openSqliteStore(file);
  for (let i = 0; i < keys; i += 1) await store.commit([put(`key-${i}`, 'value')]);
  await store.close();
}

async function contents(name: string): Promise<unknown> {
  const store = openSqliteStore(name);
  const all = [await store.snapshot(), await store.changes(0)];
  await store.close();
  return all;
}

describe('backupStore', () => {
  test('makes a store of the same contents and history', async () => {
    await storeFile();
    expect(await backupStore(file, target)).toMatchObject({ revision: 10, keys: 10, findings: [] });
    expect(readdirSync(here).sort()).toEqual(['copy.db', 'store.db']);
    expect(await contents(target)).toEqual(await contents(file));
    const db = new Database(target, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
  });

  test('copies what another process has not yet moved into the file', async () => {
    const store = openSqliteStore(file);
    await store.commit([put('a', 'A')]);
    expect(existsSync(`${file}-wal`)).toBe(true);
    await backupStore(file, target);
    await store.close();
    expect(await contents(target)).toEqual(await contents(file));
  });

  test('is the store at one revision while others write on, and comes to an end', async () => {
    const store = openSqliteStore(file);
    await store.commit(Array.from({ length: 3000 }, (_, i) => put(`first-${i}`, 'x'.repeat(12_000))));
    let written = 0;
    let parts = 0;
    const other = new Database(file);
    const copied = await backupStore(file, target, {
      onProgress: () => {
        parts += 1;
        const sql = `INSERT INTO log SELECT max(revision) + 1, 'later', max(revision) + 1, 0, '[]', '{}' FROM log`;
        written += other.prepare(sql).run().changes;
      },
    });
    other.close();
    await store.close();
    expect(parts).toBeGreaterThan(1);
    expect(written).toBe(parts);
    expect(copied).toMatchObject({ revision: 3000, keys: 3000, findings: [] });
    expect(checkStore(target)).toEqual(copied);
  });

  test('leaves a file alone that is there already, unless it may be replaced', async () => {
    await storeFile();
    writeFileSync(target, 'precious');
    await expect(backupStore(file, target)).rejects.toThrow(`${target} exists already`);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    await backupStore(file, target, { replace: true });
    expect(await contents(target)).toEqual(await contents(file));
  });

  test('never writes onto the store itself, nor onto a folder', async () => {
    await storeFile();
    await expect(backupStore(file, join(here, '.', 'store.db'), { replace: true })).rejects.toThrow(
      'is the store itself',
    );
    await expect(backupStore(file, here, { replace: true })).rejects.toThrow('it is a folder');
    expect(await contents(file)).toBeDefined();
  });

  test('never writes where a write-ahead log lies, which would become a part of the copy', async () => {
    await storeFile();
    writeFileSync(`${target}-wal`, 'of some other store');
    await expect(backupStore(file, target, { replace: true })).rejects.toThrow(
      `${target}-wal lies beside it`,
    );
    expect(existsSync(target)).toBe(false);
  });

  test('writes nothing when the store is damaged, missing or foreign', async () => {
    await expect(backupStore(file, target)).rejects.toThrow(`${file} does not exist`);
    writeFileSync(file, 'text '.repeat(1000));
    await expect(backupStore(file, target)).rejects.toThrow(`${file} is not a kdaemon store`);
    rmSync(file);
    await storeFile();
    const db = new Database(file);
    db.exec('DELETE FROM live');
    db.close();
    await expect(backupStore(file, target)).rejects.toThrow(
      `${target} was not written: the store is damaged: live: "key-0" is at no revision, but was written at 1, and `,
    );
    expect(readdirSync(here)).toEqual(['store.db']);
  });

  test('says that the folder of the copy is not there', async () => {
    await storeFile();
    const away = join(here, 'nowhere', 'copy.db');
    await expect(backupStore(file, away)).rejects.toThrow(
      `${away} cannot be created: there is no such folder`,
    );
  });
});

describe('shrinkStore', () => {
  test('forgets history, gives space back and keeps what is live', async () => {
    const store = openSqliteStore(file);
    for (let i = 0; i < 20; i += 1) {
      const rows = Array.from(
        { length: 20 },
        (_, k): Write => ({
          ...put(`key-${k}`, String(i).repeat(4000)),
          expect: { kind: i === 0 ? 'absent' : 'present' },
        }),
      );
      await store.commit(rows);
    }
    const before = await store.snapshot();
    await store.close();
    const { revision, bytesBefore, bytesAfter } = await shrinkStore(file);
    expect(revision).toBe(400);
    expect(bytesAfter).toBeLessThan(bytesBefore / 4);
    expect(checkStore(file)).toEqual({ revision: 400, compacted: 400, keys: 20, writes: 20, findings: [] });
    const after = openSqliteStore(file);
    expect(await after.snapshot()).toEqual(before);
    await after.close();
  });

  test('makes no store where there is none', async () => {
    await expect(shrinkStore(file)).rejects.toThrow(`${file} does not exist`);
    expect(readdirSync(here)).toEqual([]);
  });
});
