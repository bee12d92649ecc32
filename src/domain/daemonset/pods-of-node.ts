// Mirrors getNodesToDaemonPods and podByCreationTimestampAndPhase (pkg/controller/daemon, v1.37.2).
import type { Pod } from '../../api/core.ts';
import { isDeleting, isPodTerminal } from '../conditions.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import { targetNodeName } from './pod-template.ts';

/**
 * The node that counts a pod as one of its pods: the one that it runs on or is meant for. Undefined for pods that name
 * no node, and for those that have ended and are being deleted, so that a finalizer holds up no replacement.
 */
export function countingNodeName(pod: Pod): string | undefined {
  return isDeleting(pod) && isPodTerminal(pod) ? undefined : targetNodeName(pod);
}

/** The order in which pods of one node are kept: bound ones first, then the older, then by name. */
export function byScheduledThenAge(a: Pod, b: Pod): number {
  const bound = Number(isBound(b)) - Number(isBound(a));
  if (bound !== 0) return bound;
  return createdAt(a) - createdAt(b) || byName(a, b);
}

/** Order of pods by name, bytewise. */
export function byName(a: Pod, b: Pod): number {
  const left = a.metadata.name ?? '';
  const right = b.metadata.name ?? '';
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Whether the pod has a node for good. */
export function isBound(pod: Pod): boolean {
  return pod.spec.nodeName !== undefined && pod.spec.nodeName !== '';
}

function createdAt(pod: Pod): number {
  return parseRfc3339(pod.metadata.creationTimestamp) ?? 0;
}
