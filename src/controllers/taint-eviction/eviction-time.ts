import type { Pod, Taint } from '../../api/core.ts';
import { tolerates } from '../../domain/scheduling/taints.ts';

/** When NoExecute taints throw a pod off its node: never, at once, or so long after the taints were first seen. */
export type EvictionTime =
  | { readonly kind: 'never' }
  | { readonly kind: 'now' }
  | { readonly kind: 'after'; readonly delayMs: number };

/**
 * What the NoExecute taints of a node mean for a pod there. A taint that nothing tolerates evicts at once. Otherwise
 * the shortest `tolerationSeconds` among the tolerations in use counts; none at all tolerates for ever.
 */
export function evictionTime(pod: Pod, taints: readonly Taint[] | undefined): EvictionTime {
  const evicting = taints?.filter(({ effect }) => effect === 'NoExecute') ?? [];
  if (evicting.length === 0) return { kind: 'never' };
  const used = new Set<number>();
  for (const taint of evicting) {
    const covering = pod.spec.tolerations?.filter((toleration) => tolerates(toleration, taint)) ?? [];
    if (covering.length === 0) return { kind: 'now' };
    for (const { tolerationSeconds } of covering)
      if (tolerationSeconds !== undefined) used.add(tolerationSeconds);
  }
  if (used.size === 0) return { kind: 'never' };
  const seconds = Math.min(...used);
  return seconds <= 0 ? { kind: 'now' } : { kind: 'after', delayMs: seconds * 1000 };
}
