// Mirrors syncDaemonSet and updateDaemonSet (pkg/controller/daemon/daemon_controller.go, v1.37.2).
import type { Pod } from '../../api/core.ts';
import { isDeleting } from '../conditions.ts';
import { isEmptyLabelSelector } from '../selectors/labels.ts';
import { type Claimed, claim } from './claim.ts';
import { cleanupHistory, constructHistory } from './history.ts';
import { manage } from './manage.ts';
import type { Decision, Observed, TemplateHash } from './observed.ts';
import { targetNodeName } from './pod-template.ts';
import { rollingUpdate } from './rolling-update.ts';
import { countPods, nextStatus } from './status.ts';
import { syncNodes } from './sync-nodes.ts';
import { type SyncState, syncStateOf } from './sync-state.ts';
import { isRollingUpdate } from './update-strategy.ts';

/**
 * One sync of a DaemonSet: everything that upstream's controller would do in this state, with the reasons. Pure; at
 * rest it answers the empty list.
 *
 * Invariants: a snapshot shows the controller's own earlier writes, so upstream's expectations come down to one rule:
 * a sync that creates or deletes pods to mend nodes does not go on to the rolling update. Where upstream picks freely
 * among nodes, the first by name are picked. A DaemonSet that is being deleted is left to the garbage collector.
 */
export function planDaemonSet(observed: Observed, hash: TemplateHash): readonly Decision[] {
  const { daemonSet } = observed;
  if (isEmptyLabelSelector(daemonSet.spec.selector)) return [SELECTING_ALL];
  if (isDeleting(daemonSet)) return [];

  const pods = claim(daemonSet, observed.pods);
  const history = constructHistory(daemonSet, observed.revisions, pods.owned, hash);
  if (history.hash === undefined) return history.decisions;

  const state = syncStateOf(observed, pods.owned, history.hash);
  const { decisions: updates, failure } = updateDaemonSet(state);
  return [
    ...history.decisions,
    ...claimDecisions(pods),
    ...updates,
    ...(failure === undefined ? cleanupHistory(daemonSet, history.old, pods.owned.filter(namesNode)) : []),
    ...statusDecisions(state),
    ...(failure === undefined ? [] : [{ do: 'fail', message: failure } as const]),
  ];
}

const SELECTING_ALL: Decision = {
  do: 'recordEvent',
  type: 'Warning',
  reason: 'SelectingAll',
  message: 'This daemon set is selecting all pods. A non-empty selector is required.',
};

/** The nodes first; and when they have what they should, the next step of the rolling update. */
function updateDaemonSet(state: SyncState): {
  readonly decisions: readonly Decision[];
  readonly failure?: string;
} {
  const { daemonSet, hash } = state;
  const managed = manage(state);
  const decisions = [...managed.decisions, ...syncNodes(daemonSet, hash, managed.changes)];
  const isSettled = managed.changes.create.length === 0 && managed.changes.delete.length === 0;
  if (!isSettled || !isRollingUpdate(daemonSet)) return { decisions };
  const update = rollingUpdate(state);
  if ('failure' in update) return { decisions, failure: update.failure };
  return { decisions: [...decisions, ...syncNodes(daemonSet, hash, update.changes)] };
}

function claimDecisions({ adopted, released }: Claimed<Pod>): readonly Decision[] {
  return [
    ...released.map((pod): Decision => {
      return { do: 'releasePod', pod, because: 'the selector no longer matches its labels' };
    }),
    ...adopted.map((pod): Decision => {
      return { do: 'adoptPod', pod, because: 'the selector matches its labels and it has no controller' };
    }),
  ];
}

function statusDecisions(state: SyncState): readonly Decision[] {
  const { daemonSet } = state;
  const counts = countPods(state);
  const status = nextStatus(daemonSet, counts);
  const decisions: Decision[] = [];
  if (status !== undefined) {
    const because = `${counts.available} of ${counts.desired} nodes have an available pod, ${counts.updated} an up-to-date one`;
    decisions.push({ do: 'updateStatus', status, because });
  }
  const minReadySeconds = daemonSet.spec.minReadySeconds ?? 0;
  if (minReadySeconds > 0 && counts.ready !== counts.available) {
    const because = `minReadySeconds of ${daemonSet.metadata.namespace ?? ''}/${daemonSet.metadata.name ?? ''}`;
    decisions.push({ do: 'requeue', afterMs: minReadySeconds * 1000, wait: 'user', because });
  }
  return decisions;
}

function namesNode(pod: Pod): boolean {
  return targetNodeName(pod) !== undefined;
}
