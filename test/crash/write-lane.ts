import { existsSync } from 'node:fs';
import type { Random } from '../../src/runtime/random.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { inspect, type LaneParts, requireNone, storeOf } from './lane.ts';
import { CHILD, GROUP } from './options.ts';
import { type Reference, reference } from './reference.ts';
import { type Moment, runVictim } from './victim.ts';

/** More operations than one process does before it is killed. */
const FAR = 400;
/** How long a process writes at most before it is killed, in milliseconds. */
const WRITING_MS = 50;

/**
 * A process writes and is killed; the store must then hold what a store holds in which the same operations were done
 * without a kill, through the last acknowledged one or the one after it. The next process goes on from there. The last
 * one is let live, and must come to the same end. Every other lane writes in groups that leave out what they may: then a
 * group is there or not, and of the history at least all that matters to the last states.
 */
export async function writeLane(parts: LaneParts): Promise<void> {
  const { seed, random, lives, tally, bundle, startMs } = parts;
  const file = storeOf(parts);
  const expected = reference(seed);
  const grouped = seed % 2 === 1;
  const inGroups = grouped ? ['grouped'] : [];
  let next = 0;
  for (let life = 0; life < lives; life += 1) {
    const args = [bundle, CHILD, 'write', file, String(seed), String(next), String(next + FAR), ...inGroups];
    const { killed, code, stdout, stderr } = await runVictim(args, {}, momentOf(random, startMs));
    if (stderr !== '' || (!killed && code !== 0)) throw new Error(`the writer ended with ${code}: ${stderr}`);
    tally.runs += 1;
    if (killed) tally.kills += 1;
    const said = stdout.split('\n').filter((line) => /^\d+$/.test(line));
    tally.acknowledged += said.length;
    next = await nextOperation(file, expected, Number(said.at(-1) ?? next - 1), grouped);
  }
  const until = next + 5;
  const args = [bundle, CHILD, 'write', file, String(seed), String(next), String(until), ...inGroups];
  const last = await runVictim(args, {}, { after: 'never' });
  if (last.code !== 0) throw new Error(`the last writer ended with ${last.code}: ${last.stderr}`);
  const end = await expected.revisionAfter(until - 1);
  await inspect(file, async (store) => {
    const revision = await store.revision();
    if (revision !== end) throw new Error(`the end is revision ${revision}, not ${end}`);
    requireNone('the end is not that of a store without kills:', await expected.differences(store, grouped));
  });
}

/** Checks a store whose writer was killed after operation `acknowledged`; resolves to the operation to go on with. */
async function nextOperation(
  file: string,
  expected: Reference,
  acknowledged: number,
  grouped: boolean,
): Promise<number> {
  if (acknowledged < 0) {
    if (!existsSync(file)) return 0;
    // It may be empty as yet, and not even made.
    await openSqliteStore(file).close();
  }
  return await inspect(file, async (store) => {
    const revision = await store.revision();
    const least = await revisionAfter(expected, acknowledged);
    if (revision < least)
      throw new Error(
        `operation ${acknowledged} was acknowledged at revision ${least}; the store is at ${revision}`,
      );
    // An operation that writes nothing leaves no trace; to do it again does nothing again.
    let done = acknowledged;
    const most = acknowledged + (grouped ? GROUP : 1);
    while (done < most && (await revisionAfter(expected, done)) < revision) done += 1;
    const there = await revisionAfter(expected, done);
    if (revision !== there)
      throw new Error(`operation ${done} is there by half: the store is at ${revision}, not ${there}`);
    requireNone(`after operation ${done}:`, await expected.differences(store, grouped));
    return done + 1;
  });
}

async function revisionAfter(expected: Reference, operation: number): Promise<number> {
  return operation < 0 ? 0 : await expected.revisionAfter(operation);
}

function momentOf(random: Random, startMs: number): Moment {
  const sort = random.int(10);
  if (sort < 2) return { after: 'start', ms: random.int(Math.ceil(startMs * 1.2)) };
  if (sort < 5) return { after: 'lines', lines: 2 + random.int(40) };
  return { after: 'ready', ms: random.int(WRITING_MS * 100) / 100 };
}
