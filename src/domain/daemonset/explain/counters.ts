import { isPodAvailable, isPodReady } from '../../conditions.ts';
import { isPodUpdated } from '../pod-template.ts';
import { byScheduledThenAge } from '../pods-of-node.ts';
import type { DaemonSetCounts } from '../status.ts';
import type { ExplainedState } from './explained-state.ts';

/** The names of the nodes behind each number of a DaemonSet's status. */
export type NodesBehindCounts = { readonly [counter in keyof DaemonSetCounts]: readonly string[] };

/** Which nodes the controller counts where: the lengths are `countPods`'s numbers. */
export function nodesBehindCounts({
  daemonSet,
  nodes,
  hash,
  generation,
  now,
}: ExplainedState): NodesBehindCounts {
  const minReadySeconds = daemonSet.spec.minReadySeconds ?? 0;
  const names = {
    desired: [] as string[],
    current: [] as string[],
    updated: [] as string[],
    ready: [] as string[],
    available: [] as string[],
    unavailable: [] as string[],
    misscheduled: [] as string[],
  };
  for (const { name, placement, pods } of nodes) {
    if (!placement.shouldRun) {
      if (pods !== undefined) names.misscheduled.push(name);
      continue;
    }
    names.desired.push(name);
    if (pods !== undefined) names.current.push(name);
    // Of several pods the controller looks at the one that it would keep.
    const [pod] = [...(pods ?? [])].sort(byScheduledThenAge);
    if (pod !== undefined && isPodUpdated(pod, hash, generation)) names.updated.push(name);
    if (pod !== undefined && isPodReady(pod)) names.ready.push(name);
    const isAvailable = pod !== undefined && isPodAvailable(pod, minReadySeconds, now);
    names[isAvailable ? 'available' : 'unavailable'].push(name);
  }
  return names;
}
