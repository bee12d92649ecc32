/** Node by node, why a pod cannot go there. */
export type ReasonsByNode = ReadonlyMap<string, readonly string[]>;

/** The reason given for nodes that the pod's affinity by node name rules out before anything else is looked at. */
export const NOT_AMONG_NAMED = "node(s) didn't satisfy plugin(s) [NodeAffinity]";
/** The reasons that preemption gives. */
export const PREEMPTION_NOT_HELPFUL = 'Preemption is not helpful for scheduling';
export const NO_VICTIMS = 'No preemption victims found for incoming pod';

/**
 * The text of a FailedScheduling event: how many nodes have which reason, sorted as text. `others` nodes that are not
 * in the map share one reason.
 */
export function noNodesAvailable(
  reasons: ReasonsByNode,
  others: { readonly count: number; readonly reason: string },
): string {
  const counts = new Map<string, number>(others.count === 0 ? [] : [[others.reason, others.count]]);
  for (const list of reasons.values()) {
    for (const reason of list) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${reasons.size + others.count} nodes are available: ${texts.join(', ')}.`;
}

/** The whole text, with what preemption found (`not eligible due to …`, or its own count of nodes). */
export function failedScheduling(nodes: string, preemption: string): string {
  return `${nodes} no new claims to deallocate, preemption: ${preemption}`;
}
