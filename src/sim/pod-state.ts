import type { Pod } from '../api/core.ts';
import { findCondition, isDeleting } from '../domain/conditions.ts';
import { parseRfc3339 } from '../domain/rfc3339.ts';
import type { NodeState } from './plan-report.ts';

/** A pod's state, and when time alone turns it into another (milliseconds since the epoch). */
export interface PodStateAt {
  readonly state: Exclude<NodeState, 'absent'>;
  readonly changesAt?: number;
}

/** Whether a pod in this state serves: what availability counts. */
export function isServing(state: NodeState): boolean {
  return state === 'old' || state === 'ready';
}

const failing: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Why a container of the pod waits (`CrashLoopBackOff`), if it waits because something failed. */
export function failureReason({ status }: Pod): string | undefined {
  for (const one of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const reason = one.state?.waiting?.reason ?? '';
    if (failing.has(reason)) return reason;
    if (one.state?.running !== undefined && !one.ready && one.restartCount > 0) return 'CrashLoopBackOff';
  }
  return status?.phase === 'Failed' ? (status.reason ?? 'Failed') : undefined;
}

/** The state of one of a DaemonSet's pods at `now` (milliseconds since the epoch). */
export function podStateAt(
  pod: Pod,
  { isUpdated, minReadySeconds, now }: { isUpdated: boolean; minReadySeconds: number; now: number },
): PodStateAt {
  if (isDeleting(pod)) return { state: 'terminating' };
  const ready = findCondition(pod.status?.conditions, 'Ready');
  if (ready?.status === 'True') {
    const served: PodStateAt = { state: isUpdated ? 'ready' : 'old' };
    if (minReadySeconds === 0) return served;
    const since = parseRfc3339(ready.lastTransitionTime);
    const unsettled = isUpdated ? 'settling' : 'oldUnready';
    if (since === undefined) return { state: unsettled };
    const changesAt = since + minReadySeconds * 1000;
    return changesAt <= now ? served : { state: unsettled, changesAt };
  }
  if (!isUpdated) return { state: 'oldUnready' };
  return { state: unreadyState(pod) };
}

function unreadyState(pod: Pod): 'pending' | 'pulling' | 'starting' | 'failed' {
  const { spec, status } = pod;
  if ((spec.nodeName ?? '') === '' || status?.startTime === undefined) return 'pending';
  if (failureReason(pod) !== undefined) return 'failed';
  const statuses = status.containerStatuses ?? [];
  // All containers are ready and the pod is not: its node was lost.
  if (status.phase === 'Running' && statuses.length > 0 && statuses.every((one) => one.ready))
    return 'failed';
  const isInitialized = findCondition(status.conditions, 'Initialized')?.status === 'True';
  const pulls = statuses.some((one) => one.state?.waiting?.reason === 'ContainerCreating');
  return !isInitialized && pulls ? 'pulling' : 'starting';
}
