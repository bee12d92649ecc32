import type { DaemonSet } from '../../api/apps.ts';
import type { Node, Pod } from '../../api/core.ts';
import { getNodesToDaemonPods, sortedByName } from './nodes-to-pods.ts';
import type { Observed } from './observed.ts';
import { nodeShouldRunDaemonPod, type Placement } from './placement.ts';
import { templateGeneration } from './pod-template.ts';

/** One node of the cluster as a sync sees it. */
export interface NodeState {
  readonly node: Node;
  readonly name: string;
  readonly placement: Placement;
  /** Pods on it or meant for it; undefined when there are none (then a new one may be created). */
  readonly pods: readonly Pod[] | undefined;
}

/** Pods on a node that the cluster does not have (any more). */
interface StrandedPods {
  readonly name: string;
  readonly pods: readonly Pod[];
}

/** What the steps of one sync share. */
export interface SyncState {
  readonly daemonSet: DaemonSet;
  /** In order of their names. */
  readonly nodes: readonly NodeState[];
  readonly stranded: readonly StrandedPods[];
  /** The current revision's hash. */
  readonly hash: string;
  /** The template generation, as labels carry it. */
  readonly generation: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly backoff: Observed['backoff'];
}

/** Brings nodes, placements and own pods together. */
export function syncStateOf(observed: Observed, ownPods: readonly Pod[], hash: string): SyncState {
  const { daemonSet, now, backoff } = observed;
  const nodesToPods = getNodesToDaemonPods(ownPods);
  const nodes = sortedByName(observed.nodes).map((node) => {
    const name = node.metadata.name ?? '';
    return { node, name, placement: nodeShouldRunDaemonPod(node, daemonSet), pods: nodesToPods.get(name) };
  });
  const known = new Set(nodes.map(({ name }) => name));
  const stranded = [...nodesToPods]
    .filter(([name]) => !known.has(name))
    .map(([name, pods]) => ({ name, pods }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { daemonSet, nodes, stranded, hash, generation: templateGeneration(daemonSet), now, backoff };
}
