import Database from 'better-sqlite3';

/** What there is in a store file, and what is wrong with it. */
export interface DatabaseCheck {
  readonly revision: number;
  /** How far history was compacted away. */
  readonly compacted: number;
  /** Live keys. */
  readonly keys: number;
  /** Writes that the log still holds. */
  readonly writes: number;
  /** One line for people each; none when all is in order. */
  readonly findings: readonly string[];
}

/** How many findings of one sort are told. */
const TOLD = 20;

/**
 * Holds an open store file to what must be true of it, at one revision and without writing: SQLite's own structures,
 * the log without gaps but those that are noted and with every write's predecessor, and the indexes of what is live. Others may write meanwhile.
 * Where the pages are damaged nothing more is looked at, and the counts are 0.
 *
 * @throws SqliteError, but not for what is damaged
 */
export function checkDatabase(db: Database.Database): DatabaseCheck {
  const nothing = { revision: 0, compacted: 0, keys: 0, writes: 0 };
  db.exec('BEGIN');
  try {
    const pages = pageFindings(db);
    if (pages.length > 0) return { ...nothing, findings: pages };
    const number = (sql: string): number => Number(db.prepare(sql).pluck().get() ?? 0);
    const compacted = number('SELECT through FROM compaction');
    return {
      revision: number('SELECT max(revision) FROM log'),
      compacted,
      keys: number('SELECT count(*) FROM live'),
      writes: number('SELECT count(*) FROM log'),
      findings: CHECKS.flatMap(({ sql, tell }) => {
        const rows = db
          .prepare<unknown[], Row>(`${sql} LIMIT ${TOLD + 1}`)
          .all({ through: compacted })
          .map(tell);
        return rows.length > TOLD ? [...rows.slice(0, TOLD), '… and more of this sort'] : rows;
      }),
    };
  } catch (error) {
    if (isDamage(error)) return { ...nothing, findings: [`tables: ${error.message}`] };
    throw error;
  } finally {
    if (db.inTransaction) db.exec('COMMIT');
  }
}

function pageFindings(db: Database.Database): readonly string[] {
  try {
    const rows = db.prepare<unknown[], string>(`PRAGMA integrity_check(${TOLD})`).pluck().all();
    return rows[0] === 'ok' ? [] : rows.flatMap((row) => row.split('\n')).map((line) => `pages: ${line}`);
  } catch (error) {
    if (isDamage(error)) return [`pages: ${error.message}`];
    throw error;
  }
}

/** Whether SQLite fails because of what the file holds: damaged pages, or tables that are not what they should be. */
function isDamage(error: unknown): error is Error {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(error.code);
}

/** A row of a check's query: what its text needs. */
type Row = Readonly<Record<string, string | number | null>>;

/** A query for rows that should not be (with `:through`, the compacted revision), and how to tell of one. */
interface Check {
  readonly sql: string;
  readonly tell: (row: Row) => string;
}

const quoted = (text: unknown): string => JSON.stringify(text);

/** Each write with the one before it of its key, as far as the log has it. */
const CHAIN = `
  SELECT revision, key, prev_revision, create_revision,
    coalesce(lag(CASE WHEN value IS NULL THEN 0 ELSE revision END) OVER of_key, 0) AS before,
    lag(create_revision) OVER of_key AS before_created
  FROM log WINDOW of_key AS (PARTITION BY key ORDER BY revision)`;

/** The newest write of each key: SQLite takes the other columns from the row that has the maximum. */
const LATEST = `SELECT key, max(revision) AS revision, value IS NULL AS deleted FROM log GROUP BY key`;

/** The terms that the log gives to what is live. */
const EXPECTED_TERMS = `
  SELECT t.value AS term, live.key FROM live JOIN log ON log.revision = live.revision, json_each(log.terms) AS t`;

