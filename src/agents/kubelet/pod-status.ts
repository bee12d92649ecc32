import type { Container, ContainerState, ContainerStatus, Node, Pod, PodStatus } from '../../api/core.ts';
import type { Condition } from '../../api/meta.ts';
import { growingCopy } from '../../domain/growing-copy.ts';
import { madeOnce } from '../../domain/made-once.ts';
import { formatRfc3339 } from '../../domain/rfc3339.ts';
import type { Run, Stage } from './stage.ts';

/** What a status depends on besides the pod. Times are milliseconds since the epoch. */
export interface StatusContext {
  readonly node: Node;
  readonly stage: Stage;
  readonly startTime: number;
  readonly now: number;
  readonly podIP: string;
  /** Where pods that are told the same about share it; good for one reconcile. */
  readonly shared?: SharedReports;
}

/** Lists of conditions and container statuses, by what they depend on, so that pods alike have the same ones. */
export type SharedReports = Map<unknown, Map<string, unknown>>;

/** The list that an earlier pod got for the same `source` and `key`, or else what `make` makes. */
function sharedReport<T>(shared: SharedReports | undefined, source: unknown, key: string, make: () => T): T {
  if (shared === undefined) return make();
  let known = shared.get(source);
  if (known === undefined) {
    known = new Map();
    shared.set(source, known);
  }
  // What lies under a key was made by the one function that asks with it.
  let report = known.get(key) as T | undefined;
  if (report === undefined) {
    report = make();
    known.set(key, report);
  }
  return report;
}

/** All pods of a node have the same list of host addresses. */
const addressList = madeOnce((ip): readonly { readonly ip: string }[] => [{ ip }]);

/** The address at which a node is reached inside the cluster, if it has one. */
export function internalAddress(node: Node): string | undefined {
  return node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
}

/** The status that a kubelet reports for a pod in this stage. Fields that it does not own stay as they are. */
export function podStatus(pod: Pod, context: StatusContext): PodStatus {
  const { node, stage, startTime, podIP, shared } = context;
  const hostIP = internalAddress(node);
  const status: MutableStatus = growingCopy(pod.status ?? {});
  if (hostIP !== undefined) {
    status.hostIP = hostIP;
    status.hostIPs = addressList(hostIP);
  }
  status.startTime = formatRfc3339(startTime);
  if (stage.name === 'evicted') {
    status.phase = 'Failed';
    status.reason = 'Evicted';
    status.message = 'The node was low on resource: memory. (simulated)';
    status.conditions = conditions(pod, stage, context);
    return status;
  }
  const stageKey = keyOfStage(stage);
  const initialized = isInitialized(stage);
  status.phase = stage.name === 'running' || stage.name === 'crashed' ? 'Running' : 'Pending';
  status.conditions = conditionsOf(pod, stageKey, context);
  if (initialized && podIP !== '') {
    status.podIP = podIP;
    status.podIPs = [{ ip: podIP }];
  }
  const { initContainers } = pod.spec;
  if (initContainers !== undefined && initContainers.length > 0) {
    status.initContainerStatuses = initContainers.map((init) => initStatus(init, initialized, context));
  }
  status.containerStatuses = sharedReport(shared, pod.spec.containers, `${stageKey} ${startTime}`, () =>
    pod.spec.containers.map((container, index) => containerStatus(container, index === 0, context)),
  );
  return status;
}

type MutableStatus = { -readonly [field in keyof PodStatus]: PodStatus[field] };

/** Stages do not change, and pods that do the same at the same time share theirs. */
const keysOfStages = new WeakMap<Stage, string>();

function keyOfStage(stage: Stage): string {
  let key = keysOfStages.get(stage);
  if (key === undefined) {
    key = JSON.stringify(stage);
    keysOfStages.set(stage, key);
  }
  return key;
}

/** Pods that have had the same conditions by identity, and run the same containers, get the same ones. */
function conditionsOf(pod: Pod, stageKey: string, context: StatusContext): readonly Condition[] {
  const { stage, shared } = context;
  const ready = stage.name === 'running' && stage.ready;
  const make = (): readonly Condition[] => conditions(pod, stage, context);
  // Only the conditions of pods that are ready do not name containers.
  return ready ? sharedReport(shared, pod.status?.conditions, stageKey, make) : make();
}

function isInitialized(stage: Stage): boolean {
  return stage.name === 'running' || stage.name === 'crashed' || stage.name === 'starting';
}

