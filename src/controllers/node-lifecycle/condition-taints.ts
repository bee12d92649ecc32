import type { Node, Taint } from '../../api/core.ts';
import {
  TAINT_DISK_PRESSURE,
  TAINT_MEMORY_PRESSURE,
  TAINT_NETWORK_UNAVAILABLE,
  TAINT_NOT_READY,
  TAINT_PID_PRESSURE,
  TAINT_UNREACHABLE,
  TAINT_UNSCHEDULABLE,
} from '../../api/well-known.ts';
import { findCondition } from '../../domain/conditions.ts';
import { formatRfc3339 } from '../../domain/rfc3339.ts';

/** Condition type, the status that matters, and the taint that it leads to. */
const noScheduleRules: readonly (readonly [type: string, status: string, taint: string])[] = [
  ['Ready', 'False', TAINT_NOT_READY],
  ['Ready', 'Unknown', TAINT_UNREACHABLE],
  ['MemoryPressure', 'True', TAINT_MEMORY_PRESSURE],
  ['DiskPressure', 'True', TAINT_DISK_PRESSURE],
  ['NetworkUnavailable', 'True', TAINT_NETWORK_UNAVAILABLE],
  ['PIDPressure', 'True', TAINT_PID_PRESSURE],
];
const noScheduleKeys: ReadonlySet<string> = new Set([
  ...noScheduleRules.map(([, , key]) => key),
  TAINT_UNSCHEDULABLE,
]);
const noExecuteKeys: ReadonlySet<string> = new Set([TAINT_NOT_READY, TAINT_UNREACHABLE]);

/** Whether the node's kubelet says that it can run pods. */
export function isNodeReady(node: Node): boolean {
  return findCondition(node.status?.conditions, 'Ready')?.status === 'True';
}

/**
 * The taints that a node should carry: those that the control plane derives from its conditions and from
 * `unschedulable`, and all others as they are. Undefined when nothing is to change. `now` is in milliseconds since
 * the epoch.
 */
export function conditionTaints(node: Node, now: number): readonly Taint[] | undefined {
  const conditions = node.status?.conditions;
  const ready = findCondition(conditions, 'Ready')?.status;
  const wanted: Taint[] = noScheduleRules
    .filter(([type, status]) => findCondition(conditions, type)?.status === status)
    .map(([, , key]) => ({ key, effect: 'NoSchedule' }));
  if (node.spec?.unschedulable === true) wanted.push({ key: TAINT_UNSCHEDULABLE, effect: 'NoSchedule' });
  if (ready === 'False') wanted.push({ key: TAINT_NOT_READY, effect: 'NoExecute' });
  if (ready === 'Unknown') wanted.push({ key: TAINT_UNREACHABLE, effect: 'NoExecute' });

  const present = node.spec?.taints ?? [];
  const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
  const kept = present.filter((taint) => !isManaged(taint) || wanted.some((other) => isSame(taint, other)));
  const timeAdded = formatRfc3339(now);
  const added = wanted
    .filter((taint) => !present.some((other) => isSame(taint, other)))
    .map((taint) => ({ ...taint, timeAdded }));
  return kept.length === present.length && added.length === 0 ? undefined : [...kept, ...added];
}

function isManaged({ key, effect }: Taint): boolean {
  return (
    (effect === 'NoSchedule' && noScheduleKeys.has(key)) || (effect === 'NoExecute' && noExecuteKeys.has(key))
  );
}
