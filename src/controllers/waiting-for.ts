import type { DaemonSet } from '../api/apps.ts';
import type { Pod } from '../api/core.ts';
import { NODE, POD } from '../api/well-known.ts';
import { findCondition, isDeleting, isPodAvailable, isPodReady } from '../domain/conditions.ts';
import { targetNodeName } from '../domain/daemonset/pod-template.ts';
import { showsNothingMissing } from '../domain/daemonset/status.ts';
import { isControlledBy } from '../domain/owner-references.ts';
import type { Lister } from '../runtime/controller.ts';
import { isNodeReady } from './node-lifecycle/condition-taints.ts';

/** The pods with this owner that have changed since a moment at which no DaemonSet waited for anything. */
export type PodsChangedSince = (ownerUid: string) => readonly Pod[];

/**
 * What stands between a DaemonSet and its goal, one sentence part per pod or cause, in the order of the nodes. Empty
 * when all of its pods are available. `now` is in milliseconds since the epoch. All pods of the DaemonSet are looked
 * at; with `changedSince`, and a status that shows nothing missing, only those that it answers.
 */
export function waitingFor(
  daemonSet: DaemonSet,
  lister: Lister,
  now: number,
  changedSince?: PodsChangedSince,
): readonly string[] {
  const { uid = '', name = '' } = daemonSet.metadata;
  if (isDeleting(daemonSet)) {
    const count = lister.dependentsOf(uid).length;
    return [`${name} is being deleted: ${count} ${count === 1 ? 'object' : 'objects'} of it left`];
  }
  const pods =
    changedSince !== undefined && showsNothingMissing(daemonSet)
      ? changedSince(uid)
      : lister.ownedBy(POD, uid);
  return pods
    .filter((pod) => isControlledBy(pod, uid))
    .map((pod) => ({ pod, node: targetNodeName(pod) ?? '' }))
    .sort((a, b) => (a.node < b.node ? -1 : a.node > b.node ? 1 : 0))
    .flatMap(({ pod, node }) => obstacle(pod, node, daemonSet.spec.minReadySeconds ?? 0, lister, now));
}

function obstacle(
  pod: Pod,
  nodeName: string,
  minReadySeconds: number,
  lister: Lister,
  now: number,
): readonly string[] {
  const name = pod.metadata.name ?? '';
  const node = lister.get(NODE, { namespace: '', name: nodeName });
  if (isDeleting(pod)) {
    if (node !== undefined && !isNodeReady(node)) {
      return [`pod ${name} to stop on node ${nodeName}, which is not ready`];
    }
    const finalizers = pod.metadata.finalizers ?? [];
    return [
      `pod ${name} to stop on node ${nodeName}${finalizers.length === 0 ? '' : `: finalizer ${finalizers.join(', ')}`}`,
    ];
  }
  if (isPodAvailable(pod, minReadySeconds, now)) return [];
  if (isPodReady(pod)) return [`pod ${name} on node ${nodeName} to be ready for ${minReadySeconds}s`];
  if (node === undefined) return [`pod ${name}, whose node ${nodeName} does not exist`];
  const scheduled = findCondition(pod.status?.conditions, 'PodScheduled');
  if ((pod.spec.nodeName ?? '') === '') {
    const because = scheduled?.message === undefined ? '' : `: ${scheduled.message}`;
    return [`pod ${name} to be scheduled on node ${nodeName}${because}`];
  }
  if (!isNodeReady(node)) return [`node ${nodeName} to be ready again, where pod ${name} runs`];
  const reason = containerTrouble(pod) ?? pod.status?.reason;
  return [`pod ${name} on node ${nodeName} to be ready${reason === undefined ? '' : `: ${reason}`}`];
}

/** The reason why a container waits, with its message. */
function containerTrouble(pod: Pod): string | undefined {
  for (const { state } of [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]) {
    const { reason, message } = state?.waiting ?? {};
    if (reason !== undefined) return message === undefined ? reason : `${reason}, ${message}`;
  }
  return undefined;
}
