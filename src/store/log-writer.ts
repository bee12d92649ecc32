import { holds } from './commit-rules.ts';
import { type KeyState, KeyStates, sameTerms, termsList, termsText } from './key-states.ts';
import { type PendingState, PendingStates } from './pending-states.ts';
import type { Forms } from './sqlite-forms.ts';
import * as sql from './sqlite-queries.ts';
import type { Statements } from './sqlite-statements.ts';
import type { CommitResult, Entry, Write } from './store.ts';

const NO_TERMS: readonly string[] = [];

/**
 * Writes to the log and its indexes, inside of transactions that its owner opens. Writes wait in memory, the newest of
 * each key, until `settle`: a state that is replaced until then is never written, nor even spelled.
 */
export class LogWriter {
  readonly #statements: Statements;
  readonly #forms: Forms;
  readonly #pending = new PendingStates();
  /** The first revision that waits, or is left out. */
  #first = 0;
  /** How many rows came to the log since. */
  #rows = 0;
  /** The newest revision, what waits included; undefined while no transaction is open. */
  #newest: number | undefined;
  /** What keys have in the database, as of `#knownAt`: every write moves the revision on. */
  readonly #known = new KeyStates();
  #knownAt = 0;

  constructor(statements: Statements, forms: Forms) {
    this.#statements = statements;
    this.#forms = forms;
  }

  /** A transaction that writes was opened. */
  begin(): void {
    this.#forms.begin();
    this.#newest = this.#statements.number(sql.NEWEST);
    if (this.#newest !== this.#knownAt) this.#known.forgetAll();
  }

  /** The transaction was committed, after `settle`. */
  end(): void {
    this.#knownAt = this.#newest ?? 0;
    this.#newest = undefined;
  }

  /** The transaction was undone, and what waited with it. */
  lose(): void {
    this.#pending.clear();
    this.#known.forgetAll();
    this.#newest = undefined;
  }

  /** The newest revision, what waits included. */
  newest(): number {
    return this.#newest ?? this.#statements.number(sql.NEWEST);
  }

  /** The first revision that waits; meaningless where nothing does. */
  waitsFrom(): number {
    return this.#first;
  }

  /** What waits under a key; undefined where the database has its newest state. */
  pending(key: string): PendingState | undefined {
    return this.#pending.get(key);
  }

  /** Whether a key is known to be absent, without a look at the database. */
  isAbsent(key: string): boolean {
    return this.#newest !== undefined && this.#known.get(key) === null;
  }

  /** A look at the database has shown that a key is absent: the next one to ask is mostly the one that creates it. */
  noteAbsent(key: string): void {
    if (this.#newest !== undefined) this.#known.set(key, null);
  }

  /** Whether the database may lack something of the keys with this prefix. */
  isBehind(prefix: string): boolean {
    return this.#pending.size > 0 && this.#pending.mayTouch(prefix);
  }

  /**
   * Takes a batch, or nothing of it; `actual` tells what is there where a precondition does not hold. The batch waits
   * for `settle`.
   */
  take(writes: readonly Write[], actual: (key: string) => Entry | null): CommitResult {
    const states = writes.map(({ key }) => this.#state(key));
    const failed = writes.flatMap((write, index) =>
      holds(write, states[index]?.revision ?? 0) ? [] : [{ index, actual: actual(write.key) }],
    );
    if (failed.length > 0) return { committed: false, failed };
    if (this.#pending.size === 0) {
      this.#first = this.newest() + 1;
      this.#rows = 0;
    }
    const first = this.newest() + 1;
    const revisions = writes.map((write, index) => {
      this.#wait(write, states[index] ?? null, first + index);
      return first + index;
    });
    this.#newest = first + writes.length - 1;
    return { committed: true, revisions };
  }

  #state(key: string): KeyState | null {
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending.value === null ? null : pending;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const row = this.#statements.tuple<readonly [number, number, string]>(sql.STATE, key);
    return row === undefined ? null : { revision: row[0], createRevision: row[1], terms: row[2] };
  }

  /** `now` is the state of the key, whether it waits or not. */
  #wait(write: Write, now: KeyState | null, revision: number): void {
    const { key } = write;
    const pending = this.#pending.get(key);
    let stored = pending === undefined ? now : pending.stored;
    if (pending !== undefined && (write.op === 'delete' || pending.value === null)) {
      // A deletion ends a life of the key: its last state, the deletion and what comes after it are three things.
      this.#write([pending]);
      stored = now;
    }
    this.#pending.set({
      key,
      revision,
      createRevision: now?.createRevision ?? revision,
      value: write.op === 'put' ? write.value : null,
      terms: write.op === 'put' ? write.terms : NO_TERMS,
      stored,
    });
  }

  /** Brings the database up to date, and notes which revisions were left out. */
  settle(): void {
    if (this.#pending.size === 0) return;
    this.#write(this.#pending.inOrder());
    this.#pending.clear();
    const last = this.newest();
    const isWhole = this.#rows === last - this.#first + 1;
    if (!isWhole) this.#statements.run(sql.ADD_GAPS, this.#first, last, this.#rows);
  }

  /** Writes states, which come in the order of their revisions. */
  #write(states: readonly PendingState[]): void {
    const rows: unknown[] = [];
    for (const { key, revision, createRevision, value, terms, stored } of states) {
      const kept = value === null ? null : this.#forms.pack(value);
      rows.push(revision, key, createRevision, stored?.revision ?? 0, termsText(terms), kept);
      this.#known.set(key, value === null ? null : { revision, createRevision, terms });
    }
    this.#addRows(sql.append, sql.LOG_COLUMNS, rows);
    this.#rows += states.length;
    this.#index(states);
  }

  /** Brings the indexes up to date, in their order: neighbours share pages. */
  #index(states: readonly PendingState[]): void {
    const live: unknown[] = [];
    const addedTerms = new Map<string, string[]>();
    const byKey = states.length === 1 ? states : [...states].sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { key, revision, value, terms, stored } of byKey) {
      if (value !== null) live.push(key, revision);
      else if (stored !== null) this.#statements.run(sql.REMOVE_LIVE, key);
      if (stored !== null && sameTerms(stored.terms, terms)) continue;
      const old = stored === null ? undefined : new Set(termsList(stored.terms));
      for (const term of termsList(terms)) {
        if (old?.delete(term) === true) continue;
        const keys = addedTerms.get(term);
        if (keys === undefined) addedTerms.set(term, [key]);
        else keys.push(key);
      }
      for (const term of old ?? NO_TERMS) this.#statements.run(sql.REMOVE_TERM, term, key);
    }
    this.#addRows(sql.setLive, 2, live);
    const pairs: string[] = [];
    for (const term of [...addedTerms.keys()].sort()) {
      for (const key of addedTerms.get(term) ?? []) pairs.push(term, key);
    }
    this.#addRows(sql.addTerms, 2, pairs);
  }

  /** Adds rows, given one after the other. */
  #addRows(statement: (rows: number) => string, columns: number, values: readonly unknown[]): void {
    let at = 0;
    for (const rows of [ROWS_AT_ONCE, 1]) {
      const width = columns * rows;
      if (at + width > values.length) continue;
      // Texts are long: each is made, and its statement looked for, once.
      const prepared = this.#statements.prepare(statement(rows));
      for (; at + width <= values.length; at += width) prepared.run(values.slice(at, at + width));
    }
  }
}

/** How many rows one statement adds. */
const ROWS_AT_ONCE = 16;
