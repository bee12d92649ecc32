import type { WriteRequest } from '../../api/client.ts';
import type { Node, Pod } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import { NODE, POD } from '../../api/well-known.ts';
import { findCondition, isDeleting, isPodReady, isPodTerminal } from '../../domain/conditions.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { type Controller, type Lister, type Requeue, watch } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { deletion, keyOf, keyText, parseKeyText, statusUpdate } from '../../runtime/write-requests.ts';
import { createAddressPool } from './address-pool.ts';
import { BEHAVIOUR_ANNOTATION, type BehaviourRule, behaviourOf, type PodBehaviour } from './behaviour.ts';
import { firstNodeStatus, isUnreported, registrationLabels } from './node-status.ts';
import { type PodHappening, podHappenings } from './pod-events.ts';
import { internalAddress, podStatus, type SharedReports } from './pod-status.ts';
import { stageAt } from './stage.ts';

/** Choices for all simulated kubelets. */
export interface KubeletOptions {
  /** Behaviour by image or node; the first that applies wins. Annotations win over all. */
  readonly rules?: readonly BehaviourRule[];
  /**
   * Where earlier kubelets stood. Then only addresses in what watches tell before the first reconcile are taken for
   * used besides; absent: all pods and nodes are looked at for addresses in use.
   */
  readonly addresses?: AddressPositions;
}

/** The numbers of the addresses that the next pod and the next node get. */
export interface AddressPositions {
  readonly nextPod: number;
  readonly nextNode: number;
}

/** The kubelets of all nodes. */
export interface SimulatedKubelets extends Controller {
  /** Where other kubelets could go on; undefined as long as these do not know which addresses are in use. */
  addresses(): AddressPositions | undefined;
}

/** What a kubelet does about a pod now. */
interface PodWork {
  readonly requests: readonly WriteRequest[];
  readonly happenings: readonly PodHappening[];
  readonly next: Requeue | undefined;
}

const idle: PodWork = { requests: [], happenings: [], next: undefined };
const nothing: readonly string[] = [];
const nodeKey = (name: string): string => `node ${name}`;
const podKey = (pod: Pod): string => `pod ${keyText(pod)}`;
const behaves = (object: KubeObject | undefined): string | undefined =>
  object?.metadata.annotations?.[BEHAVIOUR_ANNOTATION];
const isRunning = (node: Node | undefined): node is Node =>
  findCondition(node?.status?.conditions, 'Ready')?.status === 'True';

/**
 * The kubelets of all nodes. They take over nodes whose readiness nobody has reported, run the pods bound to ready
 * nodes through the stages of their behaviour, and let go of deleted ones. The kubelet of a node that is not ready
 * is taken for dead: its pods stay as they are, and their deletion does not end.
 */
