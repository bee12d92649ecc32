import type { DaemonSet } from '../../../api/apps.ts';
import type { Node, NodeSelectorTerm, Taint, Toleration } from '../../../api/core.ts';
import type { Json } from '../../../api/meta.ts';
import { applyJsonPatch } from '../../patch/json-patch.ts';
import { labelOf, type RequirementFinding, requiredTerms } from './rules.ts';

/** A DaemonSet and a node that it is asked about. */
export interface Pairing {
  readonly daemonSet: DaemonSet;
  readonly node: Node;
}

/** A change that a user makes in one command. Those with `node` in their names change the node, the others the template. */
export type Edit =
  | { readonly do: 'dropNodeName' }
  | { readonly do: 'dropSelectorKey'; readonly key: string; readonly value: string }
  /** A further alternative: the node of this name. */
  | { readonly do: 'addTerm'; readonly nodeName: string }
  /** One more (`In`) or one less (`NotIn`) value of an expression. `term` counts from 1. */
  | {
      readonly do: 'addTermValue' | 'dropTermValue';
      readonly term: number;
      readonly requirement: RequirementFinding;
      readonly value: string;
    }
  | { readonly do: 'dropExpression'; readonly term: number; readonly requirement: RequirementFinding }
  /** Every term then rules out the node of this name. */
  | { readonly do: 'excludeNode'; readonly nodeName: string }
  | { readonly do: 'addToleration'; readonly toleration: Toleration }
  /** `index` counts from 1. */
  | { readonly do: 'dropToleration'; readonly index: number; readonly toleration: Toleration }
  | { readonly do: 'labelNode'; readonly key: string; readonly value: string; readonly previous?: string }
  | { readonly do: 'unlabelNode'; readonly key: string; readonly previous: string }
  | { readonly do: 'taintNode' | 'untaintNode'; readonly taint: Taint };

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** Which of the two objects an edit changes. */
export function targetOf(edit: Edit): 'DaemonSet' | 'Node' {
  return edit.do === 'labelNode' ||
    edit.do === 'unlabelNode' ||
    edit.do === 'taintNode' ||
    edit.do === 'untaintNode'
    ? 'Node'
    : 'DaemonSet';
}

/** The two objects after an edit. Throws PatchError where the edit does not fit them: it was made for others. */
export function applyEdit(edit: Edit, pairing: Pairing): Pairing {
  const patch = patchOf(edit, pairing);
  // An API object is JSON, and an edit keeps the shape of the fields that it touches.
  const patched = (object: DaemonSet | Node): unknown =>
    applyJsonPatch(object as unknown as Json, patch as unknown as Json);
  return targetOf(edit) === 'Node'
    ? { ...pairing, node: patched(pairing.node) as Node }
    : { ...pairing, daemonSet: patched(pairing.daemonSet) as DaemonSet };
}

const SPEC = '/spec/template/spec';
const NODE_AFFINITY = `${SPEC}/affinity/nodeAffinity`;
const REQUIRED = `${NODE_AFFINITY}/requiredDuringSchedulingIgnoredDuringExecution`;
const TERMS = `${REQUIRED}/nodeSelectorTerms`;

