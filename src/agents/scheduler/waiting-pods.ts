import type { Pod } from '../../api/core.ts';
import { keyText } from '../../runtime/write-requests.ts';
import { namedNodes } from './choose-node.ts';

/** Pods that fit nowhere, by the nodes whose change may help them. */
export interface WaitingPods {
  add(pod: Pod): void;
  remove(key: string): void;
  /** Keys of the pods to try again when this node changes. */
  onNode(nodeName: string): readonly string[];
}

/** Nobody waits yet. */
export function createWaitingPods(): WaitingPods {
  const anywhere = new Set<string>();
  const byNode = new Map<string, Set<string>>();
  const nodesOf = new Map<string, readonly string[]>();

  function remove(key: string): void {
    anywhere.delete(key);
    for (const name of nodesOf.get(key) ?? []) {
      const keys = byNode.get(name);
      keys?.delete(key);
      if (keys?.size === 0) byNode.delete(name);
    }
    nodesOf.delete(key);
  }

  return {
    add(pod) {
      const key = keyText(pod);
      remove(key);
      const named = namedNodes(pod);
      if (named === undefined) {
        anywhere.add(key);
        return;
      }
      nodesOf.set(key, [...named]);
      for (const name of named) byNode.set(name, (byNode.get(name) ?? new Set<string>()).add(key));
    },
    remove,
    onNode: (nodeName) => [...(byNode.get(nodeName) ?? []), ...anywhere],
  };
}
