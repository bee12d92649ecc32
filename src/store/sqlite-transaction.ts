import type { Database } from 'better-sqlite3';

/** Runs `body` in one transaction: readers (`BEGIN`) see one revision, writers (`BEGIN IMMEDIATE`) are alone. */
export function inTransaction<T>(db: Database, begin: 'BEGIN' | 'BEGIN IMMEDIATE', body: () => T): T {
  db.exec(begin);
  try {
    const result = body();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // After some failures SQLite has rolled back by itself; a rollback that fails too is not the news.
    try {
      if (db.inTransaction) db.exec('ROLLBACK');
    } catch {}
    throw error;
  }
}
