import { describe, expect, test } from 'vitest';
import { DAEMON_SET, NODE } from '../../src/api/well-known.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { runToFixedPoint } from '../../src/runtime/run-to-fixed-point.ts';
import { type Fault, faulty } from './support/faults.ts';
import { daemonSet, fullManager, node, type World, world } from './support/world.ts';

/** Create, add and remove a node, update, delete one of two DaemonSets: what is left is the answer. */
async function story(cluster: World): Promise<string> {
  const settle = async (): Promise<void> => {
    expect((await cluster.settle()).settled).toBe(true);
  };
  await cluster.create(node('worker-1'), node('worker-2'), daemonSet(), daemonSet({ name: 'short-lived' }));
  await settle();
  await cluster.create(
    node('worker-3', { spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } }),
    node('worker-4'),
  );
  await settle();
  await cluster.remove(NODE, 'worker-2');
  await cluster.remove(DAEMON_SET, 'short-lived', { propagationPolicy: 'Foreground' });
  await cluster.patch(DAEMON_SET, 'agent', {
    spec: { template: { spec: { containers: [{ name: 'agent', image: 'example.test/agent:2' }] } } },
  });
  await settle();
  return endState(cluster);
}

async function endState(cluster: World): Promise<string> {
  const pods = (await cluster.pods()).map(
    ({ spec, status }) => `${spec.nodeName} ${spec.containers[0]?.image} ${status?.phase}`,
  );
  const sets = (await cluster.client.list(DAEMON_SET)).items.map(
    ({ metadata, status }) => `${metadata.name} ${JSON.stringify(Object.entries(status ?? {}).sort())}`,
  );
  return [...pods.sort(), ...sets].join('\n');
}

async function countCommits(): Promise<{ readonly commits: number; readonly expected: string }> {
  let commits = 0;
  const cluster = world({
    wrap: (client) =>
      faulty(client, (number) => {
        commits = number;
        return undefined;
      }),
  });
  const expected = await story(cluster);
  return { commits, expected };
}

describe('faults', () => {
  test.each<Fault>(['unavailable', 'conflict', 'lost-reply'])(
    'one %s at any commit leads to the same end state',
    async (fault) => {
      const { commits, expected } = await countCommits();
      expect(commits).toBeGreaterThan(20);
      expect(expected).toContain('worker-4 example.test/agent:2 Running');
      for (let failing = 1; failing <= commits; failing += 1) {
        const cluster = world({
          wrap: (client) => faulty(client, (number) => (number === failing ? fault : undefined)),
        });
        expect(await story(cluster), `${fault} at commit ${failing}`).toBe(expected);
      }
    },
  );

  test.each([1, 2, 3, 4, 5])('many faults lead to the same end state (seed %i)', async (seed) => {
    const { expected } = await countCommits();
    const random = seededRandom(seed);
    const faults: readonly Fault[] = ['unavailable', 'conflict', 'lost-reply'];
    const cluster = world({
      seed,
      wrap: (client) =>
        faulty(client, () => (random.int(3) === 0 ? faults[random.int(faults.length)] : undefined)),
    });
    expect(await story(cluster)).toBe(expected);
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
