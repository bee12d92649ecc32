import type { Pod } from '../api/core.ts';
import { withCondition } from './with-condition.ts';

/** The pod with the condition that tells who ended it. `now` is in milliseconds since the epoch. */
export function withDisruptionTarget(pod: Pod, reason: string, message: string, now: number): Pod {
  const conditions = withCondition(
    pod.status?.conditions,
    { type: 'DisruptionTarget', status: 'True', reason, message },
    now,
  );
  return { ...pod, status: { ...pod.status, conditions } };
}
