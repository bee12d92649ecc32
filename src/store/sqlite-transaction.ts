import type { Database } from 'better-sqlite3';

/**
 * Runs `body` in one transaction: readers (`BEGIN`) see one revision, writers (`BEGIN IMMEDIATE`) are alone. Inside of
 * an open transaction it is a part of that one, which is undone by itself when `body` throws.
 */
export function inTransaction<T>(db: Database, begin: 'BEGIN' | 'BEGIN IMMEDIATE', body: () => T): T {
  if (db.inTransaction) return begin === 'BEGIN' ? body() : inSavepoint(db, body);
  db.exec(begin);
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
