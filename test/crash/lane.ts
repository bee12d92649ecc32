import { join } from 'node:path';
import type { Random } from '../../src/runtime/random.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';

/** Counts over all lanes. */
export interface Tally {
  /** Processes that were started in order to be killed. */
  runs: number;
  /** Those that were killed before they ended by themselves. */
  kills: number;
  /** Acknowledged writes that were looked for after a kill. */
  acknowledged: number;
}

/** What a lane works with. A lane is one store whose writers are killed again and again. */
export interface LaneParts {
  readonly seed: number;
  /** Chance of the lane: when to kill. */
  readonly random: Random;
  /** A folder of its own. */
  readonly folder: string;
  /** How many processes to kill. */
  readonly lives: number;
  readonly tally: Tally;
  /** `dist/crash.cjs`, which is also the process to kill. */
  readonly bundle: string;
  /** `bin/kdaemon.js`. */
  readonly binary: string;
  /** How long a process takes from its start to its first write, in milliseconds. */
  readonly startMs: number;
}

/** The lane's store. */
export const storeOf = ({ folder }: LaneParts): string => join(folder, 'cluster.db');

/** Throws with these lines when there are any. */
export function requireNone(what: string, wrong: readonly string[]): void {
  if (wrong.length === 0) return;
  const more = wrong.length > 10 ? [`… and ${wrong.length - 10} more`] : [];
  throw new Error([what, ...wrong.slice(0, 10), ...more].join('\n  '));
}

/** Throws when a store's file is not in order; then opens it, as the next process would, and closes it again. */
export async function inspect<T>(file: string, body: (store: Store) => Promise<T>): Promise<T> {
  requireNone('the store is not in order:', checkStore(file).findings);
  const store = openSqliteStore(file);
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}
