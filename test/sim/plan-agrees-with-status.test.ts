import { expect, test } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { parseFault } from '../../src/sim/faults.ts';
import { simulate } from '../../src/sim/simulate.ts';
import { DEFAULT_TIMING } from '../../src/sim/timing.ts';
import { agentSet, newImage, planNode, settledCluster } from './support/plan-cluster.ts';

/** A cluster, a strategy and faults drawn from a seed. */
function drawn(seed: number) {
  const random = seededRandom(seed);
  const pick = <T>(...choices: readonly T[]): T => choices[random.int(choices.length)] as T;
  const nodes = Array.from({ length: 2 + random.int(6) }, (_, index) =>
    planNode(`node-${index}`, {
      ready: pick('True', 'True', 'True', 'True', 'Unknown'),
      spec: pick({}, {}, {}, { taints: [{ key: 'gpu', effect: pick('NoSchedule', 'NoExecute') }] }),
    }),
  );
  const rollingUpdate = pick<object>(
    { maxUnavailable: 1, maxSurge: 0 },
    { maxUnavailable: '50%', maxSurge: 0 },
    { maxUnavailable: 0, maxSurge: 1 },
    { maxUnavailable: 0, maxSurge: '40%' },
  );
  const daemonSet = agentSet({
    strategy: pick<object>(
      { type: 'RollingUpdate', rollingUpdate },
      { type: 'RollingUpdate', rollingUpdate },
      { type: 'OnDelete' },
    ),
    minReadySeconds: pick(0, 0, 20),
    template: pick({}, { tolerations: [{ operator: 'Exists' }] }),
  });
  const isUnready = new Set(
    nodes.flatMap(({ metadata }) => (random.int(6) === 0 ? [metadata.name ?? ''] : [])),
  );
  const faults = [
    pick('slow-start:10s±8s', 'slow-start:3s'),
    ...pick(
      [],
      [],
      ['image-crashes:node-1'],
      ['never-ready:node-2'],
      ['node-lost:node-0@17s'],
      ['node-removed:node-1@25s'],
    ),
  ];
  return {
    objects: settledCluster(nodes, daemonSet, (node) => !isUnready.has(node)),
    changes: [
      newImage('registry.example/agent:v2'),
      ...pick([], [newImage('registry.example/agent:v3', 15_000)]),
    ],
    faults: faults.map(parseFault),
  };
}

test.each(Array.from({ length: 24 }, (_, index) => index + 1))(
  'seed %i: the counts of the timeline are those of the status',
  async (seed) => {
    const { recorder, after, complete } = await simulate({
      target: { namespace: 'default', name: 'agent' },
      timing: DEFAULT_TIMING,
      events: [],
      seed,
      startedAt: Date.parse('2026-02-01T00:00:00Z'),
      compare: [],
      ...drawn(seed),
    });
    const { desired, available, updated, done } = recorder.counts();
    const status = after?.status;
    expect(desired).toBe(status?.desiredNumberScheduled);
    // The status counts one pod a node, also one that is on its way out.
    const isSimple = recorder.wanting().every((node) => {
      const [first, second] = recorder.podsOn(node);
      return second === undefined && first?.state !== 'terminating';
    });
    if (isSimple) {
      expect(available).toBe(status?.numberAvailable ?? 0);
      expect(updated).toBe(status?.updatedNumberScheduled ?? 0);
    }
    if (complete && after?.spec.updateStrategy?.type === 'RollingUpdate') expect(done).toBe(desired);
    const { availability } = recorder.timeline();
    expect(availability.at(-1)).toMatchObject({ desired, available, updated });
    for (const one of availability) {
      expect(one.available).toBeLessThanOrEqual(one.desired);
      expect(one.updated).toBeLessThanOrEqual(one.desired);
    }
  },
);
