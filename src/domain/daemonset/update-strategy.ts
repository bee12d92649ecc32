// Mirrors surgeCount, AllowsSurge and unavailableCount (pkg/controller/daemon, v1.37.2).
import type { DaemonSet } from '../../api/apps.ts';
import { scaledValueRoundedUp } from '../int-or-percent.ts';

/** Whether pods are replaced by the controller when the template changes. */
export function isRollingUpdate(daemonSet: DaemonSet): boolean {
  return daemonSet.spec.updateStrategy?.type === 'RollingUpdate';
}

/** How many of `desired` nodes may have a new pod beside the old one. */
export function surgeCount(daemonSet: DaemonSet, desired: number): number {
  if (!isRollingUpdate(daemonSet)) return 0;
  return scaledValueRoundedUp(daemonSet.spec.updateStrategy?.rollingUpdate?.maxSurge, desired);
}

/** How many of `desired` nodes may be without an available pod. */
export function unavailableCount(daemonSet: DaemonSet, desired: number): number {
  if (!isRollingUpdate(daemonSet)) return 0;
  return scaledValueRoundedUp(daemonSet.spec.updateStrategy?.rollingUpdate?.maxUnavailable, desired);
}

/** Whether a node may have two pods for a while. */
export function allowsSurge(daemonSet: DaemonSet): boolean {
  return surgeCount(daemonSet, 1) > 0;
}
