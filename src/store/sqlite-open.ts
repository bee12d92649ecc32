import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { prepareSchema } from './sqlite-schema.ts';
import { StoreError } from './store.ts';

/** How to open a store file. */
export interface SqliteStoreOptions {
  /** How long a call waits for another process's write before it fails with `locked`. Default 10 seconds. */
  readonly busyTimeoutMs?: number;
  /** Upper bound of the file's size in pages of 16 KiB: lets tests meet a full disk. */
  readonly maxPages?: number;
}

/**
 * Opens a store file, which is created with its folders when it is missing, and makes sure that it is ours.
 *
 * `synchronous = FULL`: each commit waits until the disk has it, since a commit that was acknowledged must outlive a
 * power cut; the next best setting (NORMAL) may lose the last commits and is only some 100 µs a commit faster.
 *
 * A file that may be read but not written opens too; its writes fail with `readonly`.
 *
 * @param file the path as the user gave it; shown in messages
 * @throws StoreError; SqliteError and errors of the file system, for `toStoreError`
 */
export function openDatabase(file: string, options: SqliteStoreOptions = {}): Database.Database {
  const path = resolve(file);
  const busyTimeoutMs = options.busyTimeoutMs ?? 10_000;
  makeRoom(path, file);
  const db = new Database(path, { timeout: busyTimeoutMs });
  try {
    return prepared(db, file, busyTimeoutMs, options.maxPages);
  } catch (error) {
    if (!cannotShareMemory(error)) throw error;
    return prepared(openImage(path, file), file, busyTimeoutMs, undefined);
  }
}

/** Makes the folders above a new file. */
function makeRoom(path: string, file: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) makeFolders(dirname(path));
  // SQLite takes a file of one byte for an empty one, and would overwrite it.
  if (found?.size === 1) throw new StoreError('foreign', `${file} is not a kdaemon store: it is no database`);
}

/**
 * Makes a folder and those above it. Not Node's recursive way: it never ends where a parent exists in which nothing can
 * be made, as under /proc.
 */
function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  if (dirname(folder) !== folder) makeFolders(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it in between.
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) throw error;
  }
}

function prepared(
  db: Database.Database,
  file: string,
  busyTimeoutMs: number,
  maxPages: number | undefined,
): Database.Database {
  try {
    prepareSchema(db, file, busyTimeoutMs);
    db.pragma('synchronous = FULL');
    if (maxPages !== undefined) db.pragma(`max_page_count = ${maxPages}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Whether SQLite failed because it could not put its `-shm` file beside the store: the folder is read-only. */
function cannotShareMemory(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  return error.code === 'SQLITE_READONLY_DIRECTORY' || error.code === 'SQLITE_CANTOPEN';
}

/**
 * The way into a file whose folder is read-only: a copy of it in memory, that nobody can write. It stays as it was when
 * it was opened. Only for a file whose last user has left it in order, because its write-ahead log cannot be replayed.
 */
function openImage(path: string, file: string): Database.Database {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    const advice = 'open it once where its folder can be written';
    throw new StoreError('unreadable', `${file} cannot be opened: its last writes are unfinished; ${advice}`);
  }
  const image = readFileSync(path);
  // Bytes 18 and 19 of the header ask for a write-ahead log (2), which a database in memory cannot have.
  if (image.length >= 100) image.fill(1, 18, 20);
  return new Database(image, { readonly: true });
}
