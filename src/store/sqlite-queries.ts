/**
 * The texts of the store's SQL. They are functions of the shape of a question, not of its values, so that each text is
 * prepared once; `test/unit/store/sqlite-queries.test.ts` holds every one of them to its indexes.
 */

/** The shape of a range: which of its bounds there are. */
export interface RangeShape {
  /** Whether `:from` itself belongs to the range. */
  readonly inclusive: boolean;
  /** Whether the range ends before `:end`. */
  readonly bounded: boolean;
  /** Whether only keys with `:term` belong to it. */
  readonly byTerm: boolean;
}

/** An entry's columns, from rows `log` of live keys. */
const ENTRY = `log.key, log.value, log.create_revision AS createRevision, log.revision AS modRevision`;

export const GET = `SELECT ${ENTRY} FROM live JOIN log ON log.revision = live.revision WHERE live.key = ?`;

/** What a writer must know of a key before it writes: all but the value. */
export const STATE = `
  SELECT log.revision, log.create_revision AS createRevision, log.terms
  FROM live JOIN log ON log.revision = live.revision WHERE live.key = ?`;

/** Forms by their pieces, and the way back. */
export const FORM_ID = `SELECT id FROM forms WHERE pieces = ?`;
export const FORM_PIECES = `SELECT pieces FROM forms WHERE id = ?`;
export const ADD_FORM = `INSERT INTO forms (pieces) VALUES (?)`;
export const FORM_COUNT = `SELECT count(*) FROM forms`;

/** Forms that no value in the log is packed with. Reads the whole log. */
export const DROP_UNUSED_FORMS = `
  DELETE FROM forms WHERE id NOT IN (
    SELECT CAST(substr(value, 2, 16) AS INTEGER) FROM log WHERE substr(value, 1, 1) = char(1))`;

/** NULL in a new store. */
export const NEWEST = `SELECT max(revision) FROM log`;

export const COMPACTED = `SELECT through FROM compaction`;

export const REMOVE_LIVE = `DELETE FROM live WHERE key = ?`;
export const REMOVE_TERM = `DELETE FROM terms WHERE term = ? AND key = ?`;

/** Adds so many rows to the log. */
export const append = (rows: number): string =>
  `INSERT INTO log (revision, key, create_revision, prev_revision, terms, value) VALUES ${tuples(rows, LOG_COLUMNS)}`;
export const LOG_COLUMNS = 6;
/** Gives so many keys their revisions, whether they were live or not. */
export const setLive = (rows: number): string => `
  INSERT INTO live (key, revision) VALUES ${tuples(rows, 2)}
  ON CONFLICT (key) DO UPDATE SET revision = excluded.revision`;
/** Adds so many pairs of a term and a key. */
export const addTerms = (rows: number): string => `INSERT INTO terms (term, key) VALUES ${tuples(rows, 2)}`;

/** Revisions of which some were left out: the first and the last of them, and how many the log has. */
export const ADD_GAPS = `INSERT INTO gaps (first, last, kept) VALUES (?, ?, ?)`;
/** The revisions with gaps in which a revision lies, unless it is their last one: that state is whole. */
export const GAPS_AT = `
  SELECT first, last FROM gaps WHERE first = (SELECT max(first) FROM gaps WHERE first <= :at) AND last > :at`;

/** Live entries of a range in order. `:limit` -1 is all. CROSS JOIN keeps SQLite to the order that is written here. */
export function list(shape: RangeShape): string {
  const keys = shape.byTerm
    ? `FROM terms AS k CROSS JOIN live ON live.key = k.key CROSS JOIN log ON log.revision = live.revision`
    : `FROM live AS k CROSS JOIN log ON log.revision = k.revision`;
  return `SELECT ${ENTRY} ${keys} WHERE ${inRange('k', shape)} ORDER BY k.key LIMIT :limit`;
}

/**
 * The entries of a range as they were at revision `:at`. `changed` are the keys written since, each with the revision
 * that it had then (0: absent): SQLite takes `prev_revision` from the row that has the minimum. The rest are as now.
 */
export function listAt(shape: RangeShape): string {
  const keysOnly = { ...shape, byTerm: false };
  const unchanged = shape.byTerm
    ? `SELECT k.key, live.revision FROM terms AS k CROSS JOIN live ON live.key = k.key`
    : `SELECT k.key, k.revision FROM live AS k`;
  const hadTerm = shape.byTerm
    ? `AND EXISTS (SELECT 1 FROM log, json_each(log.terms) AS t WHERE log.revision = c.revision AND t.value = :term)`
    : '';
  return `
    WITH changed AS MATERIALIZED (
      SELECT k.key, min(k.revision), k.prev_revision AS revision
      FROM log AS k WHERE k.revision > :at AND ${inRange('k', keysOnly)} GROUP BY k.key
    ), state AS (
      ${unchanged} WHERE ${inRange('k', shape)} AND k.key NOT IN (SELECT key FROM changed)
      UNION ALL
      SELECT c.key, c.revision FROM changed AS c WHERE c.revision > 0 ${hadTerm}
      ORDER BY 1 LIMIT :limit
    )
    SELECT ${ENTRY} FROM state CROSS JOIN log ON log.revision = state.revision ORDER BY state.key`;
}

export function count(shape: RangeShape): string {
  return `SELECT count(*) FROM ${shape.byTerm ? 'terms' : 'live'} AS k WHERE ${inRange('k', shape)}`;
}

/** Writes after a revision, each with the state that it replaced. Parameters: the revision, the limit. */
export const CHANGES = `
  SELECT log.revision, log.key, log.value, log.create_revision AS createRevision,
    prev.value AS previousValue, prev.create_revision AS previousCreateRevision, prev.revision AS previousRevision
  FROM log LEFT JOIN log AS prev ON prev.revision = log.prev_revision
  WHERE log.revision > ? ORDER BY log.revision LIMIT ?`;

/** Everything live, with its terms. */
export const SNAPSHOT = `
  SELECT ${ENTRY}, log.terms FROM live CROSS JOIN log ON log.revision = live.revision ORDER BY live.key`;

/** One step of compaction, from `:from` (compacted before) through `:through`: the states that were replaced … */
export const DROP_REPLACED = `
  DELETE FROM log WHERE revision IN (
    SELECT prev_revision FROM log WHERE revision > :from AND revision <= :through AND prev_revision > 0)`;
/** … and the deletions, of which the newest write must stay: it carries the store's revision until the next one. */
export const DROP_DELETIONS = `
  DELETE FROM log WHERE revision >= :from AND revision <= :through AND value IS NULL
    AND revision < (SELECT max(revision) FROM log)`;
export const DROP_GAPS = `DELETE FROM gaps WHERE first <= :through`;
export const SET_COMPACTED = `UPDATE compaction SET through = :through`;

function tuples(rows: number, columns: number): string {
  const tuple = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  return Array.from({ length: rows }, () => tuple).join(', ');
}

function inRange(table: string, { inclusive, bounded, byTerm }: RangeShape): string {
  const conditions = [`${table}.key ${inclusive ? '>=' : '>'} :from`];
  if (bounded) conditions.push(`${table}.key < :end`);
  if (byTerm) conditions.push(`${table}.term = :term`);
  return conditions.join(' AND ');
}
