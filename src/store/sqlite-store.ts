import type { Database, Statement } from 'better-sqlite3';
import { CommitGroup } from './commit-group.ts';
import { commitHints } from './commit-hints.ts';
import { holds, normalTerms, requireDistinctKeys, requireReachable } from './commit-rules.ts';
import { keySpan } from './key-order.ts';
import { pauseThread } from './pause-thread.ts';
import { toStoreError } from './sqlite-errors.ts';
import { Forms } from './sqlite-forms.ts';
import { openDatabase, type SqliteStoreOptions } from './sqlite-open.ts';
import * as sql from './sqlite-queries.ts';
import { inTransaction } from './sqlite-transaction.ts';
import {
  type Change,
  type CommitResult,
  type Entry,
  type KeyRange,
  type Listing,
  type ListQuery,
  type ReadsAtOnce,
  type Snapshot,
  type Store,
  StoreError,
  type Write,
} from './store.ts';

/** A row of `sql.STATE`. */
interface KeyState {
  readonly revision: number;
  readonly createRevision: number;
  /** JSON list. */
  readonly terms: string;
}

/** A row of `sql.CHANGES`. */
interface ChangeRow {
  readonly revision: number;
  readonly key: string;
  readonly value: string | null;
  readonly createRevision: number;
  readonly previousValue: string | null;
  readonly previousCreateRevision: number | null;
  readonly previousRevision: number | null;
}

/** How many revisions one step of compaction covers: some tens of milliseconds of work under the write lock. */
const COMPACTION_STEP = 10_000;
/** Pages that are kept in memory while commits are grouped, in KiB. */
const GROUP_CACHE_KIB = 48 * 1024;
/** From so many forms on, those that nothing uses are dropped when history is. */
const MANY_FORMS = 1000;
/** The write lock is free for so long between two steps: other processes look for it every few milliseconds. */
const COMPACTION_PAUSE_MS = 8;

/**
 * A store in a SQLite file, which several processes may use at once. Creates the file, and the folders above it, when
 * they are missing. Each call does its work at once, before it returns its promise; while another process writes, it
 * blocks this thread, up to `busyTimeoutMs`.
 *
 * @param file path of the file; messages show it as given
 * @throws StoreError
 */
export function openSqliteStore(file: string, options: SqliteStoreOptions = {}): Store {
  let db: Database;
  try {
    db = openDatabase(file, options);
  } catch (error) {
    throw toStoreError(file, error);
  }
  return new SqliteStore(file, db);
}

class SqliteStore implements Store {
  readonly #file: string;
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<unknown[]>>();
  readonly #hints = commitHints();
  readonly #forms: Forms;
  #group: CommitGroup | undefined;
  #readState: Statement<[string], readonly [number, number, string]> | undefined;

