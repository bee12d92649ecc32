// Mirrors rollingUpdate, findUpdatedPodsOnNode and updatedDesiredNodeCounts (pkg/controller/daemon/update.go, v1.37.2).
// Deliberate difference: nodes are visited in order of their names, where upstream follows a map's random order.
import type { DaemonSet } from '../../api/apps.ts';
import type { Pod } from '../../api/core.ts';
import { findCondition } from '../conditions.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import { findUpdatedPodsOnNode, MARK, type NodeState } from './node-marks.ts';
import type { NeededPod, NodeChanges, UnwantedPod } from './sync-nodes.ts';
import type { SyncState } from './sync-state.ts';
import { surgeCount, unavailableCount } from './update-strategy.ts';

/** What to do next to replace old pods, or why that cannot be said. */
export type RollingUpdate =
  | { readonly changes: NodeChanges }
  /** Upstream's error text. */
  | { readonly failure: string };

/**
 * The next step of replacing pods of old templates. `manage` has done its work before and found nothing to do, so
 * nodes with too few or too many pods are on their way already and count against the budget here.
 */
export function rollingUpdate(state: SyncState): RollingUpdate {
  const desired = state.tally.count(MARK.desired);
  const { maxSurge, maxUnavailable } = updatedDesiredNodeCounts(state.daemonSet, desired);
  return maxSurge === 0
    ? { changes: replaceWithinUnavailable(state, maxUnavailable) }
    : replaceWithSurge(state, maxSurge, desired);
}

/** What the strategy's percentages come to when `desired` nodes should run the pod. */
export function updatedDesiredNodeCounts(
  daemonSet: DaemonSet,
  desired: number,
): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const maxSurge = surgeCount(daemonSet, desired);
  const given = unavailableCount(daemonSet, desired);
  const wouldStall = desired > 0 && given === 0 && maxSurge === 0;
  return { maxSurge, maxUnavailable: wouldStall ? 1 : given };
}

/**
 * Without surge: old pods that are not available go at once (nobody loses by it), and as many available ones as the
 * budget has left. Whatever is not available, for any reason, uses the budget up.
 */
function replaceWithinUnavailable(state: SyncState, maxUnavailable: number): NodeChanges {
  const { tally } = state;
  const numUnavailable =
    tally.count(MARK.visited) - tally.count(MARK.renewed) - tally.count(MARK.oldAvailable);
  const remaining = Math.max(0, maxUnavailable - numUnavailable);
  const unavailable =
    'it is of an old revision and not available, so it is replaced whatever maxUnavailable says';
  const inBudget = `it is of an old revision, and of the ${maxUnavailable} nodes that may be unavailable ${numUnavailable} are`;
  return {
    create: [],
    delete: [
      ...oldPodsOn(tally.nodes(MARK.oldUnavailable), state, unavailable),
      ...oldPodsOn(firstOf(tally.nodes(MARK.oldAvailable), remaining), state, inBudget),
    ],
  };
}

/** With surge: a new pod starts beside the old one, which goes when the new one is available. */
function replaceWithSurge(state: SyncState, maxSurge: number, desired: number): RollingUpdate {
  const { tally } = state;
  for (const { name } of tally.nodes(MARK.oldStranded))
    return { failure: `couldn't get node for nodeName "${name}": node "${name}" not found` };
  const numSurge = tally.count(MARK.crowded) + tally.count(MARK.replacing);
  const numAvailable = tally.count(MARK.serving);
  const create: NeededPod[] = [];
  const unwanted: UnwantedPod[] = [];
  for (const nodeState of tally.nodes(MARK.replaced)) {
    const { newPod } = findUpdatedPodsOnNode(nodeState.pods ?? [], state) ?? {};
    const because = `it is of an old revision, and its replacement ${newPod?.metadata.name ?? ''} is available`;
    unwanted.push(...oldPodsOn([nodeState], state, because));
  }
  for (const nodeState of tally.nodes(MARK.oldUnavailable)) {
    const nodeName = nodeState.name;
    if (nodeState.placement.shouldRun) {
      const because = `the old pod on node ${nodeName} is not available, so a new one starts whatever maxSurge says`;
      create.push({ nodeName, because });
    } else {
      const because = `it is of an old revision, not available, and node ${nodeName} should not run it any more`;
      unwanted.push(...oldPodsOn([nodeState], state, because));
    }
  }
  const spare = Math.max(0, numAvailable - desired);
  const spareBecause = `node should not run it any more, and ${numAvailable} pods are available where ${desired} are wanted`;
  const misplaced = firstOf(tally.nodes(MARK.oldMisplaced), spare);
  const remaining = Math.max(0, maxSurge - numSurge);
  const surgeBecause = `the old pod is to be replaced, and of the ${maxSurge} nodes that may have two pods ${numSurge} do`;
  const surging = firstOf(tally.nodes(MARK.oldAvailable), remaining, ({ placement }) => placement.shouldRun);
  return {
    changes: {
      create: [...create, ...surging.map(({ name }) => ({ nodeName: name, because: surgeBecause }))],
      delete: [...unwanted, ...oldPodsOn(misplaced, state, spareBecause)],
    },
  };
}

/**
 * How long until the next ready pod that stands beside an old one has been ready for long enough, in milliseconds;
 * undefined when none waits for that. The second more is upstream's, against skewed clocks.
 *
 * Deliberate difference: upstream relies on the delay with which a pod that becomes ready brings its DaemonSet back.
 * Its queue keeps only the shortest delay of a key, so that a rollout stalls when that of another pod is still running.
 */
export function nextReplacementInMs(state: SyncState): number | undefined {
  const { daemonSet, tally, now } = state;
  const minReadyMs = ((daemonSet.spec.minReadySeconds ?? 0) + 1) * 1000;
  let next: number | undefined;
  for (const { pods = [] } of tally.nodes(MARK.replacing)) {
    const { newPod } = findUpdatedPodsOnNode(pods, state) ?? {};
    const ready = findCondition(newPod?.status?.conditions, 'Ready');
    const since = ready?.status === 'True' ? parseRfc3339(ready.lastTransitionTime) : undefined;
    if (since !== undefined) next = Math.min(next ?? Number.POSITIVE_INFINITY, since + minReadyMs - now);
  }
  return next;
}

/** The old pods of nodes that have exactly one. */
function oldPodsOn(nodes: Iterable<NodeState>, state: SyncState, because: string): readonly UnwantedPod[] {
  const found: UnwantedPod[] = [];
  for (const { name, pods = [] } of nodes) {
    const pod: Pod | undefined = findUpdatedPodsOnNode(pods, state)?.oldPod;
    if (pod !== undefined) found.push({ pod, nodeName: name, because });
  }
  return found;
}

/** The first `count` of these nodes. */
function firstOf(
  nodes: Iterable<NodeState>,
  count: number,
  isWanted: (node: NodeState) => boolean = () => true,
): readonly NodeState[] {
  const first: NodeState[] = [];
  if (count === 0) return first;
  for (const node of nodes) {
    if (!isWanted(node)) continue;
    first.push(node);
    if (first.length === count) break;
  }
  return first;
}
