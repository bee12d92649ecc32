import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkDatabase, type DatabaseCheck } from './check-database.ts';
import { toStoreError } from './sqlite-errors.ts';
import { openExisting } from './sqlite-existing.ts';
import { StoreError } from './store.ts';

/** How a copy is made. */
export interface BackupOptions {
  /** Whether an existing file may be replaced. */
  readonly replace?: boolean;
  /** Told after each part: bytes that are copied, and bytes of the whole. */
  readonly onProgress?: (copied: number, whole: number) => void;
}

/** Pages of one part: 16 MiB, some milliseconds of work. */
const PAGES_AT_ONCE = 1024;

/**
 * Copies a store, as it is at one revision, to another file, while others read and write it. The copy is checked and on
 * the disk before it gets its name: the name stands for a whole copy or for what was there before.
 *
 * @param file the store, as the user gave it
 * @param target the copy, as the user gave it
 * @throws StoreError: of the store; of the target, when it is there already, or when the copy is not in order
 */
export async function backupStore(
  file: string,
  target: string,
  { replace = false, onProgress }: BackupOptions = {},
): Promise<DatabaseCheck> {
  requireFree(file, target, replace);
  const path = resolve(target);
  const partial = `${path}.partial-${process.pid}`;
  try {
    await copy(file, partial, target, onProgress);
    const check = checked(partial, target);
    keepOnDisk(partial);
    renameSync(partial, path);
    keepOnDisk(dirname(path));
    return check;
  } catch (error) {
    throw toStoreError(target, error);
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${partial}${suffix}`, { force: true });
  }
}

/** Throws when the target must not be written. */
function requireFree(file: string, target: string, replace: boolean): void {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found !== undefined) {
    const source = statSync(file, { throwIfNoEntry: false });
    if (found.isDirectory())
      throw new StoreError('unreadable', `${target} cannot be written: it is a folder`);
    if (source !== undefined && source.ino === found.ino && source.dev === found.dev)
      throw new StoreError('unreadable', `${target} is the store itself`);
    if (!replace) throw new StoreError('unreadable', `${target} exists already`);
  }
  // SQLite would take such a log for a part of the copy.
  if (existsSync(`${target}-wal`)) {
    throw new StoreError(
      'unreadable',
      `${target} cannot be written: ${target}-wal lies beside it, so that a store of this name is or was in use`,
    );
  }
}

/** The pages as one transaction of reading sees them. */
async function copy(
  file: string,
  partial: string,
  target: string,
  onProgress: BackupOptions['onProgress'],
): Promise<void> {
  const db = opened(file);
  try {
    const pageSize = Number(db.pragma('page_size', { simple: true }));
    await db.backup(partial, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress?.((totalPages - remainingPages) * pageSize, totalPages * pageSize);
        return PAGES_AT_ONCE;
      },
    });
    db.exec('COMMIT');
  } catch (error) {
    // better-sqlite3 words this one by itself.
    if (error instanceof TypeError)
      throw new StoreError('readonly', `${target} cannot be created: there is no such folder`, {
        cause: error,
      });
    throw error;
  } finally {
    db.close();
  }
}

/** The store, in a transaction: without one, the copy would begin anew with each write of another process. */
function opened(file: string): ReturnType<typeof openExisting> {
  try {
    const db = openExisting(file);
    try {
      db.exec('BEGIN');
      db.prepare('SELECT through FROM compaction').get();
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw toStoreError(file, error);
  }
}

/** Looks at a copy. Throws StoreError when it is not in order: then neither is the store. */
function checked(partial: string, target: string): DatabaseCheck {
  const refuse = (why: string, cause?: unknown): never => {
    throw new StoreError('corrupt', `${target} was not written: the store is damaged: ${why}`, { cause });
  };
  let check: DatabaseCheck;
  try {
    check = checkCopy(partial);
  } catch (error) {
    const failure = toStoreError(target, error);
    const damaged = failure instanceof StoreError && ['corrupt', 'foreign'].includes(failure.code);
    if (!damaged || !(error instanceof Error)) throw error;
    return refuse(error.message, error);
  }
  const [finding, ...more] = check.findings;
  if (finding !== undefined) refuse(more.length === 0 ? finding : `${finding}, and ${more.length} more`);
  return check;
}

function checkCopy(partial: string): DatabaseCheck {
  const db = openExisting(partial);
  try {
    // The image of a store in a read-only folder has lost its mode.
    db.pragma('journal_mode = WAL');
    return checkDatabase(db);
  } finally {
    db.close();
  }
}

/** Waits until the disk has a file, or the names in a folder. */
function keepOnDisk(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
