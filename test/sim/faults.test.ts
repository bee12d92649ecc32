import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Client, WriteOutcome } from '../../src/api/client.ts';
import { DAEMON_SET } from '../../src/api/well-known.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { runToFixedPoint } from '../../src/runtime/run-to-fixed-point.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import type { Snapshot, Store } from '../../src/store/store.ts';
import { prepare, type RunEnd, type RunPlan, runScenario } from './support/fault-run.ts';
import { type FaultScenario, SCENARIOS } from './support/fault-scenarios.ts';
import { COMMIT_FAULTS, STORE_FAULTS, WATCH_FAULTS } from './support/faults.ts';
import { daemonSet, fullManager, node, world } from './support/world.ts';

/**
 * `KDAEMON_FAULTS=all` lets every fault meet every operation. Otherwise the commonest meet every commit of one rolling
 * update, and all meet some operations of each scenario, which `KDAEMON_SEED` picks.
 */
const everything = process.env.KDAEMON_FAULTS === 'all';
const seed = Number(process.env.KDAEMON_SEED ?? 1);
const random = seededRandom(seed);
const COMMONEST: readonly string[] = ['unavailable', 'conflict', 'lost-reply'];

/** Numbers of operations, from 1 to `count`, that a fault is to meet: all, or so many at even distances. */
function chosen(count: number, wanted: number): readonly number[] {
  if (everything || count <= wanted) return Array.from({ length: count }, (_, index) => index + 1);
  const phase = random.int(count);
  return Array.from(
    { length: wanted },
    (_, index) => ((phase + Math.floor((index * count) / wanted)) % count) + 1,
  );
}

/** A fault that meets one operation. */
interface Case {
  readonly label: string;
  readonly plan: RunPlan;
}

/** `thorough`: the commonest faults meet every commit. */
function casesOf(ordinary: RunEnd, thorough: boolean): readonly Case[] {
  const { commits, looks, storeCommits } = ordinary;
  return [
    ...COMMIT_FAULTS.flatMap((fault) =>
      chosen(commits, COMMONEST.includes(fault) ? (thorough ? commits : 6) : 2).map((at) => ({
        label: `${fault} at commit ${at} of ${commits}`,
        plan: { commit: (number: number) => (number === at ? fault : undefined) },
      })),
    ),
    ...WATCH_FAULTS.flatMap((fault) =>
      chosen(looks, 2).map((at) => ({
        label: `${fault} at look ${at} of ${looks}`,
        plan: { look: (number: number) => (number === at ? fault : undefined) },
      })),
    ),
    ...STORE_FAULTS.flatMap((fault) =>
      chosen(storeCommits, 2).map((at) => ({
        label: `${fault} at store commit ${at} of ${storeCommits}`,
        plan: { storeCommit: (number: number) => (number === at ? fault : undefined) },
      })),
    ),
  ];
}

const prepared = new Map<FaultScenario, Snapshot>();
async function snapshotOf(scenario: FaultScenario): Promise<Snapshot> {
  const known = prepared.get(scenario);
  if (known !== undefined) return known;
  const store = memoryStore();
  await prepare(store, scenario);
  const snapshot = await store.snapshot();
  prepared.set(scenario, snapshot);
  return snapshot;
}
const inMemory = async (scenario: FaultScenario, plan: RunPlan): Promise<RunEnd> =>
  runScenario(memoryStore(await snapshotOf(scenario)), scenario, plan);

const rerun = `KDAEMON_SEED=${seed}${everything ? ' KDAEMON_FAULTS=all' : ''} npx vitest run test/sim/faults.test.ts`;

describe(`one fault leads to the same end state (${rerun})`, () => {
  test.each(SCENARIOS)(
    'when $name',
    async (scenario) => {
      const ordinary = await inMemory(scenario, {});
      expect(ordinary.commits).toBeGreaterThan(1);
      for (const { label, plan } of casesOf(ordinary, scenario === SCENARIOS[1])) {
        const { state } = await inMemory(scenario, plan);
        expect(state, label).toBe(ordinary.state);
      }
    },
    everything ? 3_600_000 : 60_000,
  );
});

describe(`many faults lead to the same end state (${rerun})`, () => {
  test.each(SCENARIOS)('when $name', async (scenario) => {
    const ordinary = await inMemory(scenario, {});
    for (let round = 0; round < (everything ? 50 : 2); round += 1) {
      const { state } = await inMemory(scenario, manyFaults(seed * 1_000 + round));
      expect(state, `round ${round}`).toBe(ordinary.state);
    }
  });
});