export function simulatedKubelets(options: KubeletOptions = {}): SimulatedKubelets {
  const rules = options.rules ?? [];
  const goOn = options.addresses;
  const podAddresses = createAddressPool('10.0.0.0', 2 ** 23 - 2, goOn?.nextPod);
  const nodeAddresses = createAddressPool('10.128.0.0', 2 ** 23 - 2, goOn?.nextNode);
  let hasBegun = false;

  /** Before they hand out any, kubelets hear of addresses that came up after those that they go on from. */
  const learnsFromWatches = (): boolean => goOn !== undefined && !hasBegun;

  function learnAddresses(lister: Lister): void {
    if (hasBegun) return;
    hasBegun = true;
    if (goOn !== undefined) return;
    for (const pod of lister.list(POD)) podAddresses.use(pod.status?.podIP);
    for (const node of lister.list(NODE)) nodeAddresses.use(internalAddress(node));
  }

  function register(node: Node, now: number): readonly WriteRequest[] {
    const labels = registrationLabels(node);
    const base = { verb: 'patch', kind: NODE, key: keyOf(node), patchType: 'merge' } as const;
    const status = firstNodeStatus(node, nodeAddresses.next(), now);
    return [
      ...(labels === undefined ? [] : [{ ...base, patch: { metadata: { labels } } } as const]),
      // A status is JSON like everything else; its type only says more.
      { ...base, subresource: 'status', patch: { status: status as { readonly [field: string]: never } } },
    ];
  }

  function run(pod: Pod, node: Node, behaviour: PodBehaviour, now: number, shared: SharedReports): PodWork {
    const startTime = parseRfc3339(pod.status?.startTime) ?? now;
    const { stage, nextInMs } = stageAt(behaviour, Math.max(0, now - startTime));
    const hostIP = internalAddress(node) ?? '';
    const podIP = pod.status?.podIP ?? (pod.spec.hostNetwork === true ? hostIP : podAddresses.next());
    const status = podStatus(pod, { node, stage, startTime, now, podIP, shared });
    const next = nextInMs === undefined ? undefined : stageWait(pod, stage.name, nextInMs);
    // What a kubelet reports has a start time: a pod without one has no report yet.
    const isNews = pod.status?.startTime === undefined || !deepEqual(status, pod.status);
    if (!isNews) return { ...idle, next };
    return {
      requests: [statusUpdate({ ...pod, status })],
      happenings: podHappenings(pod, stage, behaviour),
      next,
    };
  }

  function stop(pod: Pod, behaviour: PodBehaviour, now: number): PodWork {
    const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = pod.metadata;
    if (deletionGracePeriodSeconds === 0) return idle;
    const asked = (parseRfc3339(deletionTimestamp) ?? now) - deletionGracePeriodSeconds * 1000;
    const stopped = asked + Math.min(behaviour.stopSeconds, deletionGracePeriodSeconds) * 1000;
    if (stopped > now) {
      const because = `containers of pod ${keyText(pod)} are stopping`;
      return {
        ...idle,
        next: { key: podKey(pod), afterMs: stopped - now, wait: { kind: 'machinery', because } },
      };
    }
    const remove = deletion(pod, { gracePeriodSeconds: 0 });
    if (finalizers.length === 0 || isPodTerminal(pod)) return { ...idle, requests: [remove] };
    // A pod that a finalizer holds back shows that its containers have ended.
    const ended = { ...pod, status: { ...pod.status, phase: 'Succeeded' } };
    return { ...idle, requests: [statusUpdate(ended), remove] };
  }

  function attend(pod: Pod | undefined, lister: Lister, now: number, shared: SharedReports): PodWork {
    if (pod === undefined) return idle;
    const node = lister.get(NODE, { namespace: '', name: pod.spec.nodeName ?? '' });
    if (!isRunning(node)) return idle;
    const behaviour = behaviourOf(pod, node, rules);
    if (isDeleting(pod)) return stop(pod, behaviour, now);
    return isPodTerminal(pod) ? idle : run(pod, node, behaviour, now, shared);
  }

  return {
    addresses: () =>
      goOn === undefined && !hasBegun
        ? undefined
        : { nextPod: podAddresses.position(), nextNode: nodeAddresses.position() },
    name: 'kubelet',
    batch: 500,
    watches: [
      watch(NODE, (previous, current, lister) => {
        if (current === undefined) return nothing;
        if (learnsFromWatches()) nodeAddresses.use(internalAddress(current));
        const name = current.metadata.name ?? '';
        if (isUnreported(current)) return [nodeKey(name)];
        if (!isRunning(current)) return nothing;
        const isBack = !isRunning(previous);
        return isBack || behaves(previous) !== behaves(current)
          ? lister.podsOnNode(name).map(podKey)
          : nothing;
      }),
      watch(POD, (previous, current) => {
        if (current === undefined || (current.spec.nodeName ?? '') === '') return nothing;
        if (learnsFromWatches()) podAddresses.use(current.status?.podIP);
        const isAtRest = previous !== undefined && isPodReady(current) && !isDeleting(current);
        return isAtRest && behaves(previous) === behaves(current) ? nothing : [podKey(current)];
      }),
    ],
    async reconcile(keys, { client, lister, recorder, now }) {
      learnAddresses(lister);
      const shared: SharedReports = new Map();
      const requests: WriteRequest[] = [];
      const requeues: Requeue[] = [];
      const told: { readonly pod: Pod; readonly request: number; readonly happening: PodHappening }[] = [];
      for (const key of keys) {
        if (key.startsWith('node ')) {
          const node = lister.get(NODE, { namespace: '', name: key.slice('node '.length) });
          if (node !== undefined && isUnreported(node)) requests.push(...register(node, now));
          continue;
        }
        const pod = lister.get(POD, parseKeyText(key.slice('pod '.length)));
        const work = attend(pod, lister, now, shared);
        if (work.next !== undefined) requeues.push(work.next);
        for (const happening of work.happenings) {
          if (pod !== undefined) told.push({ pod, request: requests.length, happening });
        }
        requests.push(...work.requests);
      }
      if (requests.length === 0) return requeues;
      const outcomes = await client.commit(requests);
      for (const { pod, request, happening } of told) {
        if (outcomes[request]?.ok === true)
          recorder.event(pod, happening.type, happening.reason, happening.message);
      }
      retryRefused(outcomes);
      return requeues;
    },
  };
}

function stageWait(pod: Pod, stage: string, afterMs: number): Requeue {
  const kind = stage === 'crashed' ? 'retry' : 'machinery';
  const what: Readonly<Record<string, string>> = {
    pulling: 'pulls its image',
    'pull-failed': 'tries to pull its image again',
    initializing: 'runs its init containers',
    starting: 'starts its containers',
    running: 'is not ready yet',
    crashed: 'restarts its crashed container',
  };
  const because = `pod ${keyText(pod)} ${what[stage] ?? 'goes on'}`;
  return { key: podKey(pod), afterMs, wait: { kind, because } };
}
