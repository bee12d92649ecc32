import type { Scenario } from './report.ts';
import { type PhaseTimes, rollingSync } from './rolling-sync.ts';

/** A rollout in memory and virtual time, as a plan runs it: one node at a time, which takes the most waves. */
export const rollingUpdate: Scenario = async (tell, { quick }) => {
  const nodes = quick ? 500 : 5000;
  const times = await rollingSync({ nodes, maxUnavailable: 1 });
  const phases: readonly (readonly [string, PhaseTimes, number?])[] = [
    ['pods created', times.create],
    ['rolled out, maxUnavailable 1', times.rollout, 10_000],
    ['one node added', times.nodeAdded],
    ['one pod deleted', times.podDeleted],
  ];
  for (const [name, { ms }, atMost] of phases) {
    const goal = atMost === undefined ? {} : { goal: { atMost } };
    tell({ group: 'plan', name: `${nodes} nodes in memory: ${name}`, value: ms, unit: 'ms', ...goal });
  }
};
