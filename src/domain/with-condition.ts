import type { Condition } from '../api/meta.ts';
import { formatRfc3339 } from './rfc3339.ts';

/**
 * Conditions with one of them set, at its old place or at the end. Its lastTransitionTime becomes `now` (milliseconds
 * since the epoch) when its status changes, and stays otherwise.
 */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  wanted: Condition,
  now: number,
): readonly Condition[] {
  const known = conditions?.find((condition) => condition.type === wanted.type);
  const lastTransitionTime =
    known?.status === wanted.status && known.lastTransitionTime
      ? known.lastTransitionTime
      : formatRfc3339(now);
  const next: Condition = { ...wanted, lastTransitionTime };
  if (known === undefined) return [...(conditions ?? []), next];
  return (conditions ?? []).map((condition) => (condition === known ? next : condition));
}