/** The kubelet's own conditions in front, in the order in which it reports them, then everybody else's. */
function conditions(pod: Pod, stage: Stage, { now }: StatusContext): readonly Condition[] {
  const known = pod.status?.conditions ?? [];
  const ready = stage.name === 'running' && stage.ready;
  const notReady =
    stage.name === 'evicted'
      ? { reason: 'PodFailed' }
      : {
          reason: 'ContainersNotReady',
          message: `containers with unready status: ${unreadyNames(pod, stage)}`,
        };
  const own: Condition[] = [
    { type: 'Initialized', status: isInitialized(stage) || stage.name === 'evicted' ? 'True' : 'False' },
    ready ? { type: 'Ready', status: 'True' } : { type: 'Ready', status: 'False', ...notReady },
    ready
      ? { type: 'ContainersReady', status: 'True' }
      : { type: 'ContainersReady', status: 'False', ...notReady },
  ].map((condition) => {
    const before = known.find(({ type }) => type === condition.type);
    const unchanged = before?.status === condition.status && before.lastTransitionTime;
    const lastTransitionTime = unchanged ? before.lastTransitionTime : formatRfc3339(now);
    return { ...condition, lastProbeTime: null, lastTransitionTime };
  });
  const others = known.filter(({ type }) => !own.some((condition) => condition.type === type));
  const bound = others.some(({ type }) => type === 'PodScheduled')
    ? []
    : [{ type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: formatRfc3339(now) }];
  return [...own, ...bound, ...others];
}

function unreadyNames(pod: Pod, stage: Stage): string {
  const first = stage.name === 'crashed' || stage.name === 'pull-failed';
  const names = (first ? pod.spec.containers.slice(0, 1) : pod.spec.containers).map(({ name }) => name);
  return `[${names.join(' ')}]`;
}

function containerStatus(container: Container, isFirst: boolean, context: StatusContext): ContainerStatus {
  const { stage, startTime } = context;
  const at = (afterMs: number): string => formatRfc3339(startTime + afterMs);
  const base = { name: container.name, image: container.image ?? '', imageID: '', lastState: {} };
  const waiting = (reason: string, message?: string): ContainerStatus => ({
    ...base,
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
  });
  switch (stage.name) {
    case 'pulling':
    case 'initializing':
      return waiting(hasInit(context) ? 'PodInitializing' : 'ContainerCreating');
    case 'starting':
      return waiting('ContainerCreating');
    case 'pull-failed':
      if (!isFirst) return waiting('ContainerCreating');
      return stage.backingOff
        ? waiting('ImagePullBackOff', `Back-off pulling image "${container.image ?? ''}"`)
        : waiting('ErrImagePull', `failed to pull image "${container.image ?? ''}": not found (simulated)`);
    case 'running': {
      const restartCount = isFirst ? stage.restarts : 0;
      const state: ContainerState = { running: { startedAt: at(stage.startedAfterMs) } };
      const lastState = isFirst && stage.lastRun !== undefined ? crashOf(stage.lastRun, startTime) : {};
      return { ...base, ready: stage.ready, started: true, restartCount, state, lastState };
    }
    case 'crashed': {
      if (!isFirst) {
        return {
          ...base,
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: at(0) } },
        };
      }
      return {
        ...waiting('CrashLoopBackOff', `back-off restarting failed container=${container.name}`),
        restartCount: stage.restarts,
        lastState: crashOf(stage.lastRun, startTime),
      };
    }
    default:
      return waiting('ContainerCreating');
  }
}

function crashOf({ startedAfterMs, finishedAfterMs }: Run, startTime: number): ContainerState {
  const startedAt = formatRfc3339(startTime + startedAfterMs);
  const finishedAt = formatRfc3339(startTime + finishedAfterMs);
  return { terminated: { exitCode: 1, reason: 'Error', startedAt, finishedAt } };
}

const hasInit = ({ stage }: StatusContext): boolean => stage.name === 'initializing';

function initStatus(container: Container, done: boolean, { startTime }: StatusContext): ContainerStatus {
  const time = formatRfc3339(startTime);
  const isSidecar = container.restartPolicy === 'Always';
  const state: ContainerState = !done
    ? { waiting: { reason: 'PodInitializing' } }
    : isSidecar
      ? { running: { startedAt: time } }
      : { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time } };
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: '',
    ready: done,
    started: done && isSidecar,
    restartCount: 0,
    state,
    lastState: {},
  };
}
