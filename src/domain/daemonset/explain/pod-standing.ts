import type { ContainerStatus, Pod } from '../../../api/core.ts';
import { CONTROLLER_REVISION_HASH } from '../../../api/well-known.ts';
import { isDeleting, isPodAvailable, isPodReady } from '../../conditions.ts';
import { isPodUpdated } from '../pod-template.ts';
import { isBound } from '../pods-of-node.ts';
import { isRollingUpdate } from '../update-strategy.ts';
import type { ExplainedNode, ExplainedState } from './explained-state.ts';
import { type FitProblem, fitProblems, fitProblemText } from './fit-problems.ts';

/** How one of a DaemonSet's pods stands on its node, and what becomes of it. */
export interface PodStanding {
  readonly name: string;
  /** `Ready`: but not for minReadySeconds yet. `Unbound`: the scheduler has not given it its node. */
  readonly state:
    | 'Available'
    | 'Ready'
    | 'NotReady'
    | 'Starting'
    | 'Unbound'
    | 'Failed'
    | 'Succeeded'
    | 'Terminating';
  /** Of the container that holds it up, or of the pod: `CrashLoopBackOff`, `Evicted`. */
  readonly reason?: string;
  readonly message?: string;
  readonly restarts: number;
  /** Its `controller-revision-hash`. */
  readonly revision?: string;
  readonly upToDate: boolean;
  /**
   * `stays`: nothing is about to happen to it. `misscheduled`: it stays although no new pod would be made here.
   * `replaced`: another takes its place. `deleted`: it goes, and none comes. `ending`: it is on its way out.
   */
  readonly fate: 'stays' | 'misscheduled' | 'replaced' | 'deleted' | 'ending';
  readonly because: string;
  /** What keeps it from its node; only while it has none. */
  readonly obstacles?: readonly FitProblem[];
}

/** What the next sync of the controller deletes, by the pod's name, with the controller's reason. */
export type PlannedDeletions = ReadonlyMap<string, string>;

/** How each pod on a node stands, in the order of their names. `bound` are all pods bound to the node, of any owner. */
export function podStandings(
  sync: ExplainedState,
  state: ExplainedNode,
  deletions: PlannedDeletions,
  bound: readonly Pod[],
): readonly PodStanding[] {
  return (state.pods ?? []).map((pod) => {
    const others = bound.filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
    const obstacles = isBound(pod) ? undefined : fitProblems(pod, state.node, others);
    const upToDate = isPodUpdated(pod, sync.hash, sync.generation);
    const trouble = troubleOf(pod);
    const revision = pod.metadata.labels?.[CONTROLLER_REVISION_HASH];
    return {
      name: pod.metadata.name ?? '',
      state: stateOf(pod, sync),
      ...trouble,
      restarts: containersOf(pod).reduce((sum, { restartCount }) => sum + restartCount, 0),
      ...(revision !== undefined && { revision }),
      upToDate,
      ...fateOf(pod, upToDate, sync, state, deletions, obstacles),
      ...(obstacles !== undefined && { obstacles }),
    };
  });
}

function stateOf(pod: Pod, { daemonSet, now }: ExplainedState): PodStanding['state'] {
  if (isDeleting(pod)) return 'Terminating';
  const phase = pod.status?.phase;
  if (phase === 'Failed' || phase === 'Succeeded') return phase;
  if (!isBound(pod)) return 'Unbound';
  if (isPodAvailable(pod, daemonSet.spec.minReadySeconds ?? 0, now)) return 'Available';
  if (isPodReady(pod)) return 'Ready';
  return phase === 'Running' ? 'NotReady' : 'Starting';
}

function containersOf({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/** Reasons of waiting that are no trouble. */
const USUAL = new Set(['ContainerCreating', 'PodInitializing']);

function troubleOf(pod: Pod): { readonly reason?: string; readonly message?: string } {
  const { reason, message } = pod.status ?? {};
  const waiting = containersOf(pod)
    .map(({ state }) => state?.waiting)
    .find((one) => one?.reason !== undefined && !USUAL.has(one.reason));
  const found = reason === undefined ? waiting : { reason, message };
  return {
    ...(found?.reason !== undefined && { reason: found.reason }),
    ...(found?.message !== undefined && { message: found.message }),
  };
}

function fateOf(
  pod: Pod,
  upToDate: boolean,
  { daemonSet }: ExplainedState,
  { placement }: ExplainedNode,
  deletions: PlannedDeletions,
  obstacles: readonly FitProblem[] | undefined,
): Pick<PodStanding, 'fate' | 'because'> {
  if (isDeleting(pod)) {
    const next = placement.shouldRun ? '; when it is gone another takes its place' : '';
    return {
      fate: 'ending',
      because: `its deletion was asked for at ${pod.metadata.deletionTimestamp}${next}`,
    };
  }
  const deletion = deletions.get(pod.metadata.name ?? '');
  if (deletion !== undefined) {
    const when =
      pod.status?.phase === 'Failed' ? 'as soon as its back-off (1s to 15m) allows' : 'at its next sync';
    const because = `the controller deletes it ${when}: ${deletion}`;
    return { fate: placement.shouldRun ? 'replaced' : 'deleted', because };
  }
  if (!placement.shouldRun) {
    const because =
      'NoSchedule taints keep new pods away and leave those that run; it counts as misscheduled';
    return { fate: 'misscheduled', because };
  }
  if (obstacles !== undefined && obstacles.length > 0) {
    const because = `it cannot be bound to the node: ${obstacles.map(fitProblemText).join('; ')}`;
    return { fate: 'stays', because };
  }
  if (obstacles !== undefined) return { fate: 'stays', because: 'it fits, and waits for the scheduler' };
  if (!upToDate) {
    return isRollingUpdate(daemonSet)
      ? { fate: 'replaced', because: 'it is of an older template, and is replaced when its turn comes' }
      : {
          fate: 'stays',
          because: 'it is of an older template, and with OnDelete it stays until somebody deletes it',
        };
  }
  return { fate: 'stays', because: 'it is where it should be, of the current template' };
}
