import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decision } from '../../src/domain/daemonset/observed.ts';
import { ChangingCluster, HAPPENINGS } from './changing-cluster.ts';

/** `PROPERTY_RUNS=20000 npx vitest run test/property/daemonset-memory.test.ts` looks longer. */
const numRuns = Number(process.env.PROPERTY_RUNS ?? 150);

const number = fc.nat({ max: 839 });
const happening = fc.record({ what: fc.constantFrom(...HAPPENINGS), a: number, b: number, c: number });
/** What happens before the next sync, and whose sync it is: the others go on with what they have missed. */
const step = fc.record({ happenings: fc.array(happening, { maxLength: 4 }), whose: number });

test('a sync decides the same from its memory as from everything anew, whatever happened since the last one', () => {
  const seen = new Map<Decision['do'], number>();
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
    }),
    { numRuns },
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
});
