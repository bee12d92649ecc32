import type { Database } from 'better-sqlite3';
import { isBusy } from './sqlite-errors.ts';

/** How long SQLite itself waits for the write lock at a time, in milliseconds; it looks after 1, 3, 8 and all of them. */
const WAIT_MS = 10;

/**
 * Runs `body` in one transaction: readers (`BEGIN`) see one revision, writers (`BEGIN IMMEDIATE`) are alone. Inside of
 * an open transaction it is a part of that one, which is undone by itself when `body` throws.
 */
export function inTransaction<T>(db: Database, begin: 'BEGIN' | 'BEGIN IMMEDIATE', body: () => T): T {
  if (db.inTransaction) return begin === 'BEGIN' ? body() : inSavepoint(db, body);
  if (begin === 'BEGIN') db.exec(begin);
  else beginWriting(db);
  try {
    const result = body();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function inSavepoint<T>(db: Database, body: () => T): T {
  db.exec('SAVEPOINT part');
  try {
    const result = body();
    db.exec('RELEASE part');
    return result;
  } catch (error) {
    try {
      if (db.inTransaction) db.exec('ROLLBACK TO part; RELEASE part');
    } catch {}
    throw error;
  }
}

/** After some failures SQLite has rolled back by itself; a rollback that fails too is not the news. */
export function rollBack(db: Database): void {
  try {
    if (db.inTransaction) db.exec('ROLLBACK');
  } catch {}
}

/**
 * Opens a transaction that writes, and waits for another process's as long as the connection's busy timeout says.
 *
 * SQLite looks for the lock ever more rarely, at last every 100 ms: a process that commits one group after the other
 * leaves gaps of some milliseconds, which such a waiter would miss for seconds. So it is asked anew every few
 * milliseconds.
 */
export function beginWriting(db: Database): void {
  const patienceMs = Number(db.pragma('busy_timeout', { simple: true }));
  const begun = performance.now();
  db.pragma(`busy_timeout = ${Math.min(WAIT_MS, patienceMs)}`);
  try {
    for (;;) {
      try {
        db.exec('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() - begun >= patienceMs) throw error;
      }
    }
  } finally {
    db.pragma(`busy_timeout = ${patienceMs}`);
  }
}
