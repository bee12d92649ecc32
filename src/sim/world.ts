import type { BehaviourRule } from '../agents/kubelet/behaviour.ts';
import { IMPOSSIBLE_IMAGES } from '../agents/kubelet/behaviour.ts';
import { simulatedKubelets } from '../agents/kubelet/kubelet.ts';
import { scheduler } from '../agents/scheduler/scheduler.ts';
import type { Client } from '../api/client.ts';
import type { Node, Pod } from '../api/core.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import { DAEMON_SET, POD } from '../api/well-known.ts';
import { daemonSetController } from '../controllers/daemonset/controller.ts';
import type { SyncRecord } from '../controllers/daemonset/sync-record.ts';
import { nodeLifecycleController } from '../controllers/node-lifecycle/controller.ts';
import { podGcController } from '../controllers/pod-gc/controller.ts';
import { taintEvictionController } from '../controllers/taint-eviction/controller.ts';
import { isDeleting, isPodReady } from '../domain/conditions.ts';
import { templateHash } from '../domain/hashing/template-hash.ts';
import { isControlledBy } from '../domain/owner-references.ts';
import { type VirtualClock, virtualClock } from '../runtime/clock.ts';
import type { Lister } from '../runtime/controller.ts';
import { createManager, type Manager } from '../runtime/manager.ts';
import { seededRandom } from '../runtime/random.ts';
import { parseKeyText } from '../runtime/write-requests.ts';
import { attendOnly } from './attend-only.ts';
import { type Fault, faultRules } from './faults.ts';
import { forkCluster } from './fork.ts';
import { heedOthers } from './heed-others.ts';
import { silent } from './silent.ts';
import { imagesOf, type Timing, timingRule } from './timing.ts';

/** What a simulated cluster starts from. */
export interface WorldOptions {
  readonly objects: readonly KubeObject[];
  /** The DaemonSet that the simulation is about; all other workloads stay as they are. */
  readonly target: ObjectKey;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly seed: number;
  readonly timing: Timing;
  readonly faults: readonly Fault[];
}

/** Who wants to hear of what happens in a world. */
interface WorldObserver {
  /** After each object that was written; `gone` when the write removed it. */
  readonly onObject: (object: KubeObject, gone: boolean) => void;
  readonly onSync: (record: SyncRecord) => void;
}

/** A cluster in memory under a virtual clock, with the ordinary controllers, scheduler and kubelets. */
export interface World {
  /** Writes through it are seen by the observer of the running manager. */
  readonly client: Client;
  readonly clock: VirtualClock;
  /**
   * Drops the log: long rollouts write a hundred thousand states. Only between two steps of a manager that has seen all
   * of it; one that has not lists everything anew.
   */
  forgetHistory(): Promise<void>;
  /** The machinery that makes nodes ready and tells their state, without anything that touches pods of its own accord. */
  nodeManager(): Manager;
  /** Everything: what a rollout needs. */
  manager(observer: WorldObserver): Manager;
}

/**
 * Forks a cluster into memory. Pods that run stay as they are, ready or not, until somebody deletes them; nobody restarts
 * them, and no other workload replaces its own. Events are not recorded.
 */
export async function createWorld({
  objects,
  target,
  startedAt,
  seed,
  timing,
  faults,
}: WorldOptions): Promise<World> {
  const clock = virtualClock(startedAt);
  const random = seededRandom(seed);
  let observer: WorldObserver | undefined;
  const fork = await forkCluster(objects, { clock, random });
  const client = observedClient(fork.client, (object, gone) => observer?.onObject(object, gone));
  /** Pods that ran before, and whether they were ready: they become so again when their node comes back. */
  const before = new Map<string, boolean>();
  const imagesOnNode = new Map<string, Set<string>>();
  for (const object of objects) {
    if (object.kind === 'Pod') {
      const pod = object as Pod; // the kind says so
      if (pod.status?.startTime !== undefined) before.set(podName(pod), isPodReady(pod));
      const nodeName = pod.spec.nodeName ?? '';
      const images = imagesOnNode.get(nodeName) ?? new Set<string>();
      for (const image of imagesOf(pod)) images.add(image);
      imagesOnNode.set(nodeName, images);
    }
    if (object.kind === 'Node') {
      const images = imagesOnNode.get(object.metadata.name ?? '') ?? new Set<string>();
      for (const image of imageNames(object as Node)) images.add(image);
      imagesOnNode.set(object.metadata.name ?? '', images);
    }
  }
  const isNew = (pod: Pod): boolean => !before.has(podName(pod));
  const hasImage = (node: Node, image: string): boolean =>
    imagesOnNode.get(node.metadata.name ?? '')?.has(image) === true;
  const rules: readonly BehaviourRule[] = [
    ...faultRules(faults, seed, isNew),
    IMPOSSIBLE_IMAGES,
    timingRule(timing, { hasImage, hasPodFaults: faults.some(({ kind }) => kind !== 'node') }),
  ];
  const targetKey = `${target.namespace}/${target.name}`;

  const isOfTarget = (key: string, lister: Lister): boolean => {
    const pod = lister.get(POD, parseKeyText(key));
    const uid = lister.get(DAEMON_SET, target)?.metadata.uid;
    return pod !== undefined && uid !== undefined && isControlledBy(pod, uid);
  };
  const isForKubelet = (key: string, lister: Lister): boolean => {
    if (!key.startsWith('pod ')) return true;
    const pod = lister.get(POD, parseKeyText(key.slice('pod '.length)));
    if (pod === undefined || isDeleting(pod) || isNew(pod)) return true;
    return before.get(podName(pod)) === true && !isPodReady(pod);
  };
  const kubelets = () => attendOnly(heedOthers(simulatedKubelets({ rules })), isForKubelet);

  return {
    client,
    clock,
    async forgetHistory() {
      await fork.store.compact(await fork.store.revision());
    },
    nodeManager: () =>
      createManager({
        client,
        clock,
        random,
        controllers: [
          nodeLifecycleController(),
          attendOnly(simulatedKubelets({ rules }), (key) => key.startsWith('node ')),
        ].map(silent),
      }),
    manager(watching) {
      observer = watching;
      return createManager({
        client,
        clock,
        random,
        controllers: [
          nodeLifecycleController(),
          attendOnly(
            daemonSetController({ hash: templateHash, onSync: watching.onSync }),
            (key) => key === targetKey,
          ),
          attendOnly(taintEvictionController(), isOfTarget),
          podGcController(),
          attendOnly(scheduler(), isOfTarget),
          kubelets(),
        ].map(silent),
      });
    },
  };
}

const podName = ({ metadata }: Pod): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

function imageNames({ status }: Node): readonly string[] {
  return (status?.images ?? []).flatMap((image) =>
    typeof image === 'object' && image !== null && 'names' in image && Array.isArray(image.names)
      ? image.names.filter((name) => typeof name === 'string')
      : [],
  );
}

/** The client, which tells of each object written. */
function observedClient(client: Client, onObject: (object: KubeObject, gone: boolean) => void): Client {
  return {
    ...client,
    async commit(requests) {
      const outcomes = await client.commit(requests);
      for (const outcome of outcomes) {
        if (outcome.ok && outcome.did !== 'unchanged') onObject(outcome.object, outcome.did === 'deleted');
      }
      return outcomes;
    },
  };
}
