import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DaemonSetSpec } from '../../src/api/apps.ts';
import type { Node, PodStatus } from '../../src/api/core.ts';
import { planDaemonSet } from '../../src/domain/daemonset/plan.ts';
import {
  daemonSet,
  imageHash,
  node,
  ON_DELETE,
  readiness,
  rolling,
  START,
  World,
} from '../unit/domain/daemonset/world.ts';
import { expectFinished, settle, violatedInvariants } from './daemonset-invariants.ts';

const NODE_KINDS: readonly ((name: string) => Node)[] = [
  (name) => node(name),
  (name) => node(name, { taints: [{ key: 'a', effect: 'NoSchedule' }] }),
  (name) => node(name, { taints: [{ key: 'a', effect: 'NoExecute' }] }),
];

interface PodSketch {
  readonly isNew: boolean;
  readonly status: PodStatus;
  readonly deleting: boolean;
  readonly bound: boolean;
}

const pod = (isNew: boolean, status: PodStatus, deleting = false): PodSketch => ({
  isNew,
  status,
  deleting,
  bound: true,
});
const READY = readiness(true);
const UNREADY = readiness(false);

function worldOf(
  spec: Partial<DaemonSetSpec>,
  sketches: readonly { readonly kind: number; readonly pods: readonly PodSketch[] }[],
): World {
  const nodes = sketches.map(({ kind }, index) => (NODE_KINDS[kind] ?? node)(`node-${index}`));
  const world = new World(daemonSet(spec), nodes);
  world.now = START + 30_000;
  sketches.forEach(({ pods }, index) => {
    for (const { isNew, status, deleting, bound } of pods) {
      const nodeName = `node-${index}`;
      const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }];
      const affinity = {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
      };
      world.addPod(bound ? nodeName : '', {
        meta: {
          labels: { name: 'fluentd', 'controller-revision-hash': isNew ? 'fluentd1' : 'fluentd0' },
          ...(deleting && { deletionTimestamp: '2026-01-01T00:00:10Z' }),
        },
        status,
        spec: { affinity },
      });
    }
  });
  return world;
}

const STRATEGIES = [ON_DELETE, rolling(1), rolling(2), rolling(0, 1), rolling(0, 2)];

describe('every state of up to three nodes', () => {
  const nodeStates = [0, 1].flatMap((kind) =>
    [
      [],
      [pod(false, READY)],
      [pod(false, UNREADY)],
      [pod(false, READY, true)],
      [pod(true, READY)],
      [pod(true, UNREADY)],
      [pod(true, UNREADY, true)],
      [pod(false, READY), pod(true, UNREADY)],
      [pod(false, READY), pod(true, READY)],
    ].map((pods) => ({ kind, pods })),
  );
  const worlds = (size: number): readonly (typeof nodeStates)[] =>
    size === 0 ? [[]] : worlds(size - 1).flatMap((rest) => nodeStates.map((state) => [...rest, state]));

  test.each(STRATEGIES)('keeps the invariants in one sync: $type $rollingUpdate', (updateStrategy) => {
    for (const size of [0, 1, 2, 3]) {
      for (const sketch of worlds(size)) {
        const world = worldOf({ updateStrategy }, sketch);
        const violations = violatedInvariants(world, world.plan());
        if (violations.length > 0) expect({ violations, sketch }).toBe('without violations');
      }
    }
  });

  test.each(STRATEGIES)('comes to rest with one right pod a node: $type $rollingUpdate', (updateStrategy) => {
    for (const size of [1, 2]) {
      for (const sketch of worlds(size)) {
        const world = worldOf({ updateStrategy }, sketch);
        settle(world, 20);
        expectFinished(world);
      }
    }
  });
});

describe('random states', () => {
  const status = fc.constantFrom<PodStatus>(
    READY,
    readiness(true, START + 28_000),
    UNREADY,
    { phase: 'Pending' },
    { phase: 'Failed' },
    { phase: 'Succeeded' },
  );
  const podSketch = fc.record({ isNew: fc.boolean(), status, deleting: fc.boolean(), bound: fc.boolean() });
  const nodeSketch = fc.record({
    kind: fc.constantFrom(0, 0, 0, 1, 2),
    pods: fc.array(podSketch, { maxLength: 3 }),
  });
  const amount = fc.constantFrom<number | string>(1, 2, 5, '10%', '34%', '50%', '100%');
  const strategy = fc.oneof(
    fc.constant(ON_DELETE),
    amount.map((value) => rolling(value)),
    amount.map((value) => rolling(0, value)),
  );
  const spec = fc.record({ updateStrategy: strategy, minReadySeconds: fc.constantFrom(0, 10) });
  const sketches = fc.array(nodeSketch, { maxLength: 9 });

  test('keep the invariants in one sync', () => {
    fc.assert(
      fc.property(spec, sketches, (parts, sketch) => {
        const world = worldOf(parts, sketch);
        expect(violatedInvariants(world, world.plan())).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('come to rest with one right pod a node', () => {
    fc.assert(
      fc.property(spec, sketches, (parts, sketch) => {
        const world = worldOf(parts, sketch);
        settle(world, 60);
        expectFinished(world);
      }),
      { numRuns: 200 },
    );
  });

  test('are planned the same in whatever order they come, and never changed', () => {
    const shuffled = <T>(list: readonly T[], seed: number): readonly T[] =>
      [...list]
        .map((item, index) => ({ item, key: ((index + 1) * seed) % 101 }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item);
    fc.assert(
      fc.property(spec, sketches, fc.integer({ min: 1, max: 100 }), (parts, sketch, seed) => {
        const world = worldOf(parts, sketch);
        world.sync();
        world.setImage('fluentd:2');
        const { daemonSet: ds, nodes, pods, revisions, now, backoff } = deepFreeze({ ...world });
        const plan = (order: number) =>
          planDaemonSet(
            {
              daemonSet: ds,
              nodes: shuffled(nodes, order),
              pods: shuffled(pods, order),
              revisions: shuffled(revisions, order),
              now,
              backoff,
            },
            imageHash,
          );
        expect(plan(seed)).toEqual(plan(1));
      }),
      { numRuns: 200 },
    );
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Map)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
