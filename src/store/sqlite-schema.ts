import type { Database } from 'better-sqlite3';
import { pauseThread } from './pause-thread.ts';
import { isBusy } from './sqlite-errors.ts';
import { inTransaction } from './sqlite-transaction.ts';
import { StoreError } from './store.ts';

/** Marks a SQLite file as ours, in the place of its header that SQLite leaves for that: 'kdmn' in ASCII. */
export const APPLICATION_ID = 0x6b646d6e;

/**
 * Forward steps of the file format: step `i` takes a file from `user_version` i to i + 1. A step that was released is
 * never changed; a new format is a new step at the end.
 *
 * 1. `log` is the truth, one row a write. Its highest revision is the store's: SQLite gives the next row id to the next
 *    revision, a rollback burns none, and compaction leaves the newest row alone. `value` NULL is a deletion,
 *    `prev_revision` 0 means that the key was absent, `terms` is a JSON list. `value` comes last, so that the other
 *    columns are read without it.
 *    `live` and `terms` are indexes of what is live now. They hold no values: those are in the log.
 *    `compaction` is one row, written by compaction alone, so that an ordinary commit touches no page for it.
 * 2. A `value` may be packed (see `form-text.ts`): the id of a row of `forms`, and what fills the gaps of that form.
 * 3. `gaps` tells where the log has not every revision (see `Store.groupCommits`): of those from `first` to `last` it has
 *    `kept`, among them the last one. The spans lie apart, and behind what is compacted.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE log (
    revision INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    create_revision INTEGER NOT NULL,
    prev_revision INTEGER NOT NULL,
    terms TEXT NOT NULL,
    value TEXT
  ) STRICT;
  CREATE TABLE live (key TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE terms (term TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (term, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE compaction (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), through INTEGER NOT NULL) STRICT;
  INSERT INTO compaction VALUES (1, 0);
  `,
  `
  CREATE TABLE forms (id INTEGER PRIMARY KEY AUTOINCREMENT, pieces TEXT NOT NULL UNIQUE) STRICT;
  `,
  `
  CREATE TABLE gaps (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, kept INTEGER NOT NULL) STRICT;
  `,
];

/** The newest file format that this code reads and writes. */
export const FORMAT = MIGRATIONS.length;

/**
 * Makes sure that the open file is a store of ours in our format. A new (empty) file becomes one, an older format is
 * brought forward; a file that is somebody else's, or newer than us, is left as it is. Processes that do this at once
 * take turns.
 *
 * @param file the path to show in messages
 * @throws StoreError `foreign` or `newer`; SqliteError
 */
export function prepareSchema(db: Database, file: string, busyTimeoutMs: number): void {
  if (pragmaNumber(db, 'user_version') === FORMAT && pragmaNumber(db, 'application_id') === APPLICATION_ID)
    return;
  const format = inTransaction(db, 'BEGIN', () => formatOf(db, file));
  if (format === 0) switchToWal(db, busyTimeoutMs);
  inTransaction(db, 'BEGIN IMMEDIATE', () => {
    // Somebody else may have done it meanwhile.
    for (const step of MIGRATIONS.slice(formatOf(db, file))) db.exec(step);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${FORMAT}`);
  });
}

/** The file's format; 0 is an empty file. Reads more than once, so call it in a transaction. */
function formatOf(db: Database, file: string): number {
  const format = pragmaNumber(db, 'user_version');
  const owner = pragmaNumber(db, 'application_id');
  if (owner === 0 && format === 0 && isEmpty(db)) return 0;
  if (owner !== APPLICATION_ID) {
    throw new StoreError('foreign', `${file} is a database, but not a kdaemon store`);
  }
  if (format > FORMAT) {
    const ours = `(format ${format}; this one reads up to ${FORMAT})`;
    throw new StoreError('newer', `${file} was written by a newer version of kdaemon ${ours}`);
  }
  return format;
}

function isEmpty(db: Database): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

/**
 * Gives an empty file its page size and turns it to write-ahead logging. Rows are about 2 kB: measured, pages of 16 KiB
 * hold them in the least space and write them fastest. SQLite waits for no lock when it changes the journal mode, so
 * that processes which create the file at once have to try again.
 */
function switchToWal(db: Database, busyTimeoutMs: number): void {
  const pauseMs = 5;
  db.pragma('page_size = 16384');
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || waitedMs >= busyTimeoutMs) throw error;
      pauseThread(pauseMs);
    }
  }
}

function pragmaNumber(db: Database, name: string): number {
  return Number(db.pragma(name, { simple: true }));
}
