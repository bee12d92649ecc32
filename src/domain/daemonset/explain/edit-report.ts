import type { DaemonSet } from '../../../api/apps.ts';
import type { Node } from '../../../api/core.ts';
import { nodeShouldRunDaemonPod } from '../placement.ts';
import { editCommand, editText } from './edit-text.ts';
import { applyEdit, type Edit, type Pairing, type PatchOperation, patchOf, targetOf } from './edits.ts';
import { smallestEdits } from './smallest-edits.ts';

/** One edit, as it is printed. */
interface EditLine {
  readonly target: 'DaemonSet' | 'Node';
  /** `label the node disk=ssd`. */
  readonly text: string;
  /**
   * `label node gpu-1 disk=ssd`: for kdaemon and kubectl alike. Absent for a change of a manifest, and for what only
   * the control plane does.
   */
  readonly command?: string;
  /** JSON patch (RFC 6902) of the target. Of several nodes: of the first. */
  readonly patch: readonly PatchOperation[];
}

/** One way to get the other answer: all its edits, in this order. */
export interface Alternative {
  readonly edits: readonly EditLine[];
  /** How many of the nodes asked about get the other answer by it. */
  readonly covers: number;
  /** Other nodes that get another answer by it too. */
  readonly alsoChanges: readonly string[];
}

/** How to get the other answer for nodes that stand alike. */
export interface EditReport {
  /** What the answer is now, and would not be then. */
  readonly runsNow: boolean;
  /** How many edits it takes. */
  readonly count: number;
  /** Whether fewer cannot do it. */
  readonly smallest: boolean;
  readonly alternatives: readonly Alternative[];
}

/** The question: nodes that stand alike (at least one), and all nodes of the cluster. */
export interface EditQuestion {
  readonly daemonSet: DaemonSet;
  readonly nodes: readonly [Node, ...Node[]];
  readonly allNodes: readonly Node[];
  /** Whether commands can change the DaemonSet: not where it is a manifest's. */
  readonly patchable: boolean;
}

/**
 * The smallest edits that turn the answer around, each tried out on every node: on those asked about, and on all others
 * for what it does besides. Where some turn it around on all nodes asked about, those that do not are left out.
 */
export function editReport({ daemonSet, nodes, allNodes, patchable }: EditQuestion): EditReport {
  const [first] = nodes;
  const { sets, smallest } = smallestEdits({ daemonSet, node: first });
  const runsNow = nodeShouldRunDaemonPod(first, daemonSet).shouldRun;
  const asked = new Set(nodes);
  const alternatives = sets.map((edits): Alternative => {
    const turned = nodes.filter((node) => runsAfter(edits, { daemonSet, node }) !== runsNow);
    const ofTemplate = edits.filter((edit) => targetOf(edit) === 'DaemonSet');
    const changed = applyAll(ofTemplate, { daemonSet, node: first }).daemonSet;
    const others =
      ofTemplate.length === 0
        ? []
        : allNodes.filter(
            (node) =>
              !asked.has(node) &&
              nodeShouldRunDaemonPod(node, changed).shouldRun !==
                nodeShouldRunDaemonPod(node, daemonSet).shouldRun,
          );
    return {
      edits: editLines(edits, { daemonSet, node: first }, nodes, patchable),
      covers: turned.length,
      alsoChanges: others.map(({ metadata }) => metadata.name ?? ''),
    };
  });
  const whole = alternatives.filter(({ covers }) => covers === nodes.length);
  return {
    runsNow,
    count: sets[0]?.length ?? 0,
    smallest,
    alternatives: whole.length > 0 ? whole : alternatives,
  };
}

function applyAll(edits: readonly Edit[], pairing: Pairing): Pairing {
  return edits.reduce((now, edit) => applyEdit(edit, now), pairing);
}

function runsAfter(edits: readonly Edit[], pairing: Pairing): boolean {
  const { daemonSet, node } = applyAll(edits, pairing);
  return nodeShouldRunDaemonPod(node, daemonSet).shouldRun;
}

function editLines(
  edits: readonly Edit[],
  pairing: Pairing,
  nodes: readonly Node[],
  patchable: boolean,
): readonly EditLine[] {
  const names = nodes.map(({ metadata }) => metadata.name ?? '');
  let now = pairing;
  return edits.map((edit): EditLine => {
    const patch = patchOf(edit, now);
    const target = targetOf(edit);
    const text = editText(edit, nodes.length);
    now = applyEdit(edit, now);
    const command =
      target === 'DaemonSet' && !patchable ? undefined : editCommand(edit, pairing.daemonSet, names, patch);
    return { target, text, ...(command !== undefined && { command }), patch };
  });
}
