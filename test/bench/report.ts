/** One measured figure of a run of the bench. */
export interface BenchRow {
  /** The group that it is shown under: `reconcile`, `reads`, …; what `--only` chooses by. */
  readonly group: string;
  /** What was measured, unique in its group. */
  readonly name: string;
  readonly value: number;
  /** `ms`, `s`, `pods/s`, `MB`, `bytes`, `x` (a ratio), … */
  readonly unit: string;
  /** What the figure should be at least or at most; for people, nothing fails by it. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** A scenario of the bench: measures, and tells its figures as they come. */
export type Scenario = (tell: (row: BenchRow) => void, options: ScenarioOptions) => void | Promise<void>;

/** How thorough a run is. */
interface ScenarioOptions {
  /** A tenth of the sizes: to see that everything works. */
  readonly quick: boolean;
}

/** A row as a line of the table: group, name, figure, and how it stands to its goal. */
export function rowText(row: BenchRow): string {
  const figure = `${readable(row.value)} ${row.unit}`;
  return `${row.group.padEnd(12)} ${row.name.padEnd(58)} ${figure.padStart(16)}  ${goalText(row)}`.trimEnd();
}

/** All rows and the machine that they were measured on, as JSON. */
export function reportJson(
  rows: readonly BenchRow[],
  machine: { readonly node: string; readonly cpus: number; readonly quick: boolean },
): string {
  return `${JSON.stringify({ machine, rows }, null, 2)}\n`;
}

/** Whether a row reached its goal; undefined when it has none. */
export function reachesGoal({ value, goal }: BenchRow): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

function goalText(row: BenchRow): string {
  const { goal } = row;
  if (goal === undefined) return '';
  const bound = 'atMost' in goal ? `at most ${goal.atMost}` : `at least ${goal.atLeast}`;
  return `${bound}: ${reachesGoal(row) === true ? 'reached' : 'MISSED'}`;
}

/** Three significant digits, without an exponent. */
function readable(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
