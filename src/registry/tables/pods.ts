import type { ContainerStatus, Pod } from '../../api/core.ts';
import { age } from '../../domain/duration.ts';
import { ageOf, NONE, nameOf } from './cell-text.ts';
import { type Cell, tableKind } from './table.ts';

/** v1 Pod. */
export const podTable = tableKind<Pod>(
  ['Name', 'Ready', 'Status', 'Restarts', 'Age', '+IP', '+Node', '+Nominated Node', '+Readiness Gates'],
  (pod, now): readonly Cell[] => {
    const { ready, total, status, restarts, lastRestart } = podSummary(pod);
    const restarted = restarts !== 0 && lastRestart !== undefined;
    return [
      nameOf(pod),
      `${ready}/${total}`,
      status,
      restarted ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts),
      ageOf(pod, now),
      pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? NONE,
      pod.spec.nodeName || NONE,
      pod.status?.nominatedNodeName || NONE,
      readinessGates(pod),
    ];
  },
);

/** What a pod's containers add up to. */
interface PodSummary {
  /** Containers that are ready, sidecars among the init containers included. */
  readonly ready: number;
  /** Containers that should be. */
  readonly total: number;
  /** The STATUS column: `Running`, `Init:0/2`, `CrashLoopBackOff`, `Terminating`, … */
  readonly status: string;
  readonly restarts: number;
  /** When a container last ended before a restart, RFC 3339. */
  readonly lastRestart: string | undefined;
}

/** Sums up a pod by upstream's rules (`printPod`). */
function podSummary(pod: Pod): PodSummary {
  const init = initSummary(pod);
  const started = !init.initializing || hasCondition(pod, 'Initialized');
  const main = started ? mainSummary(pod, init.status) : undefined;
  return {
    ready: init.ready + (main?.ready ?? 0),
    total: pod.spec.containers.length + sidecarNames(pod).size,
    status: finalStatus(pod, main?.status ?? init.status),
    ...(main === undefined ? init.all : sum(init.sidecars, main.ends)),
  };
}

interface Restarts {
  readonly restarts: number;
  readonly lastRestart: string | undefined;
}

function sum(a: Restarts, b: Restarts): Restarts {
  return { restarts: a.restarts + b.restarts, lastRestart: later(a.lastRestart, b.lastRestart) };
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(b) > Date.parse(a) ? b : a;
}

function restartsOf(statuses: readonly ContainerStatus[]): Restarts {
  return statuses
    .map((status) => ({
      restarts: status.restartCount,
      lastRestart: status.lastState?.terminated?.finishedAt,
    }))
    .reduce(sum, { restarts: 0, lastRestart: undefined });
}

function phaseOrReason(pod: Pod): string {
  const gated = pod.status?.conditions?.some(
    (condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated',
  );
  return gated ? 'SchedulingGated' : pod.status?.reason || pod.status?.phase || '';
}

function sidecarNames(pod: Pod): ReadonlySet<string> {
  const sidecars = (pod.spec.initContainers ?? []).filter(
    (container) => container.restartPolicy === 'Always',
  );
  return new Set(sidecars.map((container) => container.name));
}

/** Init containers, up to the first that is neither finished nor a started sidecar. */
function initSummary(pod: Pod) {
  const sidecars = sidecarNames(pod);
  const statuses = pod.status?.initContainerStatuses ?? [];
  let ready = 0;
  let status = phaseOrReason(pod);
  let at = 0;
  for (; at < statuses.length; at++) {
    const container = statuses[at];
    if (container === undefined || container.state?.terminated?.exitCode === 0) continue;
    if (!sidecars.has(container.name) || container.started !== true) {
      status = `Init:${initProblem(container) ?? `${at}/${pod.spec.initContainers?.length ?? 0}`}`;
      break;
    }
    if (container.ready) ready++;
  }
  const seen = statuses.slice(0, at + 1);
  return {
    ready,
    status,
    initializing: at < statuses.length,
    all: restartsOf(seen),
    sidecars: restartsOf(seen.filter((container) => sidecars.has(container.name))),
  };
}

function initProblem({ state }: ContainerStatus): string | undefined {
  if (state?.terminated !== undefined) return endReason(state.terminated);
  const waiting = state?.waiting?.reason;
  return waiting === 'PodInitializing' ? undefined : waiting || undefined;
}

function endReason(ended: {
  readonly reason?: string;
  readonly signal?: number;
  readonly exitCode: number;
}): string {
  if (ended.reason) return ended.reason;
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`;
}

/** The containers proper. The first one in the list that is not simply running gives the status. */
function mainSummary(pod: Pod, before: string) {
  const statuses = pod.status?.containerStatuses ?? [];
  const running = statuses.filter((container) => troubleOf(container) === undefined && isRunning(container));
  const troubles = statuses.flatMap((container) => troubleOf(container) ?? []);
  const status = troubles[0] ?? before;
  return {
    ready: running.length,
    status: status === 'Completed' ? completedStatus(pod, statuses, running.length > 0) : status,
    ends: restartsOf(statuses),
  };
}

/** The status of a pod whose first remarkable container completed, though others may go on or have failed. */
function completedStatus(pod: Pod, statuses: readonly ContainerStatus[], someRun: boolean): string {
  if (someRun && hasCondition(pod, 'Ready')) return 'Running';
  const failed = statuses.find((container) => (container.state?.terminated?.exitCode ?? 0) !== 0);
  if (failed?.state?.terminated !== undefined) return endReason(failed.state.terminated);
  return someRun ? 'NotReady' : 'Completed';
}

function troubleOf({ state }: ContainerStatus): string | undefined {
  return (
    state?.waiting?.reason || (state?.terminated === undefined ? undefined : endReason(state.terminated))
  );
}

function isRunning(container: ContainerStatus): boolean {
  return container.ready && container.state?.running !== undefined;
}

function finalStatus(pod: Pod, status: string): string {
  if (pod.metadata.deletionTimestamp === undefined) return status;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return ended ? status : 'Terminating';
}

function hasCondition(pod: Pod, type: string): boolean {
  return (
    pod.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ??
    false
  );
}

function readinessGates(pod: Pod): string {
  // A field of the spec that no other code reads, so the shared type leaves it open.
  const gates = pod.spec.readinessGates as readonly { readonly conditionType: string }[] | undefined;
  if (gates === undefined || gates.length === 0) return NONE;
  return `${gates.filter((gate) => hasCondition(pod, gate.conditionType)).length}/${gates.length}`;
}
