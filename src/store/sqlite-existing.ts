import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { openDatabase } from './sqlite-open.ts';
import { prepareSchema } from './sqlite-schema.ts';
import { StoreError } from './store.ts';

/** How long a call waits for another process, in milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a store file that is there already, to look at it. Where a write-ahead log lies beside it, it stays there: a
 * connection that may write would move it into the store when it closes, and with it whatever is wrong with it.
 *
 * @param file the path as the user gave it; shown in messages
 * @throws StoreError; SqliteError and errors of the file system, for `toStoreError`
 */
export function openExisting(file: string): Database.Database {
  const path = resolve(file);
  const sizeOf = (name: string): number | undefined => statSync(name, { throwIfNoEntry: false })?.size;
  const size = sizeOf(path);
  if (size === undefined) throw new StoreError('unreadable', `${file} does not exist`);
  const logged = sizeOf(`${path}-wal`) ?? 0;
  if (size === 0 && logged === 0)
    throw new StoreError('foreign', `${file} is not a kdaemon store: it is empty`);
  // Without a log, a connection that may write leaves no files behind, and one that may not would.
  if (logged === 0) return openDatabase(file, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  const db = new Database(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    prepareSchema(db, file, BUSY_TIMEOUT_MS);
    return db;
  } catch (error) {
    db.close();
    // An older format has to be brought forward before anything can be read.
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_READONLY') {
      return openDatabase(file, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    }
    throw error;
  }
}
