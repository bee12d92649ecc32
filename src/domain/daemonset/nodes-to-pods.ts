// Mirrors getNodesToDaemonPods and podByCreationTimestampAndPhase (pkg/controller/daemon, v1.37.2).
import type { Node, Pod } from '../../api/core.ts';
import { isDeleting, isPodTerminal } from '../conditions.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import { targetNodeName } from './pod-template.ts';

/** The pods on each node, or meant for it. A node is in the map when it has any. */
export type NodesToPods = ReadonlyMap<string, readonly Pod[]>;

/**
 * Which of a DaemonSet's pods are where. Pods that have ended and are being deleted are left out, so that a finalizer
 * holds up no replacement; pods that name no node are left out too. Pods of a node are in order of their names.
 */
export function getNodesToDaemonPods(pods: readonly Pod[]): NodesToPods {
  const nodesToPods = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (isDeleting(pod) && isPodTerminal(pod)) continue;
    const nodeName = targetNodeName(pod);
    if (nodeName === undefined) continue;
    const onNode = nodesToPods.get(nodeName);
    if (onNode === undefined) nodesToPods.set(nodeName, [pod]);
    else onNode.push(pod);
  }
  for (const onNode of nodesToPods.values()) if (onNode.length > 1) onNode.sort(byName);
  return nodesToPods;
}

/** The order in which pods of one node are kept: bound ones first, then the older, then by name. */
export function byScheduledThenAge(a: Pod, b: Pod): number {
  const bound = Number(isBound(b)) - Number(isBound(a));
  if (bound !== 0) return bound;
  return createdAt(a) - createdAt(b) || byName(a, b);
}

/** Nodes in order of their names: the order in which a sync visits them. Upstream visits them in no fixed order. */
export function sortedByName(nodes: readonly Node[]): readonly Node[] {
  const isSorted = nodes.every((node, index) => {
    const next = nodes[index + 1];
    return next === undefined || byName(node, next) <= 0;
  });
  return isSorted ? nodes : [...nodes].sort(byName);
}

/** Order of objects by name, bytewise. */
function byName(a: Pod | Node, b: Pod | Node): number {
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
