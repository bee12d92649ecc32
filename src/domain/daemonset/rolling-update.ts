// Mirrors rollingUpdate, findUpdatedPodsOnNode and updatedDesiredNodeCounts (pkg/controller/daemon/update.go, v1.37.2).
// Deliberate difference: nodes are visited in order of their names, where upstream follows a map's random order.
import type { Pod } from '../../api/core.ts';
import { isDeleting, isPodAvailable } from '../conditions.ts';
import { isPodUpdated } from './pod-template.ts';
import type { NeededPod, NodeChanges, UnwantedPod } from './sync-nodes.ts';
import type { NodeState, SyncState } from './sync-state.ts';
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
  const { maxSurge, maxUnavailable, desiredNumberScheduled } = updatedDesiredNodeCounts(state);
  const visits = visitsOf(state);
  return maxSurge === 0
    ? { changes: replaceWithinUnavailable(visits, maxUnavailable) }
    : replaceWithSurge(visits, maxSurge, desiredNumberScheduled);
}

/** How many nodes should run the pod, and what the strategy's percentages come to. */
export function updatedDesiredNodeCounts({ daemonSet, nodes }: Pick<SyncState, 'daemonSet' | 'nodes'>): {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly desiredNumberScheduled: number;
} {
  const desiredNumberScheduled = nodes.filter(({ placement }) => placement.shouldRun).length;
  const maxSurge = surgeCount(daemonSet, desiredNumberScheduled);
  const given = unavailableCount(daemonSet, desiredNumberScheduled);
  const wouldStall = desiredNumberScheduled > 0 && given === 0 && maxSurge === 0;
  return { maxSurge, maxUnavailable: wouldStall ? 1 : given, desiredNumberScheduled };
}

/**
 * The pod of the current template and the one of an old template, among those that are not being deleted; undefined
 * when there are several of a kind, which is for `manage` to clean up.
 */
function findUpdatedPodsOnNode(
  pods: readonly Pod[],
  hash: string,
  generation: string | undefined,
): { readonly newPod: Pod | undefined; readonly oldPod: Pod | undefined } | undefined {
  let newPod: Pod | undefined;
  let oldPod: Pod | undefined;
  for (const pod of pods) {
    if (isDeleting(pod)) continue;
    if (isPodUpdated(pod, hash, generation)) {
      if (newPod !== undefined) return undefined;
      newPod = pod;
    } else {
      if (oldPod !== undefined) return undefined;
      oldPod = pod;
    }
  }
  return { newPod, oldPod };
}

/** A node that has, or should have, a pod, at the moment of the update. */
interface Visit {
  readonly nodeName: string;
  /** Undefined for a node that the cluster does not have. */
  readonly nodeState: NodeState | undefined;
  readonly found: ReturnType<typeof findUpdatedPodsOnNode>;
  readonly isAvailable: (pod: Pod) => boolean;
}

function visitsOf({ daemonSet, nodes, stranded, hash, generation, now }: SyncState): readonly Visit[] {
  const minReadySeconds = daemonSet.spec.minReadySeconds ?? 0;
  const isAvailable = (pod: Pod): boolean => isPodAvailable(pod, minReadySeconds, now);
  const visit = (nodeName: string, nodeState: NodeState | undefined, pods: readonly Pod[]): Visit => ({
    nodeName,
    nodeState,
    found: findUpdatedPodsOnNode(pods, hash, generation),
    isAvailable,
  });
  return [
    ...nodes
      .filter(({ placement, pods }) => placement.shouldRun || pods !== undefined)
      .map((nodeState) => visit(nodeState.name, nodeState, nodeState.pods ?? [])),
    ...stranded.map(({ name, pods }) => visit(name, undefined, pods)),
  ];
}

/**
 * Without surge: old pods that are not available go at once (nobody loses by it), and as many available ones as the
 * budget has left. Whatever is not available, for any reason, uses the budget up.
 */
function replaceWithinUnavailable(visits: readonly Visit[], maxUnavailable: number): NodeChanges {
  let numUnavailable = 0;
  const replaced: UnwantedPod[] = [];
  const candidates: { readonly pod: Pod; readonly nodeName: string }[] = [];
  for (const { nodeName, found, isAvailable } of visits) {
    const { newPod, oldPod } = found ?? {};
    if (oldPod !== undefined && newPod === undefined) {
      if (isAvailable(oldPod)) {
        candidates.push({ pod: oldPod, nodeName });
        continue;
      }
      const because =
        'it is of an old revision and not available, so it is replaced whatever maxUnavailable says';
      replaced.push({ pod: oldPod, nodeName, because });
      numUnavailable += 1;
    } else if (oldPod !== undefined || newPod === undefined || !isAvailable(newPod)) {
      numUnavailable += 1;
    }
  }
  const remaining = Math.max(0, maxUnavailable - numUnavailable);
  const because = `it is of an old revision, and of the ${maxUnavailable} nodes that may be unavailable ${numUnavailable} are`;
  return {
    create: [],
    delete: [...replaced, ...candidates.slice(0, remaining).map((candidate) => ({ ...candidate, because }))],
  };
}

/** With surge: a new pod starts beside the old one, which goes when the new one is available. */
function replaceWithSurge(visits: readonly Visit[], maxSurge: number, desired: number): RollingUpdate {
  let numSurge = 0;
  let numAvailable = 0;
  const create: NeededPod[] = [];
  const unwanted: UnwantedPod[] = [];
  const misplaced: { readonly pod: Pod; readonly nodeName: string }[] = [];
  const candidates: string[] = [];
  for (const { nodeName, nodeState, found, isAvailable } of visits) {
    if (found === undefined) {
      numSurge += 1;
      continue;
    }
    const { newPod, oldPod } = found;
    const serving = oldPod ?? newPod;
    if (serving !== undefined && isAvailable(serving)) numAvailable += 1;
    if (oldPod === undefined) continue;
    if (newPod !== undefined) {
      if (isAvailable(newPod)) {
        const because = `it is of an old revision, and its replacement ${newPod.metadata.name ?? ''} is available`;
        unwanted.push({ pod: oldPod, nodeName, because });
      } else {
        numSurge += 1;
      }
      continue;
    }
    if (nodeState === undefined) {
      return { failure: `couldn't get node for nodeName "${nodeName}": node "${nodeName}" not found` };
    }
    const { shouldRun } = nodeState.placement;
    if (isAvailable(oldPod)) {
      if (shouldRun) candidates.push(nodeName);
      else misplaced.push({ pod: oldPod, nodeName });
    } else if (shouldRun) {
      const because = `the old pod on node ${nodeName} is not available, so a new one starts whatever maxSurge says`;
      create.push({ nodeName, because });
    } else {
      const because = `it is of an old revision, not available, and node ${nodeName} should not run it any more`;
      unwanted.push({ pod: oldPod, nodeName, because });
    }
  }
  const spare = Math.max(0, numAvailable - desired);
  const spareBecause = `node should not run it any more, and ${numAvailable} pods are available where ${desired} are wanted`;
  const remaining = Math.max(0, maxSurge - numSurge);
  const surgeBecause = `the old pod is to be replaced, and of the ${maxSurge} nodes that may have two pods ${numSurge} do`;
  return {
    changes: {
      create: [
        ...create,
        ...candidates.slice(0, remaining).map((nodeName) => ({ nodeName, because: surgeBecause })),
      ],
      delete: [...unwanted, ...misplaced.slice(0, spare).map((pod) => ({ ...pod, because: spareBecause }))],
    },
  };
}
