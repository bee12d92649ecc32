// Mirrors updateDaemonSetStatus and storeDaemonSetStatus (pkg/controller/daemon/daemon_controller.go, v1.37.2).
import type { DaemonSet, DaemonSetStatus } from '../../api/apps.ts';
import { isPodAvailable, isPodReady } from '../conditions.ts';
import { byScheduledThenAge } from './nodes-to-pods.ts';
import { isPodUpdated } from './pod-template.ts';
import type { SyncState } from './sync-state.ts';

/** The seven numbers of a DaemonSet's status. */
export interface DaemonSetCounts {
  readonly desired: number;
  readonly current: number;
  readonly misscheduled: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
  readonly unavailable: number;
}

/** Counts nodes, and on each node that should run the pod looks at the one pod that would be kept. */
export function countPods({ daemonSet, nodes, hash, generation, now }: SyncState): DaemonSetCounts {
  const minReadySeconds = daemonSet.spec.minReadySeconds ?? 0;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
  for (const { placement, pods } of nodes) {
    if (!placement.shouldRun) {
      if (pods !== undefined) counts.misscheduled += 1;
      continue;
    }
    counts.desired += 1;
    if (pods === undefined) continue;
    counts.current += 1;
    const [pod] = pods.length === 1 ? pods : [...pods].sort(byScheduledThenAge);
    if (pod === undefined) continue;
    if (isPodReady(pod)) counts.ready += 1;
    if (isPodAvailable(pod, minReadySeconds, now)) counts.available += 1;
    if (isPodUpdated(pod, hash, generation)) counts.updated += 1;
  }
  return { ...counts, unavailable: counts.desired - counts.available };
}

/** The status to write, or undefined when the stored one says the same already. */
export function nextStatus(daemonSet: DaemonSet, counts: DaemonSetCounts): DaemonSetStatus | undefined {
  const generation = daemonSet.metadata.generation ?? 0;
  const stored = daemonSet.status;
  const isSame =
    (stored?.desiredNumberScheduled ?? 0) === counts.desired &&
    (stored?.currentNumberScheduled ?? 0) === counts.current &&
    (stored?.numberMisscheduled ?? 0) === counts.misscheduled &&
    (stored?.numberReady ?? 0) === counts.ready &&
    (stored?.updatedNumberScheduled ?? 0) === counts.updated &&
    (stored?.numberAvailable ?? 0) === counts.available &&
    (stored?.numberUnavailable ?? 0) === counts.unavailable &&
    (stored?.observedGeneration ?? 0) >= generation;
  if (isSame) return undefined;
  return {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...(generation !== 0 && { observedGeneration: generation }),
    ...(counts.updated !== 0 && { updatedNumberScheduled: counts.updated }),
    ...(counts.available !== 0 && { numberAvailable: counts.available }),
    ...(counts.unavailable !== 0 && { numberUnavailable: counts.unavailable }),
    ...(stored?.collisionCount !== undefined && { collisionCount: stored.collisionCount }),
    ...(stored?.conditions !== undefined && { conditions: stored.conditions }),
  };
}
