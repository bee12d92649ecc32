import type { DaemonSet } from '../../../api/apps.ts';
import type { Node } from '../../../api/core.ts';
import { findCondition, isDeleting } from '../../conditions.ts';
import { isEmptyLabelSelector } from '../../selectors/labels.ts';
import { updatedDesiredNodeCounts } from '../rolling-update.ts';
import { isRollingUpdate } from '../update-strategy.ts';
import type { NodesBehindCounts } from './counters.ts';
import type { ExplainedState } from './explained-state.ts';
import type { PlannedDeletions } from './pod-standing.ts';

/** What people take for a reason on a node, and is none. */
export function notesOnNode(node: Node): readonly string[] {
  const notes: string[] = [];
  if (node.spec?.unschedulable === true) {
    notes.push('the node is cordoned, which keeps no daemon pod away');
  }
  const ready = findCondition(node.status?.conditions, 'Ready');
  if (ready !== undefined && ready.status !== 'True') {
    const since = ready.lastTransitionTime == null ? '' : ` since ${ready.lastTransitionTime}`;
    notes.push(
      `the node is not ready${since}, which keeps no daemon pod away; a pod there does not count as available`,
    );
  }
  if (isDeleting(node)) notes.push('the node is being deleted');
  return notes;
}

/** What stops the controller, or each of its pods, wherever they should run. */
export function notesOnDaemonSet({
  daemonSet,
  creationRefused,
}: {
  readonly daemonSet: DaemonSet;
  /** The API's words. */
  readonly creationRefused?: string;
}): readonly string[] {
  const notes: string[] = [];
  if (isDeleting(daemonSet)) {
    notes.push('it is being deleted: the controller leaves its pods to the garbage collector');
  }
  if (isEmptyLabelSelector(daemonSet.spec.selector)) {
    notes.push('its selector is empty, which selects all pods: the controller does nothing for it');
  }
  if (creationRefused !== undefined) notes.push(`no pod of it can be created now: ${creationRefused}`);
  return notes;
}

/** Why a rolling update without surge stands still, where it does. */
export function notesOnUpdate(
  { daemonSet }: ExplainedState,
  { desired, updated, current, unavailable }: NodesBehindCounts,
  deletions: PlannedDeletions,
): readonly string[] {
  const old = current.length - updated.length;
  if (old === 0 || deletions.size > 0 || isDeleting(daemonSet) || !isRollingUpdate(daemonSet)) return [];
  const { maxSurge, maxUnavailable } = updatedDesiredNodeCounts(daemonSet, desired.length);
  if (maxSurge > 0 || unavailable.length < maxUnavailable) return [];
  const some = unavailable.slice(0, 3).join(', ');
  const more = unavailable.length > 3 ? ` and ${unavailable.length - 3} more` : '';
  const waiting = `the rolling update waits, with ${old === 1 ? 'a pod' : `${old} pods`} of an older template`;
  const used = `${unavailable.length} of ${maxUnavailable} allowed by maxUnavailable`;
  return [`${waiting}: nodes without an available pod are ${used} (${some}${more})`];
}
