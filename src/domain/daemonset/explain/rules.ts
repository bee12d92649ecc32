import type { DaemonSet } from '../../../api/apps.ts';
import type {
  Node,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Taint,
  Toleration,
} from '../../../api/core.ts';
import { isReadableExpression, isReadableField, matchesValue } from '../../scheduling/node-affinity.ts';
import { tolerates } from '../../scheduling/taints.ts';
import { addOrUpdateDaemonPodTolerations } from '../placement.ts';

/** What a rule says of a node. `blocks`: no new pod. `evicts`: no pod at all. */
type Verdict = 'allows' | 'blocks' | 'evicts';

/** One expression of an affinity term, beside what the node has. */
export interface RequirementFinding {
  readonly in: 'matchExpressions' | 'matchFields';
  /** A label's key, or `metadata.name`. */
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
  /** The node's value; absent when it has no such label. */
  readonly actual?: string;
  readonly holds: boolean;
}

/** One term of the required node affinity. */
export interface TermFinding {
  /** From 1. */
  readonly term: number;
  readonly matches: boolean;
  /** Why the term matches no node at all, whatever its labels. */
  readonly flaw?: 'empty' | 'unreadable';
  readonly requirements: readonly RequirementFinding[];
}

/** The toleration that covers a taint. */
export interface CoveringToleration {
  /** `daemon`: one that every daemon pod gets. */
  readonly from: 'template' | 'daemon';
  /** Which of the template's tolerations, from 1. */
  readonly index?: number;
  readonly toleration: Toleration;
}

/** One rule that had a say about a node, and what it looked at. */
export type RuleFinding =
  | { readonly rule: 'nodeName'; readonly verdict: Verdict; readonly wanted: string }
  | {
      readonly rule: 'nodeSelector';
      readonly verdict: Verdict;
      readonly key: string;
      readonly wanted: string;
      /** Absent when the node has no such label. */
      readonly actual?: string;
    }
  | { readonly rule: 'nodeAffinity'; readonly verdict: Verdict; readonly terms: readonly TermFinding[] }
  | {
      readonly rule: 'taint';
      readonly verdict: Verdict;
      readonly taint: Taint;
      readonly toleratedBy?: CoveringToleration;
      /** The toleration that would cover it, and as little else as possible; only where one is needed. */
      readonly needs?: Toleration;
    };

/** Every rule that has a say about this node, in upstream's order; empty when none has. */
export function rulesFor(daemonSet: DaemonSet, node: Node): readonly RuleFinding[] {
  return [
    ...nodeNameRules(daemonSet, node),
    ...nodeSelectorRules(daemonSet, node),
    ...nodeAffinityRules(daemonSet, node),
    ...taintRules(daemonSet, node),
  ];
}

/** The toleration that covers exactly this taint. */
export function tolerationOf({ key, value = '', effect }: Taint): Toleration {
  return value === '' ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect };
}

/** The node's value for a label; undefined when it has none. */
export function labelOf({ metadata: { labels } }: Node, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** The terms of the required node affinity; undefined when it states none. */
export function requiredTerms(daemonSet: DaemonSet): readonly NodeSelectorTerm[] | undefined {
  return daemonSet.spec.template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms;
}

function nodeNameRules(daemonSet: DaemonSet, node: Node): readonly RuleFinding[] {
  const wanted = daemonSet.spec.template.spec.nodeName ?? '';
  if (wanted === '') return [];
  return [{ rule: 'nodeName', verdict: wanted === node.metadata.name ? 'allows' : 'evicts', wanted }];
}

function nodeSelectorRules(daemonSet: DaemonSet, node: Node): readonly RuleFinding[] {
  return Object.entries(daemonSet.spec.template.spec.nodeSelector ?? {}).map(([key, wanted]) => {
    const actual = labelOf(node, key);
    const verdict = actual === wanted ? 'allows' : 'evicts';
    return { rule: 'nodeSelector', verdict, key, wanted, ...(actual !== undefined && { actual }) };
  });
}

function nodeAffinityRules(daemonSet: DaemonSet, node: Node): readonly RuleFinding[] {
  const terms = requiredTerms(daemonSet)?.map((term, index) => termFinding(term, index + 1, node));
  if (terms === undefined) return [];
  const verdict = terms.some(({ matches }) => matches) ? 'allows' : 'evicts';
  return [{ rule: 'nodeAffinity', verdict, terms }];
}

function termFinding(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  term: number,
  node: Node,
): TermFinding {
  const requirements = [
    ...matchExpressions.map((one) => requirementFinding(one, 'matchExpressions', labelOf(node, one.key))),
    ...matchFields.map((one) => requirementFinding(one, 'matchFields', node.metadata.name)),
  ];
  if (requirements.length === 0) return { term, matches: false, flaw: 'empty', requirements };
  const readable = matchExpressions.every(isReadableExpression) && matchFields.every(isReadableField);
  if (!readable) return { term, matches: false, flaw: 'unreadable', requirements };
  return { term, matches: requirements.every(({ holds }) => holds), requirements };
}

function requirementFinding(
  requirement: NodeSelectorRequirement,
  where: RequirementFinding['in'],
  actual: string | undefined,
): RequirementFinding {
  const { key, operator, values = [] } = requirement;
  const isReadable = where === 'matchFields' ? isReadableField : isReadableExpression;
  const holds = isReadable(requirement) && matchesValue(requirement, actual);
  return { in: where, key, operator, values, ...(actual !== undefined && { actual }), holds };
}

function taintRules(daemonSet: DaemonSet, node: Node): readonly RuleFinding[] {
  const template = daemonSet.spec.template.spec;
  const tolerations = addOrUpdateDaemonPodTolerations(template);
  const own = template.tolerations?.length ?? 0;
  return (node.spec?.taints ?? []).map((taint): RuleFinding => {
    if (taint.effect !== 'NoSchedule' && taint.effect !== 'NoExecute') {
      return { rule: 'taint', verdict: 'allows', taint };
    }
    const index = tolerations.findIndex((toleration) => tolerates(toleration, taint));
    const toleration = tolerations[index];
    if (toleration !== undefined) {
      const toleratedBy: CoveringToleration =
        index < own ? { from: 'template', index: index + 1, toleration } : { from: 'daemon', toleration };
      return { rule: 'taint', verdict: 'allows', taint, toleratedBy };
    }
    const verdict = taint.effect === 'NoExecute' ? 'evicts' : 'blocks';
    return { rule: 'taint', verdict, taint, needs: tolerationOf(taint) };
  });
}
