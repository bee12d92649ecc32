// Mirrors NodeShouldRunDaemonPod and the tolerations of pkg/controller/daemon (v1.37.2).
import type { DaemonSet } from '../../api/apps.ts';
import type { Node, PodSpec, PodTemplateSpec, Toleration } from '../../api/core.ts';
import {
  TAINT_DISK_PRESSURE,
  TAINT_MEMORY_PRESSURE,
  TAINT_NETWORK_UNAVAILABLE,
  TAINT_NOT_READY,
  TAINT_PID_PRESSURE,
  TAINT_UNREACHABLE,
  TAINT_UNSCHEDULABLE,
} from '../../api/well-known.ts';
import { deepEqual } from '../deep-equal.ts';
import {
  matchesNodeAffinity,
  type RequiredNodeAffinity,
  requiredNodeAffinity,
} from '../scheduling/node-affinity.ts';
import { findUntoleratedTaint } from '../scheduling/taints.ts';

/** Whether a node should get a daemon pod, and whether one that is there may stay. */
export interface Placement {
  readonly shouldRun: boolean;
  readonly shouldContinueRunning: boolean;
}

const RUN: Placement = { shouldRun: true, shouldContinueRunning: true };
const STAY: Placement = { shouldRun: false, shouldContinueRunning: true };
const LEAVE: Placement = { shouldRun: false, shouldContinueRunning: false };

const KEEPING_AWAY: readonly string[] = ['NoSchedule', 'NoExecute'];
const DRIVING_OUT: readonly string[] = ['NoExecute'];

/** What decides about a template's place, read once and asked for many nodes. */
interface PlacementRules {
  readonly nodeName: string;
  readonly affinity: RequiredNodeAffinity;
  readonly tolerations: readonly Toleration[];
}

/** Objects never change, so what was read from a template holds as long as the template lives. */
const rulesOfTemplates = new WeakMap<PodTemplateSpec, PlacementRules>();

/**
 * Where a DaemonSet wants to run: by the template's nodeName, nodeSelector, required node affinity, and the taints
 * that its pods tolerate. Free resources, ports, readiness and `unschedulable` do not matter: taints speak for them.
 */
export function nodeShouldRunDaemonPod(node: Node, daemonSet: DaemonSet): Placement {
  const { nodeName, affinity, tolerations } = rulesOf(daemonSet.spec.template);
  if (nodeName !== '' && nodeName !== node.metadata.name) return LEAVE;
  if (!matchesNodeAffinity(affinity, node)) return LEAVE;
  const taints = node.spec?.taints;
  if (taints === undefined || taints.length === 0) return RUN;
  if (findUntoleratedTaint(taints, tolerations, KEEPING_AWAY) === undefined) return RUN;
  return findUntoleratedTaint(taints, tolerations, DRIVING_OUT) === undefined ? STAY : LEAVE;
}

/** The template's tolerations with those that every daemon pod gets. */
export function addOrUpdateDaemonPodTolerations(spec: PodSpec): readonly Toleration[] {
  const automatic = spec.hostNetwork === true ? [...DAEMON_TOLERATIONS, ON_HOST_NETWORK] : DAEMON_TOLERATIONS;
  return automatic.reduce(addOrUpdateToleration, spec.tolerations ?? []);
}

const tolerateAny = (key: string, effect: string): Toleration => ({ key, operator: 'Exists', effect });

const DAEMON_TOLERATIONS: readonly Toleration[] = [
  tolerateAny(TAINT_NOT_READY, 'NoExecute'),
  tolerateAny(TAINT_UNREACHABLE, 'NoExecute'),
  tolerateAny(TAINT_DISK_PRESSURE, 'NoSchedule'),
  tolerateAny(TAINT_MEMORY_PRESSURE, 'NoSchedule'),
  tolerateAny(TAINT_PID_PRESSURE, 'NoSchedule'),
  tolerateAny(TAINT_UNSCHEDULABLE, 'NoSchedule'),
];
const ON_HOST_NETWORK = tolerateAny(TAINT_NETWORK_UNAVAILABLE, 'NoSchedule');

/** Appends a toleration, or puts it in the place of the one for the same taint (which drops its tolerationSeconds). */
function addOrUpdateToleration(tolerations: readonly Toleration[], added: Toleration): readonly Toleration[] {
  const index = tolerations.findIndex(
    ({ key = '', effect = '', operator = '', value = '' }) =>
      key === added.key &&
      effect === added.effect &&
      operator === added.operator &&
      value === (added.value ?? ''),
  );
  return index === -1 ? [...tolerations, added] : tolerations.with(index, added);
}

function rulesOf(template: PodTemplateSpec): PlacementRules {
  const known = rulesOfTemplates.get(template);
  if (known !== undefined) return known;
  const rules = {
    nodeName: template.spec.nodeName ?? '',
    affinity: requiredNodeAffinity(template.spec),
    tolerations: addOrUpdateDaemonPodTolerations(template.spec),
  };
  rulesOfTemplates.set(template, rules);
  return rules;
}

/** Whether two states of a node are the same to every DaemonSet: placement looks at a node's labels and taints alone. */
export function arePlacedAlike(a: Node, b: Node): boolean {
  return (
    deepEqual(a.metadata.labels ?? {}, b.metadata.labels ?? {}) &&
    deepEqual(a.spec?.taints ?? [], b.spec?.taints ?? [])
  );
}
