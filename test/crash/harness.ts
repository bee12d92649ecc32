import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../src/runtime/random.ts';
import { commandLane } from './command-lane.ts';
import type { LaneParts, Tally } from './lane.ts';
import type { CrashOptions, LaneName } from './options.ts';
import { CHILD } from './options.ts';
import { reconcileLane } from './reconcile-lane.ts';
import { serveLane } from './serve-lane.ts';
import { runVictim } from './victim.ts';
import { writeLane } from './write-lane.ts';

/** A lane that did not end as it must. */
interface Failure {
  readonly message: string;
  /** The command that runs this lane alone. */
  readonly replay: string;
}

/** What came of a run. */
export interface CrashReport extends Tally {
  readonly failures: readonly Failure[];
}

/** The files that are run. */
export interface Scripts {
  /** `dist/crash.cjs` */
  readonly bundle: string;
  /** `bin/kdaemon.js` */
  readonly binary: string;
}

const LANES: Readonly<Record<LaneName, (parts: LaneParts) => Promise<void>>> = {
  write: writeLane,
  reconcile: reconcileLane,
  command: commandLane,
  serve: serveLane,
};

/** Of so many kills in a hundred, and in one lane. Writers are the cheapest, and meet the store most often. */
const SHARES: readonly { readonly name: LaneName; readonly percent: number; readonly lives: number }[] = [
  { name: 'serve', percent: 3, lives: 3 },
  { name: 'reconcile', percent: 8, lives: 8 },
  { name: 'command', percent: 5, lives: 5 },
  { name: 'write', percent: 84, lives: 14 },
];

/** One lane of a run, before it runs. */
interface Planned {
  readonly name: LaneName;
  readonly seed: number;
  readonly lives: number;
}

/** Who hears of a run while it goes on, and may end it. */
export interface Watching {
  /** After each lane. */
  readonly onProgress?: (tally: Tally) => void;
  readonly onFailure?: (failure: Failure) => void;
  /** No lane is begun any more; the report is of those that were. */
  readonly signal?: AbortSignal;
}

/** Runs lanes until so many processes were started and killed. */
export async function runCrashes(
  options: CrashOptions,
  scripts: Scripts,
  { onProgress, onFailure, signal }: Watching = {},
): Promise<CrashReport> {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-crash-'));
  try {
    const startMs = await measureStart(folder, scripts);
    const tally: Tally = { runs: 0, kills: 0, acknowledged: 0 };
    const failures: Failure[] = [];
    const waiting = [...planned(options)];
    const work = async (): Promise<void> => {
      for (
        let lane = waiting.shift();
        lane !== undefined && signal?.aborted !== true;
        lane = waiting.shift()
      ) {
        const failure = await runLane(lane, { folder, tally, startMs, ...scripts });
        if (failure !== undefined) {
          failures.push(failure);
          onFailure?.(failure);
        }
        onProgress?.(tally);
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, work));
    return { ...tally, failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lanes whose lives add up to the runs, each with a seed of its own. */
export function planned({ runs, seed, only }: CrashOptions): readonly Planned[] {
  const shares = SHARES.filter(({ name }) => only === undefined || name === only);
  const whole = shares.reduce((sum, { percent }) => sum + percent, 0);
  const lanes: Planned[] = [];
  let left = runs;
  for (const [at, { name, percent, lives }] of shares.entries()) {
    const last = at === shares.length - 1;
    for (let own = last ? left : Math.floor((runs * percent) / whole); own > 0; own -= lives) {
      const count = Math.min(own, lives);
      lanes.push({ name, seed: seed + lanes.length, lives: count });
      left -= count;
    }
  }
  return lanes;
}

async function runLane(
  { name, seed, lives }: Planned,
  parts: Omit<LaneParts, 'seed' | 'random' | 'lives'>,
): Promise<Failure | undefined> {
  const folder = join(parts.folder, `${name}-${seed}`);
  mkdirSync(folder);
  try {
    await LANES[name]({ ...parts, folder, seed, lives, random: seededRandom(seed) });
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const replay = `npm run crash -- --only ${name} --seed ${seed} --runs ${lives}`;
    return { message: `${name}, seed ${seed}: ${message}`, replay };
  }
}

/** How long a process takes that opens a store and does nothing. */
async function measureStart(folder: string, { bundle }: Scripts): Promise<number> {
  const { ms } = await runVictim(
    [bundle, CHILD, 'write', join(folder, 'start.db'), '1', '0', '0'],
    {},
    { after: 'never' },
  );
  return ms;
}
