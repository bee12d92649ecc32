import type { Node, Pod } from '../../api/core.ts';
import { isDeleting } from '../../domain/conditions.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { unfitReasons } from '../../domain/scheduling/fit.ts';
import { allocatableOf, podRequests } from '../../domain/scheduling/resources.ts';
import { NO_VICTIMS, PREEMPTION_NOT_HELPFUL } from './failed-scheduling.ts';

/** A node on which a pod fits once the victims are gone. */
export interface PreemptionCandidate {
  readonly node: Node;
  readonly victims: readonly Pod[];
}

/** The priority of a pod; 0 when it has none. */
export function priorityOf(pod: Pod): number {
  return pod.spec.priority ?? 0;
}

/** Reasons that no deletion of pods can change. */
const unresolvable: ReadonlySet<string> = new Set([
  'node(s) were unschedulable',
  "node(s) didn't match the requested node name",
  'node(s) had untolerated taint(s)',
  "node(s) didn't match Pod's node affinity/selector",
]);

/**
 * Whether, and by whose deletion, a pod would fit on a node that refused it for `reasons`: as few pods of lower
 * priority as possible, the least important first. Otherwise why preemption does not help there.
 */
export function preemptOn(
  pod: Pod,
  node: Node,
  podsOnNode: readonly Pod[],
  reasons: readonly string[],
): PreemptionCandidate | readonly string[] {
  if (reasons.some((reason) => unresolvable.has(reason)) || exceedsNode(pod, node))
    return [PREEMPTION_NOT_HELPFUL];
  const isLower = (other: Pod): boolean => priorityOf(other) < priorityOf(pod);
  const lower = podsOnNode.filter(isLower);
  if (lower.length === 0) return [NO_VICTIMS];
  const kept = podsOnNode.filter((other) => !isLower(other));
  const still = unfitReasons(pod, node, kept);
  if (still.length > 0) return still;
  const victims: Pod[] = [];
  for (const other of lower.sort(byImportance)) {
    if (unfitReasons(pod, node, [...kept, other]).length === 0) kept.push(other);
    else victims.push(other);
  }
  return { node, victims };
}

/** The candidate that hurts least: the least important of the most important victims, then the fewest victims. */
export function pickCandidate(candidates: readonly PreemptionCandidate[]): PreemptionCandidate | undefined {
  const worst = ({ victims }: PreemptionCandidate): number =>
    Math.max(...victims.map(priorityOf), Number.MIN_SAFE_INTEGER);
  return [...candidates].sort((a, b) => worst(a) - worst(b) || a.victims.length - b.victims.length)[0];
}

/** Whether a pod that already pushed others aside on its nominated node has to wait until they are gone. */
export function waitsForVictims(pod: Pod, podsOnNominated: readonly Pod[]): boolean {
  return podsOnNominated.some((other) => isDeleting(other) && priorityOf(other) < priorityOf(pod));
}

/** Whether the pod asks for more than the whole node has. */
function exceedsNode(pod: Pod, node: Node): boolean {
  const allocatable = allocatableOf(node);
  return [...podRequests(pod)].some(([name, amount]) => amount > (allocatable.get(name) ?? 0));
}

/** More important first: by priority, then by age. */
function byImportance(a: Pod, b: Pod): number {
  const startOf = (pod: Pod): number =>
    parseRfc3339(pod.status?.startTime ?? pod.metadata.creationTimestamp) ?? 0;
  return priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b);
}
