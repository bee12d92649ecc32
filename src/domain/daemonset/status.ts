// Mirrors updateDaemonSetStatus and storeDaemonSetStatus (pkg/controller/daemon/daemon_controller.go, v1.37.2).
import type { DaemonSet, DaemonSetStatus } from '../../api/apps.ts';
import { MARK } from './node-marks.ts';
import type { NodeTally } from './node-tally.ts';

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

/** The numbers that the nodes add up to. */
export function countPods(tally: NodeTally): DaemonSetCounts {
  const desired = tally.count(MARK.desired);
  const available = tally.count(MARK.available);
  return {
    desired,
    current: tally.count(MARK.current),
    misscheduled: tally.count(MARK.misscheduled),
    ready: tally.count(MARK.ready),
    updated: tally.count(MARK.updated),
    available,
    unavailable: desired - available,
  };
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

/**
 * Whether every node that should run the DaemonSet has an available pod, and no other node has any. Then nobody waits
 * for a pod that nobody waited for before, unless it has changed: what has been available stays so by itself, and a
 * longer minReadySeconds shows in the status.
 */
export function showsNothingMissing({ metadata, status }: DaemonSet): boolean {
  if (status === undefined || status.observedGeneration !== metadata.generation) return false;
  const { desiredNumberScheduled: desired } = status;
  return (
    status.currentNumberScheduled === desired &&
    (status.numberAvailable ?? 0) === desired &&
    status.numberMisscheduled === 0
  );
}
