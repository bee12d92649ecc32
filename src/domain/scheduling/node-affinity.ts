import type { Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '../../api/core.ts';
import { labelKeyProblems, labelValueProblems } from '../selectors/label-syntax.ts';
import { type Labels, parseInt64 } from '../selectors/labels.ts';

/** What a pod demands of its node, read once and matched against many nodes. */
export interface RequiredNodeAffinity {
  readonly nodeSelector: readonly (readonly [key: string, value: string])[];
  /** Alternatives; undefined when the pod states none. A term that cannot be read is left out: it matches nothing. */
  readonly terms: readonly AffinityTerm[] | undefined;
}

interface AffinityTerm {
  readonly expressions: readonly NodeSelectorRequirement[];
  readonly fields: readonly NodeSelectorRequirement[];
}

const noLabels: RequiredNodeAffinity['nodeSelector'] = [];

/** Reads nodeSelector and required node affinity; preferences are no demands. */
export function requiredNodeAffinity(spec: PodSpec): RequiredNodeAffinity {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms;
  return {
    nodeSelector: spec.nodeSelector === undefined ? noLabels : Object.entries(spec.nodeSelector),
    terms: terms === undefined ? undefined : readTerms(terms),
  };
}

/** Whether the node meets both the nodeSelector and one of the terms. */
export function matchesNodeAffinity(required: RequiredNodeAffinity, node: Node): boolean {
  return matchesNodeSelectorLabels(required, node) && matchesNodeSelectorTerms(required, node);
}

/** Whether the node has every label of the nodeSelector. */
function matchesNodeSelectorLabels({ nodeSelector }: RequiredNodeAffinity, node: Node): boolean {
  if (nodeSelector.length === 0) return true;
  return nodeSelector.every(([key, value]) => labelOf(node.metadata.labels, key) === value);
}

/** Whether the node meets one of the terms, or none is stated. */
function matchesNodeSelectorTerms({ terms }: RequiredNodeAffinity, node: Node): boolean {
  return terms === undefined || terms.some((term) => matchesTerm(term, node));
}

/** The nodes that the terms name by `metadata.name`, when every term does; undefined when any node might do. */
export function nodeNamesOf({ terms }: RequiredNodeAffinity): ReadonlySet<string> | undefined {
  if (terms === undefined) return undefined;
  const names = new Set<string>();
  for (const { fields } of terms) {
    let first: string | undefined;
    let agree = true;
    for (const { operator, values } of fields) {
      if (operator !== 'In') continue;
      const name = values?.[0] ?? '';
      first ??= name;
      if (name !== first) agree = false;
    }
    if (first === undefined) return undefined;
    if (agree) names.add(first);
  }
  return names;
}

/** Terms do not change, and the daemon pods of one node share theirs. */
const knownTerms = new WeakMap<readonly NodeSelectorTerm[], readonly AffinityTerm[]>();

function readTerms(terms: readonly NodeSelectorTerm[]): readonly AffinityTerm[] {
  let read = knownTerms.get(terms);
  if (read === undefined) {
    read = terms.flatMap(readTerm);
    knownTerms.set(terms, read);
  }
  return read;
}

function readTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): readonly AffinityTerm[] {
  const isEmpty = matchExpressions.length === 0 && matchFields.length === 0;
  const readable = matchExpressions.every(isReadableExpression) && matchFields.every(isReadableField);
  return isEmpty || !readable ? [] : [{ expressions: matchExpressions, fields: matchFields }];
}

/** Whether an expression about labels can be read; a term with one that can't matches nothing. */
export function isReadableExpression({ key, operator, values = [] }: NodeSelectorRequirement): boolean {
  if (labelKeyProblems(key).length > 0 || values.some((value) => labelValueProblems(value).length > 0))
    return false;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0;
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0;
    case 'Gt':
    case 'Lt':
      return values.length === 1 && parseInt64(values[0]) !== undefined;
    default:
      return false;
  }
}

/** The same for one about the node's name. */
export function isReadableField({ key, operator, values = [] }: NodeSelectorRequirement): boolean {
  return key === 'metadata.name' && (operator === 'In' || operator === 'NotIn') && values.length === 1;
}

function matchesTerm({ expressions, fields }: AffinityTerm, node: Node): boolean {
  const labels = node.metadata.labels;
  return (
    expressions.every((requirement) => matchesValue(requirement, labelOf(labels, requirement.key))) &&
    fields.every((requirement) => matchesValue(requirement, node.metadata.name))
  );
}

/** Whether a readable requirement holds for the node's value; undefined is a label that it does not have. */
export function matchesValue(
  { operator, values = [] }: NodeSelectorRequirement,
  actual: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual);
    case 'NotIn':
      return actual === undefined || !values.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    default: {
      const left = parseInt64(actual);
      const right = parseInt64(values[0]);
      return left !== undefined && right !== undefined && (operator === 'Gt' ? left > right : left < right);
    }
  }
}

function labelOf(labels: Labels | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}