  constructor(file: string, db: Database) {
    this.#file = file;
    this.#db = db;
    this.#forms = new Forms({
      find: (pieces) => this.#row<{ id: number }>(sql.FORM_ID, pieces)?.id,
      add: (pieces) => Number(this.#prepare(sql.ADD_FORM).run(pieces).lastInsertRowid),
      pieces: (id) => this.#row<{ pieces: string }>(sql.FORM_PIECES, id)?.pieces,
    });
  }

  async get(key: string): Promise<Entry | null> {
    return this.atOnce.get(key);
  }

  async getMany(keys: readonly string[]): Promise<readonly (Entry | null)[]> {
    return this.#guard(() => inTransaction(this.#db, 'BEGIN', () => keys.map((key) => this.#get(key))));
  }

  async list(range: KeyRange, query: ListQuery = {}): Promise<Listing> {
    return this.atOnce.list(range, query);
  }

  readonly atOnce: ReadsAtOnce = {
    get: (key) => this.#guard(() => this.#get(key)),
    list: (range, query = {}) =>
      this.#guard(() => inTransaction(this.#db, 'BEGIN', () => this.#list(range, query))),
  };

  async count(range: KeyRange): Promise<number> {
    const { shape, bounds } = toSql(range);
    return this.#guard(() => this.#number(sql.count(shape), bounds));
  }

  async commit(writes: readonly Write[]): Promise<CommitResult> {
    requireDistinctKeys(writes);
    const result = this.#guard((): CommitResult => {
      if (writes.length === 0) return { committed: true, revisions: [] };
      return this.#group === undefined
        ? inTransaction(this.#db, 'BEGIN IMMEDIATE', () => this.#commit(writes))
        : this.#commitInGroup(this.#group, writes);
    });
    if (result.committed && writes.length > 0) this.#hints.fire();
    return result;
  }

  groupCommits(most: number): void {
    if (this.#group !== undefined) {
      this.#group.most = most;
      return;
    }
    this.#group = new CommitGroup(this.#db, most);
    // Pages that a group changes again and again should wait for its end, and not be written each time.
    this.#db.pragma(`cache_size = -${GROUP_CACHE_KIB}`);
  }

  async flush(): Promise<void> {
    this.#guard(() => this.#group?.end());
  }

  #commitInGroup(group: CommitGroup, writes: readonly Write[]): CommitResult {
    group.enter();
    try {
      const result = this.#commit(writes);
      group.leave(result.committed ? writes.length : 0);
      return result;
    } catch (error) {
      group.lose(error);
      throw error;
    }
  }

  async changes(after: number, limit = 0): Promise<readonly Change[]> {
    return this.#guard(() =>
      inTransaction(this.#db, 'BEGIN', () => {
        requireReachable(after, this.#number(sql.COMPACTED), this.#number(sql.NEWEST));
        const rows = this.#rows<ChangeRow>(sql.CHANGES, after, limit > 0 ? limit : -1);
        return rows.map((row) => this.#change(row));
      }),
    );
  }

  async revision(): Promise<number> {
    return this.#guard(() => this.#number(sql.NEWEST));
  }

  async compacted(): Promise<number> {
    return this.#guard(() => this.#number(sql.COMPACTED));
  }

  async compact(through: number): Promise<void> {
    await this.flush();
    const reached = this.#guard(() => {
      const compacted = this.#number(sql.COMPACTED);
      if (through > compacted) requireReachable(through, compacted, this.#number(sql.NEWEST));
      return compacted;
    });
    for (let from = reached; from < through; ) {
      if (from > reached) {
        pauseThread(COMPACTION_PAUSE_MS);
        await new Promise((resume) => setImmediate(resume));
      }
      from = this.#guard(() => inTransaction(this.#db, 'BEGIN IMMEDIATE', () => this.#compactOnce(through)));
    }
    if (reached < through) this.#guard(() => this.#dropUnusedForms());
  }

  async snapshot(): Promise<Snapshot> {
    return this.#guard(() =>
      inTransaction(this.#db, 'BEGIN', () => {
        const rows = this.#rows<Entry & { terms: string }>(sql.SNAPSHOT);
        return {
          revision: this.#number(sql.NEWEST),
          rows: rows.map(({ terms, ...row }) => ({ entry: this.#entry(row), terms: parseTerms(terms) })),
        };
      }),
    );
  }

  onCommit(hint: () => void): () => void {
    return this.#hints.add(hint);
  }

  async close(): Promise<void> {
    if (!this.#db.open) return;
    try {
      await this.flush();
    } finally {
      this.#guard(() => this.#db.close());
    }
  }

  /** As an array: objects with names cost more, and this is asked for every write. */
  #state(key: string): KeyState | null {
    this.#readState ??= this.#db.prepare<[string], readonly [number, number, string]>(sql.STATE).raw();
    const row = this.#readState.get(key);
    return row === undefined ? null : { revision: row[0], createRevision: row[1], terms: row[2] };
  }

  #get(key: string): Entry | null {
    const row = this.#row<Entry>(sql.GET, key);
    return row === undefined ? null : this.#entry(row);
  }

  /** The entry of a row, whose value is as it is kept. */
  #entry({ key, value, createRevision, modRevision }: Entry): Entry {
    return { key, ...this.#forms.unpack(value), createRevision, modRevision };
  }

  #change(row: ChangeRow): Change {
    const { revision, key, value, createRevision } = row;
    const { previousValue, previousCreateRevision, previousRevision } = row;
    const entry = value === null ? null : this.#entry({ key, value, createRevision, modRevision: revision });
    if (previousValue === null || previousCreateRevision === null || previousRevision === null) {
      return { revision, key, entry, previous: null };
    }
    const previous = this.#entry({
      key,
      value: previousValue,
      createRevision: previousCreateRevision,
      modRevision: previousRevision,
    });
    return { revision, key, entry, previous };
  }

  #list(range: KeyRange, { limit = 0, after, at = 0 }: ListQuery): Listing {
    const newest = this.#number(sql.NEWEST);
    if (at !== 0) requireReachable(at, this.#number(sql.COMPACTED), newest);
    const revision = at === 0 ? newest : at;
    const { shape, bounds } = toSql(range, after);
    // One more than asked for tells whether there is more.
    const values = { ...bounds, limit: limit > 0 ? limit + 1 : -1 };
    const rows =
      revision === newest
        ? this.#rows<Entry>(sql.list(shape), values)
        : this.#rows<Entry>(sql.listAt(shape), { ...values, at });
    const more = limit > 0 && rows.length > limit;
    const entries = (more ? rows.slice(0, limit) : rows).map((row) => this.#entry(row));
    return { entries, revision, more };
  }

  #commit(writes: readonly Write[]): CommitResult {
    const states = writes.map(({ key }) => this.#state(key));
    const failed = writes.flatMap((write, index) =>
      holds(write, states[index]?.revision ?? 0) ? [] : [{ index, actual: this.#get(write.key) }],
    );
    if (failed.length > 0) return { committed: false, failed };
    this.#forms.begin();
    const first = this.#number(sql.NEWEST) + 1;
    const revisions = writes.map((write, index) => {
      this.#write(write, states[index] ?? null, first + index);
      return first + index;
    });
    return { committed: true, revisions };
  }

  #write(write: Write, before: KeyState | null, revision: number): void {
    const { key } = write;
    const terms = write.op === 'put' ? textOfTerms(write.terms) : NO_TERMS;
    const value = write.op === 'put' ? this.#forms.pack(write.value) : null;
    const createRevision = before?.createRevision ?? revision;
    this.#run(sql.APPEND, revision, key, createRevision, before?.revision ?? 0, terms, value);
    if (write.op === 'delete') this.#run(sql.REMOVE_LIVE, key);
    else if (before === null) this.#run(sql.ADD_LIVE, key, revision);
    else this.#run(sql.MOVE_LIVE, revision, key);
    this.#reindex(key, before?.terms ?? NO_TERMS, terms);
  }

  /** Brings the index from the old terms to the new ones; most writes change none. Both are JSON lists. */
  #reindex(key: string, before: string, after: string): void {
    if (before === after) return;
    const old = new Set(before === NO_TERMS ? [] : parseTerms(before));
    for (const term of parseTerms(after)) {
      if (!old.delete(term)) this.#run(sql.ADD_TERM, term, key);
    }
    for (const term of old) this.#run(sql.REMOVE_TERM, term, key);
  }

  /** Compacts the next few revisions; returns how far it came. What it leaves is whole: a crash after it harms nothing. */
  #compactOnce(through: number): number {
    const from = this.#number(sql.COMPACTED);
    if (from >= through) return from;
    const step = { from, through: Math.min(through, from + COMPACTION_STEP) };
    this.#run(sql.DROP_REPLACED, step);
    this.#run(sql.DROP_DELETIONS, step);
    this.#run(sql.SET_COMPACTED, { through: step.through });
    return step.through;
  }

  /** Forms are few and small: the search for those that no value uses any more pays when there are very many. */
  #dropUnusedForms(): void {
    if (this.#number(sql.FORM_COUNT) <= MANY_FORMS) return;
    inTransaction(this.#db, 'BEGIN IMMEDIATE', () => this.#run(sql.DROP_UNUSED_FORMS));
  }

  /** Runs `body` on an open store and turns failures into StoreErrors. */
  #guard<T>(body: () => T): T {
    if (!this.#db.open) throw new StoreError('closed', `${this.#file} was closed`);
    try {
      return body();
    } catch (error) {
      throw toStoreError(this.#file, error);
    }
  }

  #prepare(text: string): Statement<unknown[]> {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  #run(text: string, ...values: unknown[]): void {
    this.#prepare(text).run(...values);
  }

  /** The caller names the columns' types; the texts in `sqlite-queries.ts` are made to fit. */
  #row<Row>(text: string, ...values: unknown[]): Row | undefined {
    return this.#prepare(text).get(...values) as Row | undefined;
  }

  #rows<Row>(text: string, ...values: unknown[]): Row[] {
    return this.#prepare(text).all(...values) as Row[];
  }

  /** The one number that a query answers with; NULL is 0. */
  #number(text: string, ...values: unknown[]): number {
    const row = this.#row<Record<string, unknown>>(text, ...values);
    return row === undefined ? 0 : Number(Object.values(row)[0]);
  }
}

/** A range as the queries want it. */
function toSql(
  range: KeyRange,
  after?: string,
): { readonly shape: sql.RangeShape; readonly bounds: Readonly<Record<string, string>> } {
  const { from, inclusive, end } = keySpan(range.prefix, after);
  const byTerm = range.term !== undefined;
  const bounds = {
    from,
    ...(end !== null && { end }),
    ...(range.term !== undefined && { term: range.term }),
  };
  return { shape: { inclusive, bounded: end !== null, byTerm }, bounds };
}

const NO_TERMS = '[]';

/** Whoever leaves the terms of a key as they are gives the same list again. */
const termTexts = new WeakMap<readonly string[], string>();

function textOfTerms(terms: readonly string[]): string {
  let text = termTexts.get(terms);
  if (text === undefined) {
    text = JSON.stringify(normalTerms(terms));
    termTexts.set(terms, text);
  }
  return text;
}

/** `terms` was written by `#write`. */
function parseTerms(terms: string): readonly string[] {
  return JSON.parse(terms) as readonly string[];
}
