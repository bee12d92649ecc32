import type { Database, Statement } from 'better-sqlite3';

/** The statements of one connection, each prepared once. */
export class Statements {
  readonly #db: Database;
  readonly #prepared = new Map<string, Statement<unknown[]>>();
  readonly #raw = new Map<string, Statement<unknown[]>>();

  constructor(db: Database) {
    this.#db = db;
  }

  prepare(text: string): Statement<unknown[]> {
    let statement = this.#prepared.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#prepared.set(text, statement);
    }
    return statement;
  }

  run(text: string, ...values: unknown[]): void {
    this.prepare(text).run(...values);
  }

  /** The caller names the columns' types; the texts in `sqlite-queries.ts` are made to fit. */
  row<Row>(text: string, ...values: unknown[]): Row | undefined {
    return this.prepare(text).get(...values) as Row | undefined;
  }

  /** A row as an array: objects with names cost more. */
  tuple<Row extends readonly unknown[]>(text: string, ...values: unknown[]): Row | undefined {
    let statement = this.#raw.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text).raw();
      this.#raw.set(text, statement);
    }
    return statement.get(...values) as Row | undefined;
  }

  rows<Row>(text: string, ...values: unknown[]): Row[] {
    return this.prepare(text).all(...values) as Row[];
  }

  /** The one number that a query answers with; NULL is 0. */
  number(text: string, ...values: unknown[]): number {
    const row = this.row<Record<string, unknown>>(text, ...values);
    return row === undefined ? 0 : Number(Object.values(row)[0]);
  }
}
