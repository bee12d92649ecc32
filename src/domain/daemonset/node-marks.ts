import type { Node, Pod } from '../../api/core.ts';
import { findCondition, isDeleting, isPodAvailable, isPodReady, isPodTerminal } from '../conditions.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import type { Placement } from './placement.ts';
import { isPodUpdated } from './pod-template.ts';
import { byScheduledThenAge, isBound } from './pods-of-node.ts';

/** One node as a sync sees it. */
export interface NodeState {
  readonly name: string;
  /** Undefined for a node that the cluster does not have (any more): only pods speak of it. */
  readonly node: Node | undefined;
  /** Nothing should run on a node that the cluster does not have. */
  readonly placement: Placement;
  /** Pods on it or meant for it, by name; undefined when there are none (then a new one may be created). */
  readonly pods: readonly Pod[] | undefined;
}

/**
 * What a sync has to know of a node at a glance. A node's marks are the sum of these bits; a sync counts nodes by
 * them, and finds the few that it has to look at. Marks say nothing that cannot be read from the node's state.
 */
export const MARK = {
  /** It should run the pod. */
  desired: 1 << 0,
  /** It should and has one. */
  current: 1 << 1,
  /** It has one and should not. */
  misscheduled: 1 << 2,
  /** Of the pod that would be kept on a node that should run it: is it ready, available, of the current template? */
  ready: 1 << 3,
  available: 1 << 4,
  updated: 1 << 5,
  /** `manage` has, or may have, something to do here. */
  unsettled: 1 << 6,
  /** The cluster does not have it, and a pod waits for it. */
  awaited: 1 << 7,
  /** It counts in a rolling update: it has, or should have, a pod. */
  visited: 1 << 8,
  /** Two pods of the current template, or two of old ones. */
  crowded: 1 << 9,
  /** The one that serves (an old pod as long as there is one) is available. */
  serving: 1 << 10,
  /** Only a pod of the current template, and it is available. */
  renewed: 1 << 11,
  /** Only an old pod, which is available or not. */
  oldAvailable: 1 << 12,
  oldUnavailable: 1 << 13,
  /** Only an old pod, which is available, on a node that should not run it. */
  oldMisplaced: 1 << 14,
  /** Only an old pod, on a node that the cluster does not have. */
  oldStranded: 1 << 15,
  /** An old pod beside one of the current template, which is available or not yet. */
  replaced: 1 << 16,
  replacing: 1 << 17,
} as const;

/** What marks depend on besides the node's state and the time. */
export interface MarkRules {
  /** The current revision's hash. */
  readonly hash: string;
  /** The template generation, as labels carry it. */
  readonly generation: string | undefined;
  readonly minReadySeconds: number;
  /** Whether a node may have two pods for a while. */
  readonly surge: boolean;
}

/** The marks of a node at `now` (milliseconds since the epoch). */
export function marksOf(state: NodeState, rules: MarkRules, now: number): number {
  const { node, placement, pods } = state;
  if (pods === undefined) return placement.shouldRun ? NEEDS_POD : 0;
  if (node === undefined) {
    const isAwaited = pods.some((pod) => !isBound(pod));
    return (isAwaited ? MARK.awaited : 0) | rolloutMarks(state, rules, now);
  }
  const counted = placement.shouldRun ? countedMarks(pods, rules, now) : MARK.misscheduled;
  return (
    counted | (isUnsettled(placement, pods, rules) ? MARK.unsettled : 0) | rolloutMarks(state, rules, now)
  );
}

/** The next time at which the marks change by time alone; undefined when they do not. */
export function nextChangeOfMarks(
  { pods = [] }: NodeState,
  { minReadySeconds }: MarkRules,
  now: number,
): number | undefined {
  if (minReadySeconds === 0) return undefined;
  let next: number | undefined;
  for (const { status } of pods) {
    const ready = findCondition(status?.conditions, 'Ready');
    const since = ready?.status === 'True' ? parseRfc3339(ready.lastTransitionTime) : undefined;
    if (since === undefined) continue;
    const at = since + minReadySeconds * 1000;
    if (at > now && (next === undefined || at < next)) next = at;
  }
  return next;
}

/**
 * The pod of the current template and the one of an old template, among those that are not being deleted; undefined
 * when there are several of a kind, which is for `manage` to clean up.
 */
export function findUpdatedPodsOnNode(
  pods: readonly Pod[],
  { hash, generation }: Pick<MarkRules, 'hash' | 'generation'>,
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

const NEEDS_POD = MARK.desired | MARK.unsettled | MARK.visited;

/** What a node that should run the pod, and has one, adds to the status. */
function countedMarks(
  pods: readonly Pod[],
  { hash, generation, minReadySeconds }: MarkRules,
  now: number,
): number {
  const marks = MARK.desired | MARK.current;
  const pod = pods.length === 1 ? pods[0] : [...pods].sort(byScheduledThenAge)[0];
  if (pod === undefined) return marks;
  return (
    marks |
    (isPodReady(pod) ? MARK.ready : 0) |
    (isPodAvailable(pod, minReadySeconds, now) ? MARK.available : 0) |
    (isPodUpdated(pod, hash, generation) ? MARK.updated : 0)
  );
}

/** Whether `manage` has to look at the pods of a node. Must not be false where it would do, or wait for, anything. */
function isUnsettled(
  { shouldRun, shouldContinueRunning }: Placement,
  pods: readonly Pod[],
  { surge }: MarkRules,
): boolean {
  let staying = 0;
  for (const pod of pods) {
    if (isDeleting(pod)) continue;
    if (!shouldContinueRunning || isPodTerminal(pod)) return true;
    staying += 1;
  }
  return staying > 1 || (surge && staying === 0 && shouldRun);
}

function rolloutMarks({ node, placement, pods = none }: NodeState, rules: MarkRules, now: number): number {
  const found = findUpdatedPodsOnNode(pods, rules);
  if (found === undefined) return MARK.visited | MARK.crowded;
  const { minReadySeconds } = rules;
  const { newPod, oldPod } = found;
  const server = oldPod ?? newPod;
  if (server === undefined) return MARK.visited;
  const isServing = isPodAvailable(server, minReadySeconds, now);
  const marks = MARK.visited | (isServing ? MARK.serving : 0);
  if (oldPod === undefined) return marks | (isServing ? MARK.renewed : 0);
  if (newPod !== undefined) {
    return marks | (isPodAvailable(newPod, minReadySeconds, now) ? MARK.replaced : MARK.replacing);
  }
  return (
    marks |
    (isServing ? MARK.oldAvailable : MARK.oldUnavailable) |
    (isServing && node !== undefined && !placement.shouldRun ? MARK.oldMisplaced : 0) |
    (node === undefined ? MARK.oldStranded : 0)
  );
}

const none: readonly Pod[] = [];
