import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DaemonSetSpec } from '../../src/api/apps.ts';
import type { Affinity, Node, Pod } from '../../src/api/core.ts';
import { CONTROLLER_REVISION_HASH } from '../../src/api/well-known.ts';
import type { Decision } from '../../src/domain/daemonset/observed.ts';
import { planDaemonSet, planFromMemory } from '../../src/domain/daemonset/plan.ts';
import { syncMemoryOf } from '../../src/domain/daemonset/sync-memory.ts';
import {
  daemonSet,
  imageHash,
  node,
  readiness,
  rolling,
  START,
  World,
} from '../unit/domain/daemonset/world.ts';
import { ChangingCluster, HAPPENINGS } from './changing-cluster.ts';

/** `PROPERTY_RUNS=20000 npx vitest run test/property/daemonset-memory.test.ts` looks longer. */
const numRuns = Number(process.env.PROPERTY_RUNS ?? 100);

const number = fc.nat({ max: 839 });
const happening = fc.record({ what: fc.constantFrom(...HAPPENINGS), a: number, b: number, c: number });
/** What happens before the next sync, and whose sync it is: the others go on with what they have missed. */
const step = fc.record({ happenings: fc.array(happening, { maxLength: 4 }), whose: number });

/** What happens before a sync, and whose it is, in a few words. */
const before = (
  whose: number,
  ...happenings: readonly (readonly [(typeof HAPPENINGS)[number], number])[]
) => ({
  whose,
  happenings: happenings.map(([what, c]) => ({ what, a: 0, b: 0, c })),
});

/** Memories that rest between syncs mark nodes at a time that comes again, when the clock is set back. */
const CLOCK_SET_BACK = [
  before(0, ['the process starts anew', 57]),
  before(0),
  before(0),
  before(0),
  before(0, ['a pod changes its status', 583]),
  before(106, ['time passes', 0]),
  before(52),
  before(0, ['a plan is carried out', 0], ['the clock is set back', 0]),
  ...Array.from({ length: 13 }, () => before(0)),
];

test('a sync decides the same from its memory as from everything anew, whatever happened since the last one', () => {
  const seen = new Map<Decision['do'], number>();
  let restored = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
      const cluster = new ChangingCluster();
      for (const { happenings, whose } of steps) {
        for (const one of happenings) cluster.happen(one);
        const daemonSets = cluster.daemonSets();
        const daemonSet = daemonSets[whose % daemonSets.length];
        if (daemonSet === undefined) throw new Error('a cluster always has DaemonSets');
        const { fromMemory, anew } = cluster.plans(daemonSet);
        if (!isDeepStrictEqual(fromMemory, anew)) expect(fromMemory).toEqual(anew);
        for (const decision of anew) seen.set(decision.do, (seen.get(decision.do) ?? 0) + 1);
      }
      restored += cluster.restored;
    }),
    { numRuns, examples: [[CLOCK_SET_BACK]] },
  );
  // A world in which nothing is ever decided would prove nothing.
  for (const kind of [
    'createPod',
    'deletePod',
    'adoptPod',
    'releasePod',
    'updateStatus',
    'requeue',
    'setBackoff',
  ] as const)
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(numRuns / 10);
  expect(restored).toBeGreaterThan(numRuns);
});

describe('every change of one node and its pods, beside one that stays', () => {
  const NAME = 'node-a';
  const kinds: readonly (Node | undefined)[] = [
    undefined,
    node(NAME),
    node(NAME, { taints: [{ key: 'a', effect: 'NoSchedule' }] }),
    node(NAME, { taints: [{ key: 'a', effect: 'NoExecute' }] }),
  ];
  const start = (updateStrategy: NonNullable<DaemonSetSpec['updateStrategy']>): World => {
    const world = new World(daemonSet({ updateStrategy, minReadySeconds: 10 }), [node('node-b')]);
    world.addPod('node-b', { status: readiness(true, START - 60_000) });
    return world;
  };
  const pods = [1, 2].flatMap((revision) =>
    [
      { status: readiness(true, START - 60_000) },
      { status: readiness(true) },
      { status: readiness(false), meta: { deletionTimestamp: '2026-01-01T00:00:10Z' } },
      { status: { phase: 'Failed' } },
      { status: { phase: 'Pending' }, spec: { nodeName: '', affinity: pinnedTo(NAME) } },
    ].map(({ meta = {}, ...parts }) => {
      const labels = { name: 'fluentd', [CONTROLLER_REVISION_HASH]: `fluentd${revision}` };
      return new World(daemonSet(), []).addPod(NAME, {
        ...parts,
        meta: { ...meta, name: `of-${revision}`, labels },
      });
    }),
  );
  /** Ready, ready for too short a time, and failed. */
  const pairable = (revision: number) =>
    pods.filter((_, index) => Math.floor(index / 5) === revision - 1 && [0, 1, 3].includes(index % 5));
  const podSets: readonly (readonly Pod[])[] = [
    [],
    ...pods.map((pod) => [pod]),
    ...pairable(1).flatMap((old) => pairable(2).map((renewed) => [old, renewed])),
  ];
  const states = kinds.flatMap((kind) => podSets.map((podSet) => ({ kind, podSet })));

  test.each([rolling(1), rolling(0, 1)])(
    'is planned as if it had always been so: $rollingUpdate',
    (strategy) => {
      const world = start(strategy);
      const { nodes, pods: others } = world;
      const anew = states.map(({ kind, podSet }) =>
        planDaemonSet(
          { ...world, nodes: kind === undefined ? nodes : [...nodes, kind], pods: [...others, ...podSet] },
          imageHash,
        ),
      );
      const memory = syncMemoryOf(world);
      const become = ({ kind, podSet }: (typeof states)[number]): readonly Decision[] => {
        memory.setNode(NAME, kind);
        for (const name of ['of-1', 'of-2'])
          memory.setPod(
            name,
            podSet.find(({ metadata }) => metadata.name === name),
          );
        return planFromMemory(() => memory, world, imageHash);
      };
      const check = (index: number): void => {
        const to = states[index];
        const decisions = to === undefined ? undefined : become(to);
        if (!isDeepStrictEqual(decisions, anew[index]))
          expect({ to, decisions }).toEqual({ to, decisions: anew[index] });
      };
      // There and back again: each change of one state into another happens once.
      for (let from = 0; from < states.length; from += 1) {
        for (let to = from; to < states.length; to += 1) {
          check(to);
          check(from);
        }
      }
    },
  );
});

function pinnedTo(name: string): Affinity {
  const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}
