import type { Database } from 'better-sqlite3';
import type { LogWriter } from './log-writer.ts';
import { beginWriting, rollBack } from './sqlite-transaction.ts';

/**
 * How long commits wait for others, in milliseconds: other processes cannot write meanwhile. Where history need not be
 * kept the wait is worth more: what is replaced within it is never written.
 */
const LONGEST_MS = { keepingAll: 250, leavingOut: 1000 };

/** When groups end, and what they keep. */
export interface GroupRule {
  /** How many writes come together at most. */
  readonly most: number;
  /** Of later revisions, states that are replaced in their own group are left out. */
  readonly exactThrough: number;
}

/** Commits that become durable together: one transaction of SQLite around theirs. */
export class CommitGroup {
  readonly #db: Database;
  readonly #writer: LogWriter;
  rule: GroupRule;
  /** The revision before the group. */
  #from = 0;
  #begun = 0;
  /** Why an earlier group was lost; nothing can be written after it, since others have gone by what it wrote. */
  #lost: unknown;

  constructor(db: Database, writer: LogWriter, rule: GroupRule) {
    this.#db = db;
    this.#writer = writer;
    this.rule = rule;
  }

  /** Carries out `body`, which gives writes to the writer, as a part of the group; ends the group when it is large or old enough. */
  write<T>(body: () => T): T {
    if (this.#lost !== undefined) throw this.#lost;
    if (!this.#db.inTransaction) this.#begin();
    try {
      const result = body();
      const keepsAll = this.#writer.waitsFrom() <= this.rule.exactThrough;
      if (keepsAll) this.#writer.settle();
      const longestMs = keepsAll ? LONGEST_MS.keepingAll : LONGEST_MS.leavingOut;
      const isLarge = this.#writer.newest() - this.#from >= this.rule.most;
      if (isLarge || performance.now() - this.#begun >= longestMs) this.end();
      return result;
    } catch (error) {
      this.#lose(error);
      throw error;
    }
  }

  /** Brings the database up to date with what waits in memory, for those who read it. */
  settle(): void {
    if (!this.#db.inTransaction) return;
    try {
      this.#writer.settle();
    } catch (error) {
      this.#lose(error);
      throw error;
    }
  }

  /** Makes everything durable that waits. */
  end(): void {
    if (!this.#db.inTransaction) {
      if (this.#lost !== undefined) throw this.#lost;
      return;
    }
    try {
      this.#writer.settle();
      this.#db.exec('COMMIT');
      this.#writer.end();
    } catch (error) {
      this.#lose(error);
      throw error;
    }
  }

  #begin(): void {
    beginWriting(this.#db);
    try {
      this.#writer.begin();
    } catch (error) {
      rollBack(this.#db);
      throw error;
    }
    this.#from = this.#writer.newest();
    this.#begun = performance.now();
  }

  /** Gives up what waits, after a failure that may have undone a part of it. */
  #lose(because: unknown): void {
    this.#lost = because;
    rollBack(this.#db);
    this.#writer.lose();
  }
}
