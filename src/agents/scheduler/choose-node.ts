import type { Node, Pod } from '../../api/core.ts';
import { NODE } from '../../api/well-known.ts';
import { demandsOf, lackOfRoom, nodeMismatch } from '../../domain/scheduling/fit.ts';
import { nodeNamesOf, requiredNodeAffinity } from '../../domain/scheduling/node-affinity.ts';
import type { NodeUsage } from '../../domain/scheduling/node-usage.ts';
import type { Lister } from '../../runtime/controller.ts';
import {
  failedScheduling,
  NOT_AMONG_NAMED,
  noNodesAvailable,
  PREEMPTION_NOT_HELPFUL,
} from './failed-scheduling.ts';
import { type PreemptionCandidate, pickCandidate, preemptOn, waitsForVictims } from './preemption.ts';

/** Where a pod goes. */
export type Choice =
  | { readonly kind: 'bind'; readonly node: Node }
  /** Nowhere now; `preempt` makes room for it. `message` is the text of the FailedScheduling event. */
  | { readonly kind: 'unschedulable'; readonly message: string; readonly preempt?: PreemptionCandidate };

/** What the choice for one pod looks at. */
export interface Cluster {
  readonly lister: Lister;
  /** Pods on a node: bound ones, those that this batch binds, and those that wait there for room. */
  podsOnNode(name: string): readonly Pod[];
  /** What those pods take of the node together. */
  usageOfNode(name: string): NodeUsage;
  /** Where the search among all nodes starts, so that pods spread. */
  readonly firstNode: number;
}

/** In larger clusters the search among all nodes ends when this many were found that fit. */
const enough = 16;
/** Up to this many nodes all are looked at. */
const smallCluster = 100;

/** The nodes that a pod names (daemon pods name one); undefined when it may go anywhere. */
export function namedNodes(pod: Pod): ReadonlySet<string> | undefined {
  return nodeNamesOf(requiredNodeAffinity(pod.spec));
}

/** Chooses the node for a pod: of those that fit, the one with the fewest pods. */
export function chooseNode(pod: Pod, cluster: Cluster): Choice {
  const { lister } = cluster;
  const all = lister.list(NODE);
  if (all.length === 0) return { kind: 'unschedulable', message: 'no nodes available to schedule pods' };
  const demands = demandsOf(pod);
  const named = nodeNamesOf(demands.affinity);
  const candidates = named === undefined ? all : nodesNamed(named, lister);
  const limit = candidates.length <= smallCluster ? Number.POSITIVE_INFINITY : enough;
  const reasons = new Map<string, readonly string[]>();
  let best: { readonly node: Node; readonly pods: number } | undefined;
  let found = 0;
  for (let step = 0; step < candidates.length && found < limit; step += 1) {
    const node = candidates[(cluster.firstNode + step) % candidates.length];
    if (node === undefined) continue;
    const name = node.metadata.name ?? '';
    const mismatch = nodeMismatch(demands, node);
    if (mismatch !== undefined) {
      reasons.set(name, [mismatch]);
      continue;
    }
    const usage = cluster.usageOfNode(name);
    const lack = lackOfRoom(demands, node, usage);
    if (lack.length > 0) {
      reasons.set(name, lack);
      continue;
    }
    found += 1;
    if (best === undefined || usage.pods < best.pods) best = { node, pods: usage.pods };
  }
  if (best !== undefined) return { kind: 'bind', node: best.node };
  const nodes = noNodesAvailable(reasons, { count: all.length - reasons.size, reason: NOT_AMONG_NAMED });
  return preempt(pod, cluster, candidates, reasons, nodes, all.length);
}

function nodesNamed(names: ReadonlySet<string>, lister: Lister): readonly Node[] {
  const nodes: Node[] = [];
  for (const name of names) {
    const node = lister.get(NODE, { namespace: '', name });
    if (node !== undefined) nodes.push(node);
  }
  return nodes;
}

function preempt(
  pod: Pod,
  cluster: Cluster,
  nodes: readonly Node[],
  reasons: ReadonlyMap<string, readonly string[]>,
  text: string,
  total: number,
): Choice {
  const unschedulable = (preemption: string): Choice => ({
    kind: 'unschedulable',
    message: failedScheduling(text, preemption),
  });
  if (pod.spec.preemptionPolicy === 'Never')
    return unschedulable('not eligible due to preemptionPolicy=Never.');
  const nominated = pod.status?.nominatedNodeName ?? '';
  if (nominated !== '' && waitsForVictims(pod, cluster.lister.podsOnNode(nominated))) {
    return unschedulable('not eligible due to a terminating pod on the nominated node.');
  }
  const found: PreemptionCandidate[] = [];
  const why = new Map<string, readonly string[]>();
  for (const node of nodes) {
    const name = node.metadata.name ?? '';
    const answer = preemptOn(pod, node, cluster.podsOnNode(name), reasons.get(name) ?? []);
    if ('victims' in answer) found.push(answer);
    else why.set(name, answer);
  }
  const candidate = pickCandidate(found);
  if (candidate !== undefined) return { kind: 'unschedulable', message: text, preempt: candidate };
  return unschedulable(noNodesAvailable(why, { count: total - why.size, reason: PREEMPTION_NOT_HELPFUL }));
}