const CHECKS: readonly Check[] = [
  {
    sql: `SELECT through, coalesce((SELECT max(revision) FROM log), 0) AS newest FROM compaction WHERE through > newest`,
    tell: (row) => `log: compacted through revision ${row.through}, but the newest one is ${row.newest}`,
  },
  {
    sql: `SELECT before + 1 AS first, revision - 1 AS last FROM
        (SELECT revision, lag(revision, 1, :through) OVER (ORDER BY revision) AS before
          FROM log WHERE revision > :through)
      WHERE revision > before + 1 AND NOT EXISTS (
        SELECT 1 FROM gaps WHERE gaps.first <= before + 1 AND gaps.last >= revision)`,
    tell: ({ first, last }) =>
      first === last ? `log: revision ${first} is missing` : `log: revisions ${first} to ${last} are missing`,
  },
  {
    sql: `SELECT first, last, kept, (SELECT count(*) FROM log WHERE revision BETWEEN first AND last) AS found
      FROM gaps WHERE first > :through AND found <> kept`,
    tell: ({ first, last, kept, found }) =>
      `log: of revisions ${first} to ${last} it should have ${kept}, but has ${found}`,
  },
  {
    sql: `SELECT first, last FROM gaps WHERE first <= :through AND last > :through`,
    tell: ({ first, last }) =>
      `log: it is compacted within revisions ${first} to ${last}, of which some were left out`,
  },
  {
    sql: `SELECT * FROM (${CHAIN}) WHERE revision > :through AND prev_revision <> before`,
    tell: (row) =>
      `log: revision ${row.revision} of ${quoted(row.key)} follows revision ${row.prev_revision}, but the log has ${row.before}`,
  },
  {
    sql: `SELECT * FROM (${CHAIN}) WHERE revision > :through
      AND create_revision <> CASE WHEN before = 0 THEN revision ELSE before_created END
      AND NOT (before = 0 AND create_revision < revision AND EXISTS (
        SELECT 1 FROM gaps WHERE first <= create_revision AND last >= revision))`,
    tell: (row) =>
      `log: revision ${row.revision} of ${quoted(row.key)} says that it was created at ${row.create_revision}`,
  },
  {
    sql: `SELECT revision, key FROM log
      WHERE CASE WHEN json_valid(terms) THEN json_type(terms) <> 'array' ELSE true END`,
    tell: (row) => `log: the terms of revision ${row.revision} of ${quoted(row.key)} are no list`,
  },
  {
    sql: `SELECT revision, key, CAST(substr(value, 2, 16) AS INTEGER) AS form FROM log
      WHERE substr(value, 1, 1) = char(1) AND form > 0 AND form NOT IN (SELECT id FROM forms)`,
    tell: (row) =>
      `log: the value of revision ${row.revision} of ${quoted(row.key)} lacks its form ${row.form}`,
  },
  {
    sql: `SELECT key, latest.revision, live.revision AS indexed FROM (${LATEST}) AS latest LEFT JOIN live USING (key)
      WHERE NOT deleted AND live.revision IS NOT latest.revision`,
    tell: (row) =>
      `live: ${quoted(row.key)} is at ${row.indexed === null ? 'no revision' : `revision ${row.indexed}`}, but was written at ${row.revision}`,
  },
  {
    sql: `SELECT key, live.revision, deleted FROM live LEFT JOIN (${LATEST}) AS latest USING (key)
      WHERE deleted IS NOT 0`,
    tell: (row) =>
      `live: ${quoted(row.key)} is at revision ${row.revision}, but ${row.deleted === null ? 'the log does not know it' : 'was deleted'}`,
  },
  {
    sql: `SELECT * FROM (${EXPECTED_TERMS} WHERE json_valid(log.terms) EXCEPT SELECT term, key FROM terms)`,
    tell: (row) => `terms: ${quoted(row.term)} of ${quoted(row.key)} is missing`,
  },
  {
    sql: `SELECT * FROM (SELECT term, key FROM terms EXCEPT ${EXPECTED_TERMS} WHERE json_valid(log.terms))`,
    tell: (row) => `terms: ${quoted(row.term)} of ${quoted(row.key)} is left over`,
  },
];
