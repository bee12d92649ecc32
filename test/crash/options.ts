/** The word behind the script that makes the bundle the process which is to be killed. */
export const CHILD = 'child';

/** How many operations a writer does before it flushes them, where it writes in groups. */
export const GROUP = 5;

/** What `npm run crash --` was asked for. */
export interface CrashOptions {
  /** How many processes to kill. */
  readonly runs: number;
  readonly seed: number;
  /** The one sort of lane to run; absent: all. */
  readonly only?: LaneName;
  /** How many lanes at once. */
  readonly jobs: number;
}

/** What is killed: a writer, `kdaemon reconcile` in a process of its own, kdaemon's commands, `kdaemon serve`. */
export type LaneName = 'write' | 'reconcile' | 'command' | 'serve';

export const LANE_NAMES: readonly LaneName[] = ['write', 'reconcile', 'command', 'serve'];

export const USAGE = `usage: npm run crash -- [--runs N] [--seed S] [--only ${LANE_NAMES.join('|')}] [--jobs N]\n`;

/** Reads the arguments; undefined when they make no sense. `defaults` are those of this machine. */
export function parseOptions(args: readonly string[], defaults: CrashOptions): CrashOptions | undefined {
  let options = defaults;
  for (let at = 0; at < args.length; at += 2) {
    const [flag, value = ''] = args.slice(at, at + 2);
    if (flag === '--only') {
      const only = LANE_NAMES.find((name) => name === value);
      if (only === undefined) return undefined;
      options = { ...options, only };
      continue;
    }
    const number = /^\d+$/.test(value) ? Number(value) : 0;
    if (number < 1) return undefined;
    if (flag === '--runs') options = { ...options, runs: number };
    else if (flag === '--seed') options = { ...options, seed: number };
    else if (flag === '--jobs') options = { ...options, jobs: number };
    else return undefined;
  }
  return options;
}
