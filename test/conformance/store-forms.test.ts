import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import type { FormText, Store } from '../../src/store/store.ts';
import { create } from './store-suite.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kdaemon-store-'));
  file = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const pieces = ['x'.repeat(2000), 'y'.repeat(2000)];
const form = (fill: string): FormText => ({ pieces, fills: [fill] });
/** The value that `put` gives a key. */
const spelled = (key: string): string => `${pieces[0]}${key.slice(1)}${pieces[1]}`;
let written = 0;

async function put(store: Store, count: number): Promise<void> {
  const writes = Array.from({ length: count }, () => {
    written += 1;
    return create(`k${written}`, form(String(written)));
  });
  await store.commit(writes);
}

function inFile<T>(sql: string): T {
  const db = new Database(file);
  const row = db.prepare(sql).get() as T;
  db.close();
  return row;
}

test('a form is kept once, however many values have it', async () => {
  const store = openSqliteStore(file);
  await put(store, 1000);
  await store.close();
  const { bytes } = inFile<{ bytes: number }>('SELECT sum(length(value)) AS bytes FROM log');
  expect(bytes).toBeLessThan(20_000);
  expect(inFile('SELECT count(*) AS forms FROM forms')).toEqual({ forms: 1 });
});

test('a single value needs no form', async () => {
  const store = openSqliteStore(file);
  await put(store, 1);
  await store.close();
  expect(inFile('SELECT count(*) AS forms FROM forms')).toEqual({ forms: 0 });
});

test('another process uses the form that is there, and reads it', async () => {
  const first = openSqliteStore(file);
  await put(first, 3);
  const second = openSqliteStore(file);
  await put(second, 1);
  const { entries } = await first.list({ prefix: '' });
  expect(entries.map(({ value }) => value)).toEqual(entries.map(({ key }) => spelled(key)));
  expect(entries).toHaveLength(4);
  expect(entries.at(-1)?.form?.pieces).toEqual(pieces);
  await Promise.all([first.close(), second.close()]);
  expect(inFile('SELECT count(*) AS forms FROM forms')).toEqual({ forms: 1 });
});

test('entries of one form share its pieces', async () => {
  const store = openSqliteStore(file);
  await put(store, 4);
  const { entries } = await store.list({ prefix: '' });
  expect(new Set(entries.flatMap((entry) => entry.form?.pieces ?? [])).size).toBe(2);
  expect(
    new Set(entries.flatMap((entry) => (entry.form === undefined ? [] : [entry.form.pieces]))).size,
  ).toBe(1);
  await store.close();
});

test('a form that another process has dropped is made anew', async () => {
  const store = openSqliteStore(file);
  await put(store, 3);
  const db = new Database(file);
  db.exec('DELETE FROM live; DELETE FROM log WHERE revision < 3; DELETE FROM forms');
  db.close();
  await put(store, 2);
  await store.close();
  const again = openSqliteStore(file);
  const { entries } = await again.list({ prefix: '' });
  expect(entries.map(({ value }) => value)).toEqual(entries.map(({ key }) => spelled(key)));
  expect(entries).toHaveLength(2);
  await again.close();
});

test('a form that was made by a commit that failed is not taken for one that is there', async () => {
  const limited = openSqliteStore(file, { maxPages: 20 });
  await put(limited, 1);
  await expect(
    limited.commit([create('a', form('1')), create('b', 'z'.repeat(1_000_000))]),
  ).rejects.toThrow();
  await put(limited, 2);
  const { entries } = await limited.list({ prefix: '' });
  expect(entries.every(({ key, value }) => value === spelled(key))).toBe(true);
  expect(entries).toHaveLength(3);
  await limited.close();
});