/** Faults at every fourth commit and every eighth look, for as long as a run usually takes. They end at some time. */
function manyFaults(ofSeed: number): RunPlan {
  const dice = seededRandom(ofSeed);
  const LAST = 100;
  const pick = <T>(faults: readonly T[], oneIn: number): T | undefined =>
    dice.int(oneIn) === 0 ? faults[dice.int(faults.length)] : undefined;
  return {
    commit: (number) => (number < LAST ? pick(COMMIT_FAULTS, 4) : undefined),
    look: (number) => (number < LAST ? pick(WATCH_FAULTS, 8) : undefined),
    storeCommit: (number) => (number < LAST ? pick(STORE_FAULTS, 8) : undefined),
  };
}

describe('a store in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-faults-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test(
    'comes to the same end as one in memory, with faults and without',
    async () => {
      let files = 0;
      for (const scenario of SCENARIOS.slice(1, 3)) {
        const template = join(folder, `${files}-template.db`);
        const first = openSqliteStore(template);
        await prepare(first, scenario);
        await first.close();
        const inFile = async (plan: RunPlan): Promise<RunEnd> => {
          files += 1;
          const file = join(folder, `${files}.db`);
          copyFileSync(template, file);
          const store: Store = openSqliteStore(file);
          try {
            return await runScenario(store, scenario, plan);
          } finally {
            await store.close();
          }
        };
        const expected = (await inMemory(scenario, {})).state;
        const ordinary = await inFile({});
        expect(ordinary.state).toBe(expected);
        const cases = casesOf(ordinary, false);
        const few = everything ? cases : cases.filter((_, index) => index % 8 === seed % 8);
        for (const { label, plan } of few) expect((await inFile(plan)).state, label).toBe(expected);
      }
    },
    everything ? 3_600_000 : 60_000,
  );
});

describe('the sweep sees', () => {
  /** Tells the machinery that all its writes were done. */
  const deafTo =
    (code: number) =>
    (client: Client): Client => ({
      ...client,
      async commit(requests) {
        const outcomes = await client.commit(requests);
        return outcomes.map((outcome, index): WriteOutcome => {
          const request = requests[index];
          if (outcome.ok || outcome.error.code !== code || request === undefined) return outcome;
          const object =
            'object' in request
              ? request.object
              : { apiVersion: 'v1', kind: request.kind.kind, metadata: { name: request.key.name } };
          return { ok: true, did: 'unchanged', object, warnings: [] };
        });
      },
    });

  test('that a machinery which takes conflicts for success gets stuck', async () => {
    const scenario = SCENARIOS[1];
    if (scenario === undefined) throw new Error('there are scenarios');
    const ordinary = await inMemory(scenario, {});
    const bug = deafTo(409);
    expect((await inMemory(scenario, { bug })).state).toBe(ordinary.state);
    const ends: string[] = [];
    for (let at = 1; at <= ordinary.commits; at += 2) {
      const { state } = await inMemory(scenario, {
        bug,
        commit: (number) => (number === at ? 'conflict' : undefined),
      });
      ends.push(state);
    }
    expect(ends.filter((state) => state !== ordinary.state).length).toBeGreaterThan(3);
  });
});

describe('two managers on one store', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'do no harm: each node has one pod in the end (seed %i)',
    async (seed) => {
      const cluster = world({ seed });
      const { manager: other } = fullManager(cluster.client, cluster.clock, { seed: seed + 100 });
      const random = seededRandom(seed);
      const settleBoth = async (): Promise<void> => {
        // Both look at the same state before either acts, as two processes would.
        for (let round = 0; round < 400; round += 1) {
          const first = random.int(2) === 0 ? cluster.manager : other;
          const second = first === other ? cluster.manager : other;
          await Promise.all(random.int(3) === 0 ? [first.step(), second.step()] : [first.step()]);
        }
        await runToFixedPoint({ manager: cluster.manager, clock: cluster.clock });
        await runToFixedPoint({ manager: other, clock: cluster.clock });
        expect((await runToFixedPoint({ manager: cluster.manager, clock: cluster.clock })).settled).toBe(
          true,
        );
      };
      await cluster.create(node('worker-1'), node('worker-2'), node('worker-3'), daemonSet());
      await settleBoth();
      const nodes = async () => (await cluster.pods()).map(({ spec }) => spec.nodeName).sort();
      expect(await nodes()).toEqual(['worker-1', 'worker-2', 'worker-3']);
      await cluster.patch(DAEMON_SET, 'agent', {
        spec: { template: { spec: { containers: [{ name: 'agent', image: 'example.test/agent:2' }] } } },
      });
      await settleBoth();
      expect(await nodes()).toEqual(['worker-1', 'worker-2', 'worker-3']);
      expect((await cluster.daemonSet()).status).toMatchObject({
        numberAvailable: 3,
        updatedNumberScheduled: 3,
      });
    },
  );
});
