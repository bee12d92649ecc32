import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beginWriting } from '../../../src/store/sqlite-transaction.ts';

let folder: string;
let holder: Database.Database;
let waiter: Database.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kdaemon-transaction-'));
  const file = join(folder, 'store.db');
  holder = new Database(file);
  holder.pragma('journal_mode = WAL');
  waiter = new Database(file, { timeout: 35 });
});
afterEach(() => {
  waiter.close();
  holder.close();
  rmSync(folder, { recursive: true });
});

const timeout = (): unknown => waiter.pragma('busy_timeout', { simple: true });

test('a writer waits no longer than its connection does, and leaves its patience as it was', () => {
  holder.exec('BEGIN IMMEDIATE');
  expect(() => beginWriting(waiter)).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
  expect(waiter.inTransaction).toBe(false);
  expect(timeout()).toBe(35);
});

test('a writer that finds the lock free has it', () => {
  beginWriting(waiter);
  expect(waiter.inTransaction).toBe(true);
  expect(timeout()).toBe(35);
  holder.pragma('busy_timeout = 0');
  expect(() => holder.exec('BEGIN IMMEDIATE')).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
});
