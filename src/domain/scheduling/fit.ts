// Mirrors the filters of the default scheduler that matter here, in their order (pkg/scheduler, v1.37.2).
import type { Node, Pod, Taint } from '../../api/core.ts';
import { TAINT_UNSCHEDULABLE } from '../../api/well-known.ts';
import { isPodTerminal } from '../conditions.ts';
import { hostPortsConflict, hostPortsOf } from './host-ports.ts';
import { matchesNodeAffinity, requiredNodeAffinity } from './node-affinity.ts';
import { allocatableOf, insufficientResources, podRequests, totalRequests } from './resources.ts';
import { findUntoleratedTaint, tolerates } from './taints.ts';

/**
 * Why a pod cannot be bound to a node, in the words of FailedScheduling events; empty when it can. The first filter
 * that refuses has the say; the resource filter alone may give several reasons. `podsOnNode` are the pods bound to
 * the node; those that have ended take nothing.
 */
export function unfitReasons(pod: Pod, node: Node, podsOnNode: readonly Pod[]): readonly string[] {
  const tolerations = pod.spec.tolerations ?? [];
  if (
    node.spec?.unschedulable === true &&
    !tolerations.some((toleration) => tolerates(toleration, CORDONED))
  ) {
    return ['node(s) were unschedulable'];
  }
  if (
    pod.spec.nodeName !== undefined &&
    pod.spec.nodeName !== '' &&
    pod.spec.nodeName !== node.metadata.name
  ) {
    return ["node(s) didn't match the requested node name"];
  }
  if (findUntoleratedTaint(node.spec?.taints, tolerations, ['NoSchedule', 'NoExecute']) !== undefined) {
    return ['node(s) had untolerated taint(s)'];
  }
  if (!matchesNodeAffinity(requiredNodeAffinity(pod.spec), node)) {
    return ["node(s) didn't match Pod's node affinity/selector"];
  }
  const active = podsOnNode.filter((other) => !isPodTerminal(other));
  const ports = hostPortsOf(pod);
  if (ports.length > 0 && hostPortsConflict(ports, active.flatMap(hostPortsOf))) {
    return ["node(s) didn't have free ports for the requested pod ports"];
  }
  return resourceReasons(pod, node, active);
}

const CORDONED: Taint = { key: TAINT_UNSCHEDULABLE, effect: 'NoSchedule' };

function resourceReasons(pod: Pod, node: Node, active: readonly Pod[]): readonly string[] {
  const allocatable = allocatableOf(node);
  const tooMany = active.length + 1 > (allocatable.get('pods') ?? 0) ? ['Too many pods'] : [];
  const insufficient = insufficientResources(podRequests(pod), allocatable, totalRequests(active));
  return [...tooMany, ...insufficient.map((name) => `Insufficient ${name}`)];
}
