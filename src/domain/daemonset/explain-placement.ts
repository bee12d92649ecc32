import type { DaemonSet } from '../../api/apps.ts';
import type { Node, Taint, Toleration } from '../../api/core.ts';
import { matchesNodeSelectorTerms, requiredNodeAffinity } from '../scheduling/node-affinity.ts';
import { formatTaint, tolerates } from '../scheduling/taints.ts';
import { addOrUpdateDaemonPodTolerations, nodeShouldRunDaemonPod, type Placement } from './placement.ts';

/** One rule that had a say, and what it said. */
interface PlacementReason {
  readonly rule: 'nodeName' | 'nodeSelector' | 'nodeAffinity' | 'taint' | 'none';
  /** `blocks`: no new pod. `evicts`: no pod at all. */
  readonly verdict: 'allows' | 'blocks' | 'evicts';
  /** For people, without the node's and the DaemonSet's names: `taint gpu=a:NoSchedule is not tolerated`. */
  readonly text: string;
}

/** A placement with the rules behind it. */
export interface ExplainedPlacement extends Placement {
  /** Every rule that was looked at, in the order in which they count. */
  readonly reasons: readonly PlacementReason[];
}

/** Why a node should or should not run a DaemonSet's pod. Slower than `nodeShouldRunDaemonPod`, with the same answer. */
export function explainPlacement(daemonSet: DaemonSet, node: Node): ExplainedPlacement {
  const reasons = [
    ...nodeNameReasons(daemonSet, node),
    ...nodeSelectorReasons(daemonSet, node),
    ...nodeAffinityReasons(daemonSet, node),
    ...taintReasons(daemonSet, node),
  ];
  if (reasons.length === 0) {
    reasons.push({
      rule: 'none',
      verdict: 'allows',
      text: 'the template accepts every node and this one has no taints',
    });
  }
  return { ...nodeShouldRunDaemonPod(node, daemonSet), reasons };
}

/** What keeps the pod away, in one sentence part; '' when nothing does. */
export function describeObstacles(daemonSet: DaemonSet, node: Node): string {
  return explainPlacement(daemonSet, node)
    .reasons.filter(({ verdict }) => verdict !== 'allows')
    .map(({ text }) => text)
    .join(', ');
}

function nodeNameReasons(daemonSet: DaemonSet, node: Node): readonly PlacementReason[] {
  const wanted = daemonSet.spec.template.spec.nodeName ?? '';
  if (wanted === '') return [];
  const verdict = wanted === node.metadata.name ? 'allows' : 'evicts';
  return [{ rule: 'nodeName', verdict, text: `the template names node ${wanted}` }];
}

function nodeSelectorReasons(daemonSet: DaemonSet, node: Node): readonly PlacementReason[] {
  return Object.entries(daemonSet.spec.template.spec.nodeSelector ?? {}).map(([key, value]) => {
    const actual = node.metadata.labels?.[key];
    if (actual === value)
      return { rule: 'nodeSelector', verdict: 'allows', text: `nodeSelector ${key}=${value} matches` };
    const instead = actual === undefined ? `the node has no label ${key}` : `the node has ${key}=${actual}`;
    return {
      rule: 'nodeSelector',
      verdict: 'evicts',
      text: `nodeSelector wants ${key}=${value} and ${instead}`,
    };
  });
}

function nodeAffinityReasons(daemonSet: DaemonSet, node: Node): readonly PlacementReason[] {
  const required = requiredNodeAffinity(daemonSet.spec.template.spec);
  if (required.terms === undefined) return [];
  return matchesNodeSelectorTerms(required, node)
    ? [{ rule: 'nodeAffinity', verdict: 'allows', text: 'the required node affinity matches' }]
    : [{ rule: 'nodeAffinity', verdict: 'evicts', text: 'no term of the required node affinity matches' }];
}

function taintReasons(daemonSet: DaemonSet, node: Node): readonly PlacementReason[] {
  const template = daemonSet.spec.template.spec;
  const tolerations = addOrUpdateDaemonPodTolerations(template);
  return (node.spec?.taints ?? []).map((taint) =>
    taintReason(taint, tolerations, template.tolerations ?? []),
  );
}

function taintReason(
  taint: Taint,
  tolerations: readonly Toleration[],
  own: readonly Toleration[],
): PlacementReason {
  const name = `taint ${formatTaint(taint)}`;
  if (taint.effect !== 'NoSchedule' && taint.effect !== 'NoExecute') {
    return { rule: 'taint', verdict: 'allows', text: `${name} is only a preference` };
  }
  if (own.some((toleration) => tolerates(toleration, taint))) {
    return { rule: 'taint', verdict: 'allows', text: `${name} is tolerated by the template` };
  }
  if (tolerations.some((toleration) => tolerates(toleration, taint))) {
    return { rule: 'taint', verdict: 'allows', text: `${name} is tolerated by every daemon pod` };
  }
  const verdict = taint.effect === 'NoExecute' ? 'evicts' : 'blocks';
  return { rule: 'taint', verdict, text: `${name} is not tolerated` };
}
