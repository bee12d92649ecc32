// Mirrors syncDaemonSet and updateDaemonSet (pkg/controller/daemon/daemon_controller.go, v1.37.2).
import { isDeleting } from '../conditions.ts';
import { isEmptyLabelSelector } from '../selectors/labels.ts';
import { cleanupHistory } from './history.ts';
import { manage } from './manage.ts';
import type { Decision, Observed, TemplateHash } from './observed.ts';
import { nextReplacementInMs, rollingUpdate } from './rolling-update.ts';
import { countPods, nextStatus } from './status.ts';
import { type SyncMemory, syncMemoryOf } from './sync-memory.ts';
import { syncNodes } from './sync-nodes.ts';
import type { SyncState } from './sync-state.ts';
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
  return planFromMemory(() => syncMemoryOf(observed), observed, hash);
}

/** What a sync looks at besides the nodes and pods that a memory has taken over. */
export type ObservedBesideMemory = Omit<Observed, 'nodes' | 'pods'>;

/**
 * The plan of `planDaemonSet`, over a memory that knows all nodes and pods as they are now and fits the DaemonSet. It
 * is asked for only when it is needed.
 */
export function planFromMemory(
  memoryOf: () => SyncMemory,
  observed: ObservedBesideMemory,
  hash: TemplateHash,
): readonly Decision[] {
  if (isEmptyLabelSelector(observed.daemonSet.spec.selector)) return [SELECTING_ALL];
  if (isDeleting(observed.daemonSet)) return [];

  const memory = memoryOf();
  const daemonSet = memory.withOwnSpec(observed.daemonSet);
  const history = memory.historyOf(daemonSet, observed.revisions, hash);
  if (history.hash === undefined) return history.decisions;

  const state = memory.stateAt(daemonSet, history.hash, observed);
  const { decisions: updates, failure } = updateDaemonSet(state);
  return [
    ...history.decisions,
    ...claimDecisions(memory),
    ...updates,
    ...(failure === undefined
      ? cleanupHistory(daemonSet, history.old, (revisionHash) => memory.hasPodOf(revisionHash))
      : []),
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
  const managed = manage(state);
  const decisions = [...managed.decisions, ...syncNodes(state.podFor, managed.changes)];
  const isSettled = managed.changes.create.length === 0 && managed.changes.delete.length === 0;
  if (!isSettled || !isRollingUpdate(state.daemonSet)) return { decisions };
  const update = rollingUpdate(state);
  if ('failure' in update) return { decisions, failure: update.failure };
  return { decisions: [...decisions, ...syncNodes(state.podFor, update.changes)] };
}

function claimDecisions(memory: SyncMemory): readonly Decision[] {
  const { adopted, released } = memory.newClaims();
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
  const counts = countPods(state.tally);
  const status = nextStatus(daemonSet, counts);
  const decisions: Decision[] = [];
  if (status !== undefined) {
    const because = `${counts.available} of ${counts.desired} nodes have an available pod, ${counts.updated} an up-to-date one`;
    decisions.push({ do: 'updateStatus', status, because });
  }
  const minReadySeconds = daemonSet.spec.minReadySeconds ?? 0;
  if (minReadySeconds === 0) return decisions;
  const afterMs =
    counts.ready !== counts.available
      ? minReadySeconds * 1000
      : isRollingUpdate(daemonSet)
        ? nextReplacementInMs(state)
        : undefined;
  if (afterMs !== undefined) {
    const because = `minReadySeconds of ${daemonSet.metadata.namespace ?? ''}/${daemonSet.metadata.name ?? ''}`;
    decisions.push({ do: 'requeue', afterMs, wait: 'user', because });
  }
  return decisions;
}
