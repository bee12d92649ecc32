/** What a row runner found: how many rows hold, and what differs in the others. */
export interface RowResults {
  readonly passed: number;
  readonly failures: readonly RowFailure[];
}

/** One row that does not hold. `detail` says what was expected and what came. */
export interface RowFailure {
  readonly name: string;
  readonly detail: string;
}
