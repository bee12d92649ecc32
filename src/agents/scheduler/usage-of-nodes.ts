import type { Pod } from '../../api/core.ts';
import {
  type ChangingUsage,
  type NodeUsage,
  takesTheSame,
  usageOf,
} from '../../domain/scheduling/node-usage.ts';
import type { Lister } from '../../runtime/controller.ts';

/**
 * What is used of each node. It is added up from the node's pods when somebody first asks, and kept up to date from
 * the changes of pods from then on, so that an answer does not take a look at the pods.
 */
export interface UsageOfNodes {
  /** What the pods bound to a node, and those assumed to be, take of it. */
  of(nodeName: string, lister: Lister): NodeUsage;
  /** A pod has changed, as a watch tells of it. Every change has to be told, in order. */
  podChanged(previous: Pod | undefined, current: Pod | undefined): void;
  /** A node is gone. */
  nodeGone(nodeName: string): void;
  /** Counts a pod as bound to a node, until `assumeNothing`. */
  assume(pod: Pod, nodeName: string, lister: Lister): void;
  /** Pods that count as bound to a node without being so. */
  assumedOn(nodeName: string): readonly Pod[];
  /** Whatever was assumed is decided: bindings that came about are told as changes of pods. */
  assumeNothing(): void;
}

/** Nobody has asked yet. */
export function createUsageOfNodes(): UsageOfNodes {
  const known = new Map<string, ChangingUsage>();
  const assumed: { readonly pod: Pod; readonly nodeName: string }[] = [];

  function leave(nodeName: string, pod: Pod): void {
    if (known.get(nodeName)?.remove(pod) === false) known.delete(nodeName);
  }

  function of(nodeName: string, lister: Lister): ChangingUsage {
    let usage = known.get(nodeName);
    if (usage === undefined) {
      usage = usageOf(lister.podsOnNode(nodeName));
      known.set(nodeName, usage);
    }
    return usage;
  }

  return {
    of,
    podChanged(previous, current) {
      const from = previous?.spec.nodeName ?? '';
      const to = current?.spec.nodeName ?? '';
      if (from === to) {
        if (from === '') return;
        if (previous !== undefined && current !== undefined && takesTheSame(previous, current)) return;
      }
      if (previous !== undefined && from !== '') leave(from, previous);
      if (current !== undefined && to !== '') known.get(to)?.add(current);
    },
    nodeGone: (nodeName) => void known.delete(nodeName),
    assume(pod, nodeName, lister) {
      of(nodeName, lister).add(pod);
      assumed.push({ pod, nodeName });
    },
    assumedOn: (nodeName) => assumed.filter((one) => one.nodeName === nodeName).map(({ pod }) => pod),
    assumeNothing() {
      for (const { pod, nodeName } of assumed) leave(nodeName, pod);
      assumed.length = 0;
    },
  };
}
