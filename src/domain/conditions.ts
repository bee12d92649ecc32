import type { Pod } from '../api/core.ts';
import type { Condition } from '../api/meta.ts';
import { parseRfc3339 } from './rfc3339.ts';

/** The condition of a type, if the object has it. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions === undefined ? undefined : conditions.find((condition) => condition.type === type);
}

/** Whether the pod's Ready condition is True. */
export function isPodReady(pod: Pod): boolean {
  return findCondition(pod.status?.conditions, 'Ready')?.status === 'True';
}

/**
 * Whether the pod is ready and has been so for `minReadySeconds` at `now` (milliseconds since the epoch). The
 * boundary counts as available. A pod on its way out is not special here.
 */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  if (ready?.status !== 'True') return false;
  if (minReadySeconds === 0) return true;
  const since = parseRfc3339(ready.lastTransitionTime);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

/** Whether the pod has run to its end: phase Succeeded or Failed. */
export function isPodTerminal(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Whether somebody has asked for the object's deletion and it is still there. */
export function isDeleting(object: {
  readonly metadata: { readonly deletionTimestamp?: string | null };
}): boolean {
  return object.metadata.deletionTimestamp !== undefined && object.metadata.deletionTimestamp !== null;
}
