import type { Database } from 'better-sqlite3';
import { beginWriting, rollBack } from './sqlite-transaction.ts';

/** How long commits wait for others, in milliseconds: other processes cannot write meanwhile. */
const LONGEST_MS = 250;

/** Commits that become durable together: one transaction of SQLite around theirs. */
export class CommitGroup {
  readonly #db: Database;
  /** How many writes come together at most. */
  most: number;
  #writes = 0;
  #begun = 0;
  /** Why an earlier group was lost; nothing can be written after it, since others have gone by what it wrote. */
  #lost: unknown;

  constructor(db: Database, most: number) {
    this.#db = db;
    this.most = most;
  }

  /** Opens the transaction, unless it is open. */
  enter(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#db.inTransaction) return;
    beginWriting(this.#db);
    this.#writes = 0;
    this.#begun = performance.now();
  }

  /** Counts what was written, and ends the group when it is large or old enough. */
  leave(writes: number): void {
    this.#writes += writes;
    if (this.#writes >= this.most || performance.now() - this.#begun >= LONGEST_MS) this.end();
  }

  /** Makes everything durable that waits. */
  end(): void {
    if (!this.#db.inTransaction) {
      if (this.#lost !== undefined) throw this.#lost;
      return;
    }
    try {
      this.#db.exec('COMMIT');
    } catch (error) {
      this.lose(error);
      throw error;
    }
  }

  /** Gives up what waits, after a failure that may have undone a part of it. */
  lose(because: unknown): void {
    this.#lost = because;
    rollBack(this.#db);
  }
}
