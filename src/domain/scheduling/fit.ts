// Mirrors the filters of the default scheduler that matter here, in their order (pkg/scheduler, v1.37.2).
import type { Node, Pod, Taint, Toleration } from '../../api/core.ts';
import { TAINT_UNSCHEDULABLE } from '../../api/well-known.ts';
import { type HostPort, hostPortsConflict, hostPortsOf } from './host-ports.ts';
import { matchesNodeAffinity, type RequiredNodeAffinity, requiredNodeAffinity } from './node-affinity.ts';
import { type NodeUsage, usageOf } from './node-usage.ts';
import { allocatableOf, insufficientResources, podRequests, type ResourceAmounts } from './resources.ts';
import { findUntoleratedTaint, tolerates } from './taints.ts';

/** What a pod asks of a node, read once and held against many nodes. */
export interface PodDemands {
  /** The node that it asks for by `spec.nodeName`; '' when it does not. */
  readonly nodeName: string;
  readonly tolerations: readonly Toleration[];
  readonly affinity: RequiredNodeAffinity;
  readonly hostPorts: readonly HostPort[];
  readonly requests: ResourceAmounts;
}

/** Reads what a pod asks of a node. */
export function demandsOf(pod: Pod): PodDemands {
  return {
    nodeName: pod.spec.nodeName ?? '',
    tolerations: pod.spec.tolerations ?? [],
    affinity: requiredNodeAffinity(pod.spec),
    hostPorts: hostPortsOf(pod),
    requests: podRequests(pod),
  };
}

/**
 * Why a pod cannot be bound to a node, in the words of FailedScheduling events; empty when it can. The first filter
 * that refuses has the say; the resource filter alone may give several reasons. `podsOnNode` are the pods bound to
 * the node; those that have ended take nothing.
 */
export function unfitReasons(pod: Pod, node: Node, podsOnNode: readonly Pod[]): readonly string[] {
  const demands = demandsOf(pod);
  const mismatch = nodeMismatch(demands, node);
  return mismatch === undefined ? lackOfRoom(demands, node, usageOf(podsOnNode)) : [mismatch];
}

/** Why a node is nothing for a pod, whatever else runs there; undefined when it is. */
export function nodeMismatch(
  { nodeName, tolerations, affinity }: PodDemands,
  node: Node,
): string | undefined {
  if (
    node.spec?.unschedulable === true &&
    !tolerations.some((toleration) => tolerates(toleration, CORDONED))
  ) {
    return 'node(s) were unschedulable';
  }
  if (nodeName !== '' && nodeName !== node.metadata.name) {
    return "node(s) didn't match the requested node name";
  }
  if (findUntoleratedTaint(node.spec?.taints, tolerations, EFFECTS) !== undefined) {
    return 'node(s) had untolerated taint(s)';
  }
  return matchesNodeAffinity(affinity, node)
    ? undefined
    : "node(s) didn't match Pod's node affinity/selector";
}

const CORDONED: Taint = { key: TAINT_UNSCHEDULABLE, effect: 'NoSchedule' };
const EFFECTS: readonly string[] = ['NoSchedule', 'NoExecute'];
const none: readonly string[] = [];

/** What a node has too little of for a pod, beside what is used of it. */
export function lackOfRoom(
  { hostPorts, requests }: PodDemands,
  node: Node,
  usage: NodeUsage,
): readonly string[] {
  if (hostPorts.length > 0 && hostPortsConflict(hostPorts, usage.hostPorts)) {
    return ["node(s) didn't have free ports for the requested pod ports"];
  }
  const allocatable = allocatableOf(node);
  const tooMany = usage.active + 1 > (allocatable.get('pods') ?? 0);
  const insufficient = insufficientResources(requests, allocatable, usage.requests);
  if (!tooMany && insufficient.length === 0) return none;
  return [...(tooMany ? ['Too many pods'] : []), ...insufficient.map((name) => `Insufficient ${name}`)];
}
