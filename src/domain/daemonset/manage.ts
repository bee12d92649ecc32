// Mirrors manage and podsShouldBeOnNode (pkg/controller/daemon/daemon_controller.go, v1.37.2).
import type { Pod } from '../../api/core.ts';
import { CONTROLLER_REVISION_HASH } from '../../api/well-known.ts';
import { isDeleting, isPodAvailable, isPodReady } from '../conditions.ts';
import { madeOnce } from '../made-once.ts';
import { describeObstacles } from './explain-placement.ts';
import { failedPodKey, isInBackoff, nextBackoff } from './failed-pods.ts';
import { MARK, type NodeState } from './node-marks.ts';
import type { Decision } from './observed.ts';
import { byScheduledThenAge, isBound } from './pods-of-node.ts';
import type { NeededPod, NodeChanges, UnwantedPod } from './sync-nodes.ts';
import type { SyncState } from './sync-state.ts';
import { allowsSurge } from './update-strategy.ts';

/** What node by node has to be created and deleted, and the events, back-offs and timers on the side. */
export interface Managed {
  readonly changes: NodeChanges;
  readonly decisions: readonly Decision[];
}

/**
 * Brings every node to the number of pods that it should have. Which template they are of does not matter here. Only
 * nodes that are marked as unsettled are looked at: the others have what they should.
 */
export function manage(state: SyncState): Managed {
  const findings: Findings = { create: [], delete: [], decisions: [], waitMs: undefined };
  const surge = allowsSurge(state.daemonSet);
  for (const nodeState of state.tally.nodes(MARK.unsettled))
    podsShouldBeOnNode(state, nodeState, surge, findings);
  for (const { name, pods = [] } of state.tally.nodes(MARK.awaited)) {
    for (const pod of pods) {
      if (isBound(pod)) continue;
      findings.delete.push({
        pod,
        nodeName: name,
        because: `it waits for node ${name}, which does not exist`,
      });
    }
  }
  if (findings.waitMs !== undefined) {
    findings.decisions.push({
      do: 'requeue',
      afterMs: findings.waitMs,
      wait: 'machinery',
      because: `back-off of failed pods of ${nameOf(state)}`,
    });
  }
  return { changes: { create: findings.create, delete: findings.delete }, decisions: findings.decisions };
}

/** A run keeps the reasons for all that it did, and all DaemonSets share the nodes. */
const lacksPod = madeOnce((nodeName) => `node ${nodeName} should run a pod of it and has none`);

interface Findings {
  readonly create: NeededPod[];
  readonly delete: UnwantedPod[];
  readonly decisions: Decision[];
  /** The shortest back-off that a failed pod sits out. */
  waitMs: number | undefined;
}

function podsShouldBeOnNode(
  state: SyncState,
  nodeState: NodeState,
  surge: boolean,
  findings: Findings,
): void {
  const { name, node, placement, pods } = nodeState;
  if (node === undefined) return;
  if (pods === undefined) {
    if (placement.shouldRun) {
      findings.create.push({ nodeName: name, because: lacksPod(name) });
    }
    return;
  }
  if (!placement.shouldContinueRunning) {
    const because = `node ${name} must not run it: ${describeObstacles(state.daemonSet, node)}`;
    for (const pod of pods) if (!isDeleting(pod)) findings.delete.push({ pod, nodeName: name, because });
    return;
  }
  const running = removeEnded(state, name, pods, findings);
  if (!surge) {
    if (running.length > 1) pruneToOldest(name, running, findings);
  } else if (running.length > 1) {
    pruneToOldAndNew(state, name, running, findings);
  } else if (running.length === 0 && placement.shouldRun) {
    const because = `no pod of it runs on node ${name}, and maxSurge lets a new one start beside those that end`;
    findings.create.push({ nodeName: name, because });
  }
}

/** Deletes failed and succeeded pods, failed ones no faster than their back-off allows; answers those that run. */
function removeEnded(
  state: SyncState,
  nodeName: string,
  pods: readonly Pod[],
  findings: Findings,
): readonly Pod[] {
  const running: Pod[] = [];
  let backoff = state.backoff.get(failedPodKey(state.daemonSet, nodeName));
  for (const pod of pods) {
    if (isDeleting(pod)) continue;
    const phase = pod.status?.phase;
    if (phase === 'Failed') {
      if (isInBackoff(backoff, state.now)) {
        findings.waitMs = Math.min(findings.waitMs ?? backoff.delayMs, backoff.delayMs);
        continue;
      }
      backoff = nextBackoff(backoff, state.now);
      findings.decisions.push(
        { do: 'setBackoff', key: failedPodKey(state.daemonSet, nodeName), entry: backoff },
        endedEvent(pod, nodeName, 'Warning', 'FailedDaemonPod', 'failed', 'kill'),
      );
      findings.delete.push({
        pod,
        nodeName,
        because: `it failed on node ${nodeName}; another takes its place`,
      });
    } else if (phase === 'Succeeded') {
      findings.decisions.push(
        endedEvent(pod, nodeName, 'Normal', 'SucceededDaemonPod', 'succeeded', 'delete'),
      );
      const because = `it came to its end on node ${nodeName}, and a daemon should run on; another takes its place`;
      findings.delete.push({ pod, nodeName, because });
    } else {
      running.push(pod);
    }
  }
  return running;
}

function endedEvent(
  pod: Pod,
  nodeName: string,
  type: 'Normal' | 'Warning',
  reason: string,
  found: string,
  toDo: string,
): Decision {
  const name = `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`;
  const message = `Found ${found} daemon pod ${name} on node ${nodeName}, will try to ${toDo} it`;
  return { do: 'recordEvent', type, reason, message };
}

function pruneToOldest(nodeName: string, running: readonly Pod[], findings: Findings): void {
  const [kept, ...excess] = [...running].sort(byScheduledThenAge);
  const because = `node ${nodeName} has ${running.length} pods of it; the older ${kept?.metadata.name ?? ''} stays`;
  for (const pod of excess) findings.delete.push({ pod, nodeName, because });
}

/** Keeps one pod of the current revision and one of another, the oldest of each, as long as the old one is of use. */
function pruneToOldAndNew(
  state: SyncState,
  nodeName: string,
  running: readonly Pod[],
  findings: Findings,
): void {
  let newPod: Pod | undefined;
  let oldPod: Pod | undefined;
  for (const pod of [...running].sort(byScheduledThenAge)) {
    const isNew = pod.metadata.labels?.[CONTROLLER_REVISION_HASH] === state.hash;
    if (isNew && newPod === undefined) {
      newPod = pod;
    } else if (!isNew && oldPod === undefined) {
      oldPod = pod;
    } else {
      const because = `node ${nodeName} has an older pod of the same ${isNew ? 'new' : 'old'} kind, which stays`;
      findings.delete.push({ pod, nodeName, because });
    }
  }
  if (newPod === undefined || oldPod === undefined) return;
  const replacement = newPod.metadata.name ?? '';
  if (!isPodReady(oldPod)) {
    const because = `it is of an old revision and not ready, and ${replacement} is to replace it`;
    findings.delete.push({ pod: oldPod, nodeName, because });
  } else if (isPodAvailable(newPod, state.daemonSet.spec.minReadySeconds ?? 0, state.now)) {
    const because = `it is of an old revision, and its replacement ${replacement} is available`;
    findings.delete.push({ pod: oldPod, nodeName, because });
  }
}

function nameOf({ daemonSet }: SyncState): string {
  return `${daemonSet.metadata.namespace ?? ''}/${daemonSet.metadata.name ?? ''}`;
}
