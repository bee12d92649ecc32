import type { DaemonSet } from '../../../api/apps.ts';
import type { Node, Pod } from '../../../api/core.ts';
import { templateHash } from '../../hashing/template-hash.ts';
import { claim } from '../claim.ts';
import { constructHistory } from '../history.ts';
import type { Observed } from '../observed.ts';
import { nodeShouldRunDaemonPod, type Placement } from '../placement.ts';
import { templateGeneration } from '../pod-template.ts';
import { byName, countingNodeName } from '../pods-of-node.ts';

/** One node of the cluster, with the DaemonSet's pods there. */
export interface ExplainedNode {
  readonly name: string;
  readonly node: Node;
  readonly placement: Placement;
  /** Pods on it or meant for it, by name; undefined when there are none. */
  readonly pods: readonly Pod[] | undefined;
}

/** What the parts of a report share: the same as a sync sees, node by node. */
export interface ExplainedState {
  readonly daemonSet: DaemonSet;
  /** In order of their names. */
  readonly nodes: readonly ExplainedNode[];
  /** The current revision's hash. */
  readonly hash: string;
  /** The template generation, as labels carry it. */
  readonly generation: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Brings nodes, placements and own pods together. */
export function explainedState({
  daemonSet,
  nodes,
  pods,
  revisions,
  now,
}: Omit<Observed, 'backoff'>): ExplainedState {
  const { owned } = claim(daemonSet, pods);
  const { hash = '' } = constructHistory(daemonSet, revisions, () => owned, templateHash);
  const onNode = podsByNode(owned);
  const states = nodes.map((node): ExplainedNode => {
    const name = node.metadata.name ?? '';
    return { name, node, placement: nodeShouldRunDaemonPod(node, daemonSet), pods: onNode.get(name) };
  });
  states.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { daemonSet, nodes: states, hash, generation: templateGeneration(daemonSet), now };
}

function podsByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of [...pods].sort(byName)) {
    const nodeName = countingNodeName(pod);
    if (nodeName === undefined) continue;
    const onNode = byNode.get(nodeName);
    if (onNode === undefined) byNode.set(nodeName, [pod]);
    else onNode.push(pod);
  }
  return byNode;
}
