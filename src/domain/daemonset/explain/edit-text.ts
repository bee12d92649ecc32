import type { DaemonSet } from '../../../api/apps.ts';
import { formatTaint } from '../../scheduling/taints.ts';
import type { Edit, PatchOperation } from './edits.ts';
import { endOfTaint } from './machine-marks.ts';
import { requirementText, tolerationText } from './rule-text.ts';

/** Names of the nodes that a text speaks of: one, or several alike. */
const nodesText = (count: number): string => (count === 1 ? 'the node' : 'the nodes');

/** What an edit is, as an order: `label the node disk=ssd`. `nodes` is how many nodes it is meant for. */
export function editText(edit: Edit, nodes = 1): string {
  switch (edit.do) {
    case 'dropNodeName':
      return 'remove nodeName from the template';
    case 'dropSelectorKey':
      return `remove ${edit.key}=${edit.value} from the nodeSelector`;
    case 'addTerm':
      return `add a term to the required affinity that names node ${edit.nodeName}`;
    case 'addTermValue':
    case 'dropTermValue': {
      const what = `"${edit.value}"`;
      const where = `${requirementText(edit.requirement)} of affinity term ${edit.term}`;
      return edit.do === 'addTermValue' ? `add ${what} to ${where}` : `take ${what} out of ${where}`;
    }
    case 'dropExpression':
      return `remove ${requirementText(edit.requirement)} from affinity term ${edit.term}`;
    case 'excludeNode':
      return `rule out node ${edit.nodeName} in the required affinity`;
    case 'addToleration':
      return `add the toleration ${tolerationText(edit.toleration)}`;
    case 'dropToleration':
      return `remove toleration ${edit.index}, ${tolerationText(edit.toleration)}`;
    case 'labelNode': {
      const instead =
        edit.previous === undefined || nodes > 1 ? '' : ` instead of ${edit.key}=${edit.previous}`;
      return `label ${nodesText(nodes)} ${edit.key}=${edit.value}${instead}`;
    }
    case 'unlabelNode':
      return nodes === 1
        ? `remove the label ${edit.key}=${edit.previous} from the node`
        : `remove the label ${edit.key} from the nodes`;
    case 'taintNode':
      return `taint ${nodesText(nodes)} ${formatTaint(edit.taint)}, or with any other key that is not tolerated`;
    case 'untaintNode': {
      const name = `taint ${formatTaint(edit.taint)}`;
      const end = endOfTaint(edit.taint);
      return end === undefined
        ? `remove the ${name} from ${nodesText(nodes)}`
        : `wait: the ${name} goes by itself when ${end}`;
    }
    default:
      return edit satisfies never;
  }
}

/**
 * The command that makes an edit, without the program's name: `label node gpu-1 disk=ssd`; undefined for one that only
 * the control plane makes. Every word is quoted where a POSIX shell needs it. `patch` is the edit's patch of the
 * DaemonSet.
 */
export function editCommand(
  edit: Edit,
  daemonSet: DaemonSet,
  nodeNames: readonly string[],
  patch: readonly PatchOperation[],
): string | undefined {
  const { name = '', namespace = '' } = daemonSet.metadata;
  if (edit.do === 'untaintNode' && endOfTaint(edit.taint) !== undefined) return undefined;
  const words = ((): readonly string[] => {
    switch (edit.do) {
      case 'labelNode': {
        const overwrite = edit.previous === undefined && nodeNames.length === 1 ? [] : ['--overwrite'];
        return ['label', 'node', ...nodeNames, `${edit.key}=${edit.value}`, ...overwrite];
      }
      case 'unlabelNode':
        return ['label', 'node', ...nodeNames, `${edit.key}-`];
      case 'taintNode':
        return ['taint', 'node', ...nodeNames, formatTaint(edit.taint)];
      case 'untaintNode':
        return ['taint', 'node', ...nodeNames, `${edit.taint.key}:${edit.taint.effect}-`];
      default:
        return ['patch', 'daemonset', name, '-n', namespace, '--type=json', '-p', JSON.stringify(patch)];
    }
  })();
  return words.map(shellWord).join(' ');
}

/** A word as a POSIX shell reads it back. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