/** The edit as a JSON patch of the object that it changes, as that object is now. */
export function patchOf(edit: Edit, { daemonSet, node }: Pairing): readonly PatchOperation[] {
  const spec = daemonSet.spec.template.spec;
  switch (edit.do) {
    case 'dropNodeName':
      return [{ op: 'remove', path: `${SPEC}/nodeName` }];
    case 'dropSelectorKey':
      return [{ op: 'remove', path: `${SPEC}/nodeSelector/${token(edit.key)}` }];
    case 'addTerm':
      return [{ op: 'add', path: `${TERMS}/-`, value: nameTerm('In', edit.nodeName) }];
    case 'addTermValue':
      return [{ op: 'add', path: `${pathOf(edit, daemonSet)}/values/-`, value: edit.value }];
    case 'dropTermValue': {
      const at = edit.requirement.values.indexOf(edit.value);
      return [{ op: 'remove', path: `${pathOf(edit, daemonSet)}/values/${at}` }];
    }
    case 'dropExpression':
      return [{ op: 'remove', path: pathOf(edit, daemonSet) }];
    case 'excludeNode':
      return exclusion(daemonSet, edit.nodeName);
    case 'addToleration': {
      const value = { ...edit.toleration };
      return [
        spec.tolerations === undefined
          ? { op: 'add', path: `${SPEC}/tolerations`, value: [value] }
          : { op: 'add', path: `${SPEC}/tolerations/-`, value },
      ];
    }
    case 'dropToleration':
      return [{ op: 'remove', path: `${SPEC}/tolerations/${edit.index - 1}` }];
    case 'labelNode': {
      if (node.metadata.labels === undefined)
        return [{ op: 'add', path: '/metadata/labels', value: { [edit.key]: edit.value } }];
      const op = labelOf(node, edit.key) === undefined ? 'add' : 'replace';
      return [{ op, path: `/metadata/labels/${token(edit.key)}`, value: edit.value }];
    }
    case 'unlabelNode':
      return labelOf(node, edit.key) === undefined
        ? []
        : [{ op: 'remove', path: `/metadata/labels/${token(edit.key)}` }];
    case 'taintNode':
      return addedTaint(edit.taint, node);
    case 'untaintNode':
      return (node.spec?.taints ?? [])
        .map(({ key, effect }, index) => ({
          index,
          is: key === edit.taint.key && effect === edit.taint.effect,
        }))
        .filter(({ is }) => is)
        .map(({ index }): PatchOperation => ({ op: 'remove', path: `/spec/taints/${index}` }))
        .reverse();
    default:
      return edit satisfies never;
  }
}

/** A JSON pointer's step (RFC 6901). */
const token = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');

const nameRequirement = (operator: 'In' | 'NotIn', nodeName: string) => ({
  key: 'metadata.name',
  operator,
  values: [nodeName],
});

const nameTerm = (operator: 'In' | 'NotIn', nodeName: string) => ({
  matchFields: [nameRequirement(operator, nodeName)],
});

/** Where an expression stands: the first of its term with these words. */
function pathOf(
  { term, requirement }: { readonly term: number; readonly requirement: RequirementFinding },
  daemonSet: DaemonSet,
): string {
  const list: NodeSelectorTerm[typeof requirement.in] =
    requiredTerms(daemonSet)?.[term - 1]?.[requirement.in];
  const index = (list ?? []).findIndex(
    ({ key, operator, values = [] }) =>
      key === requirement.key &&
      operator === requirement.operator &&
      values.join('\n') === requirement.values.join('\n'),
  );
  return `${TERMS}/${term - 1}/${requirement.in}/${index}`;
}

function exclusion(daemonSet: DaemonSet, nodeName: string): readonly PatchOperation[] {
  const { affinity } = daemonSet.spec.template.spec;
  const terms = requiredTerms(daemonSet);
  if (terms !== undefined) {
    const value = nameRequirement('NotIn', nodeName);
    return terms.flatMap(({ matchExpressions = [], matchFields }, index): readonly PatchOperation[] => {
      const path = `${TERMS}/${index}/matchFields`;
      // An empty term matches nothing now, and would match all other nodes then.
      if (matchExpressions.length === 0 && (matchFields ?? []).length === 0) return [];
      return [
        matchFields === undefined
          ? { op: 'add', path, value: [value] }
          : { op: 'add', path: `${path}/-`, value },
      ];
    });
  }
  const required = { nodeSelectorTerms: [nameTerm('NotIn', nodeName)] };
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: required };
  if (affinity === undefined) return [{ op: 'add', path: `${SPEC}/affinity`, value: { nodeAffinity } }];
  if (affinity.nodeAffinity === undefined) return [{ op: 'add', path: NODE_AFFINITY, value: nodeAffinity }];
  return [{ op: 'add', path: REQUIRED, value: required }];
}

function addedTaint(taint: Taint, node: Node): readonly PatchOperation[] {
  const value = { ...taint };
  if (node.spec === undefined) return [{ op: 'add', path: '/spec', value: { taints: [value] } }];
  return node.spec.taints === undefined
    ? [{ op: 'add', path: '/spec/taints', value: [value] }]
    : [{ op: 'add', path: '/spec/taints/-', value }];
}
