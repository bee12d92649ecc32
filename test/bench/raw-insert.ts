import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';

/** A row of a store's log, with its text in full. */
interface Row {
  readonly key: string;
  readonly value: string;
  readonly terms: readonly string[];
}

/** Keys of pods in the store. */
const PODS = 'core/pods/';

/** Rows in one transaction: as many pods as a DaemonSet of the bench has. */
const BATCH = 5000;

/**
 * What the pods of a reconciled store cost when nothing but SQLite is at work: their rows, ready made, go into an empty
 * file by prepared inserts, with the store's pragmas and the three tables that a store without further ado would have
 * (log, live keys, index terms). `versions` is how often each row is written: 1 is the final state alone, 3 is what an
 * API server writes of a pod (created, bound, running), each in full and with the index kept up to date.
 */
export async function rawInsertMs(reconciled: string, file: string, versions: 1 | 3): Promise<number> {
  const rows = await podRows(reconciled);
  const db = new Database(file);
  try {
    db.pragma('page_size = 16384');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec(SCHEMA);
    const append = db.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)');
    const addLive = db.prepare('INSERT INTO live VALUES (?, ?)');
    const moveLive = db.prepare('UPDATE live SET revision = ? WHERE key = ?');
    const addTerm = db.prepare('INSERT INTO terms VALUES (?, ?)');
    let revision = 0;
    const begun = performance.now();
    for (let version = 1; version <= versions; version += 1) {
      for (let from = 0; from < rows.length; from += BATCH) {
        db.exec('BEGIN IMMEDIATE');
        for (const { key, value, terms } of rows.slice(from, from + BATCH)) {
          revision += 1;
          append.run(revision, key, revision, 0, JSON.stringify(terms), value);
          if (version > 1) moveLive.run(revision, key);
          else {
            addLive.run(key, revision);
            for (const term of terms) addTerm.run(term, key);
          }
        }
        db.exec('COMMIT');
      }
    }
    return performance.now() - begun;
  } finally {
    db.close();
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  }
}

const SCHEMA = `
  CREATE TABLE log (
    revision INTEGER PRIMARY KEY, key TEXT NOT NULL, create_revision INTEGER NOT NULL, prev_revision INTEGER NOT NULL,
    terms TEXT NOT NULL, value TEXT
  ) STRICT;
  CREATE TABLE live (key TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE terms (term TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (term, key)) STRICT, WITHOUT ROWID;`;

async function podRows(file: string): Promise<readonly Row[]> {
  const store = openSqliteStore(file);
  const { rows } = await store.snapshot();
  await store.close();
  return rows
    .filter(({ entry }) => entry.key.startsWith(PODS))
    .sort((a, b) => a.entry.modRevision - b.entry.modRevision)
    .map(({ entry, terms }) => ({ key: entry.key, value: entry.value, terms }));
}
