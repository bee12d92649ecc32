// Mirrors DaemonSetStatusViewer of kubectl's polymorphichelpers (v0.37.2).
import type { DaemonSet } from '../../api/apps.ts';

/** What `rollout status` says of a DaemonSet. */
export type RolloutStatus =
  | { readonly done: boolean; readonly text: string }
  /** The DaemonSet has no rollout to speak of. kubectl prints it after `error: `. */
  | { readonly error: string };

/** Whether the rollout is finished, in kubectl's words. Only the numbers in the status count, not the pods. */
export function rolloutStatus(daemonSet: DaemonSet): RolloutStatus {
  if (daemonSet.spec.updateStrategy?.type !== 'RollingUpdate') {
    return { error: 'rollout status is only available for RollingUpdate strategy type' };
  }
  const { generation = 0, name = '' } = daemonSet.metadata;
  const status = daemonSet.status;
  if (generation > (status?.observedGeneration ?? 0)) {
    return { done: false, text: 'Waiting for daemon set spec update to be observed...' };
  }
  const desired = status?.desiredNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  const waiting = `Waiting for daemon set ${JSON.stringify(name)} rollout to finish:`;
  if (updated < desired) {
    return { done: false, text: `${waiting} ${updated} out of ${desired} new pods have been updated...` };
  }
  if (available < desired) {
    return { done: false, text: `${waiting} ${available} of ${desired} updated pods are available...` };
  }
  return { done: true, text: `daemon set ${JSON.stringify(name)} successfully rolled out` };
}
