import type { Database } from 'better-sqlite3';
import { CommitGroup } from './commit-group.ts';
import { commitHints } from './commit-hints.ts';
import { requireDistinctKeys, requireReachable } from './commit-rules.ts';
import { keySpan } from './key-order.ts';
import { termsList } from './key-states.ts';
import { lateEntry } from './late-entry.ts';
import { LogWriter } from './log-writer.ts';
import { pauseThread } from './pause-thread.ts';
import { toStoreError } from './sqlite-errors.ts';
import { Forms } from './sqlite-forms.ts';
import { openDatabase, type SqliteStoreOptions } from './sqlite-open.ts';
import * as sql from './sqlite-queries.ts';
import { Statements } from './sqlite-statements.ts';
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
const GROUP_CACHE_KIB = 16 * 1024;
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
  readonly #statements: Statements;
  readonly #hints = commitHints();
  readonly #forms: Forms;
  readonly #writer: LogWriter;
  #group: CommitGroup | undefined;

  constructor(file: string, db: Database) {
    this.#file = file;
    this.#db = db;
    const statements = new Statements(db);
    this.#statements = statements;
    this.#forms = new Forms({
      find: (pieces) => statements.row<{ id: number }>(sql.FORM_ID, pieces)?.id,
      add: (pieces) => Number(statements.prepare(sql.ADD_FORM).run(pieces).lastInsertRowid),
      pieces: (id) => statements.row<{ pieces: string }>(sql.FORM_PIECES, id)?.pieces,
    });
    this.#writer = new LogWriter(statements, this.#forms);
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
      this.#guard(() => {
        // What is there now can be read around what waits elsewhere; history cannot.
        const isPast = (query.at ?? 0) !== 0 && query.at !== this.#writer.newest();
        if (isPast || this.#writer.isBehind(range.prefix)) this.#group?.settle();
        const listing = inTransaction(this.#db, 'BEGIN', () => this.#list(range, query));
        // The next page will ask for this revision.
        if (listing.more) this.#group?.settle();
        return listing;
      }),
  };

  async count(range: KeyRange): Promise<number> {
    const { shape, bounds } = toSql(range);
    return this.#guard(() => {
      if (this.#writer.isBehind(range.prefix)) this.#group?.settle();
      return this.#statements.number(sql.count(shape), bounds);
    });
  }

  async commit(writes: readonly Write[]): Promise<CommitResult> {
    requireDistinctKeys(writes);
    const result = this.#guard((): CommitResult => {
      if (writes.length === 0) return { committed: true, revisions: [] };
      const take = (): CommitResult => this.#writer.take(writes, (key) => this.#get(key));
      return this.#group === undefined ? this.#commitAlone(take) : this.#group.write(take);
    });
    if (result.committed && writes.length > 0) this.#hints.fire();
    return result;
  }

  groupCommits(most: number, exactThrough = Number.POSITIVE_INFINITY): void {
    const rule = { most, exactThrough };
    if (this.#group !== undefined) {
      this.#group.rule = rule;
      return;
    }
    this.#group = new CommitGroup(this.#db, this.#writer, rule);
    // Pages that a group changes again and again should wait for its end, and not be written each time.
    this.#db.pragma(`cache_size = -${GROUP_CACHE_KIB}`);
  }

  async flush(): Promise<void> {
    this.#guard(() => this.#group?.end());
  }

  #commitAlone(take: () => CommitResult): CommitResult {
    try {
      const result = inTransaction(this.#db, 'BEGIN IMMEDIATE', () => {
        this.#writer.begin();
        const taken = take();
        this.#writer.settle();
        return taken;
      });
      this.#writer.end();
      return result;
    } catch (error) {
      this.#writer.lose();
      throw error;
    }
  }

  async changes(after: number, limit = 0): Promise<readonly Change[]> {
    return this.#guard(() => {
      this.#group?.settle();
      return inTransaction(this.#db, 'BEGIN', () => {
        requireReachable(after, this.#statements.number(sql.COMPACTED), this.#statements.number(sql.NEWEST));
        const rows = this.#statements.rows<ChangeRow>(sql.CHANGES, after, limit > 0 ? limit : -1);
        return rows.map((row) => this.#change(row));
      });
    });
  }

  async revision(): Promise<number> {
    return this.#guard(() => this.#writer.newest());
  }

  async compacted(): Promise<number> {
    return this.#guard(() => this.#statements.number(sql.COMPACTED));
  }

  async compact(through: number): Promise<void> {
    await this.flush();
    const { reached, last } = this.#guard(() => {
      const compacted = this.#statements.number(sql.COMPACTED);
      if (through > compacted) requireReachable(through, compacted, this.#statements.number(sql.NEWEST));
      const gaps = this.#gapsAt(through);
      return { reached: compacted, last: gaps === undefined ? through : gaps.first - 1 };
    });
    for (let from = reached; from < last; ) {
      if (from > reached) {
        pauseThread(COMPACTION_PAUSE_MS);
        await new Promise((resume) => setImmediate(resume));
      }
      from = this.#guard(() => inTransaction(this.#db, 'BEGIN IMMEDIATE', () => this.#compactOnce(last)));
    }
    if (reached < last) this.#guard(() => this.#dropUnusedForms());
  }

  async snapshot(): Promise<Snapshot> {
    return this.#guard(() => {
      this.#group?.settle();
      return inTransaction(this.#db, 'BEGIN', () => {
        const rows = this.#statements.rows<Entry & { terms: string }>(sql.SNAPSHOT);
        return {
          revision: this.#statements.number(sql.NEWEST),
          rows: rows.map(({ terms, ...row }) => ({ entry: this.#entry(row), terms: termsList(terms) })),
        };
      });
    });
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

  #get(key: string): Entry | null {
    const pending = this.#writer.pending(key);
    if (pending !== undefined) {
      const { value, createRevision, revision } = pending;
      return value === null ? null : lateEntry(key, value, createRevision, revision);
    }
    if (this.#writer.isAbsent(key)) return null;
    const row = this.#statements.row<Entry>(sql.GET, key);
    if (row !== undefined) return this.#entry(row);
    this.#writer.noteAbsent(key);
    return null;
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
    const newest = this.#writer.newest();
    if (at !== 0) {
      requireReachable(at, this.#statements.number(sql.COMPACTED), newest);
      this.#requireWhole(at);
    }
    const revision = at === 0 ? newest : at;
    const { shape, bounds } = toSql(range, after);
    // One more than asked for tells whether there is more.
    const values = { ...bounds, limit: limit > 0 ? limit + 1 : -1 };
    const rows =
      revision === newest
        ? this.#statements.rows<Entry>(sql.list(shape), values)
        : this.#statements.rows<Entry>(sql.listAt(shape), { ...values, at });
    const more = limit > 0 && rows.length > limit;
    const entries = (more ? rows.slice(0, limit) : rows).map((row) => this.#entry(row));
    return { entries, revision, more };
  }

  /** Compacts the next few revisions; returns how far it came. What it leaves is whole: a crash after it harms nothing. */
  #compactOnce(last: number): number {
    const from = this.#statements.number(sql.COMPACTED);
    if (from >= last) return from;
    const next = Math.min(last, from + COMPACTION_STEP);
    const step = { from, through: this.#gapsAt(next)?.last ?? next };
    this.#statements.run(sql.DROP_REPLACED, step);
    this.#statements.run(sql.DROP_DELETIONS, step);
    this.#statements.run(sql.DROP_GAPS, step);
    this.#statements.run(sql.SET_COMPACTED, step);
    return step.through;
  }

  /** The revisions with gaps in which a revision lies, other than as the last one; undefined where its state is whole. */
  #gapsAt(revision: number): { readonly first: number; readonly last: number } | undefined {
    return this.#statements.row<{ first: number; last: number }>(sql.GAPS_AT, { at: revision });
  }

  /** Throws `compacted` when some states of this revision were left out. */
  #requireWhole(revision: number): void {
    const gaps = this.#gapsAt(revision);
    if (gaps === undefined) return;
    throw new StoreError(
      'compacted',
      `the state at revision ${revision} was not kept; the next one that was is that at ${gaps.last}`,
    );
  }

  /** Forms are few and small: the search for those that no value uses any more pays when there are very many. */
  #dropUnusedForms(): void {
    if (this.#statements.number(sql.FORM_COUNT) <= MANY_FORMS) return;
    inTransaction(this.#db, 'BEGIN IMMEDIATE', () => this.#statements.run(sql.DROP_UNUSED_FORMS));
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
