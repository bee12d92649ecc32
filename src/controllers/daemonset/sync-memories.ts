import type { DaemonSet } from '../../api/apps.ts';
import type { Node, Pod } from '../../api/core.ts';
import { DAEMON_SET, NODE, POD } from '../../api/well-known.ts';
import { arePlacedAlike } from '../../domain/daemonset/placement.ts';
import { targetNodeName } from '../../domain/daemonset/pod-template.ts';
import type { SavedMemory } from '../../domain/daemonset/resting-nodes.ts';
import { SyncMemory, syncMemoryOf } from '../../domain/daemonset/sync-memory.ts';
import { controllerOf } from '../../domain/owner-references.ts';
import { type Lister, type Watch, watch } from '../../runtime/controller.ts';
import { gatherNodesAndPods } from './gather.ts';

/** Memories of DaemonSets from sync to sync, so that a sync costs as much as has changed since the last one. */
export interface SyncMemories {
  /** Watches that bring up no work: they take notice of what the next sync has to look at again. */
  readonly watches: readonly Watch[];
  /** The memory of a DaemonSet, with all that the lister knows taken over. */
  upToDate(daemonSet: DaemonSet, lister: Lister): SyncMemory;
  /**
   * Lets go of the pods of DaemonSets that have many, all of them available: how the nodes stand is kept. `now`: milliseconds
   * since the epoch.
   */
  rest(lister: Lister, now: number): void;
  /** What to keep for a later process, when nothing is to be done: see `SyncMemory.saved`. `now`: milliseconds since the epoch. */
  saved(lister: Lister, now: number): SavedMemories;
}

/** What was kept of memories, by the DaemonSet's UID. It is JSON. */
export type SavedMemories = Readonly<Record<string, SavedMemory>>;

/** A memory, and the names of what changed since it was brought up to date. */
interface Remembered {
  /** Saved ones become memories when their DaemonSet is first synced. */
  memory: SyncMemory | SavedMemory;
  readonly namespace: string;
  readonly nodes: Set<string>;
  readonly pods: Set<string>;
  /** Nodes whose pods changed, of a memory that does not know all pods. */
  readonly nodesOfPods: Set<string>;
  /** Of such a memory, by the node's name: whether it was there when the memory was saved, as far as changes tell. */
  readonly existed: Map<string, boolean>;
}

function remember(memory: SyncMemory | SavedMemory, namespace: string): Remembered {
  return {
    memory,
    namespace,
    nodes: new Set(),
    pods: new Set(),
    nodesOfPods: new Set(),
    existed: new Map(),
  };
}

/** Whether a memory has taken over every node and pod, and not the standing of nodes alone. */
function knowsAll({ memory }: Remembered): boolean {
  return memory instanceof SyncMemory && !memory.hasResting();
}

/** A memory of fewer pods is not worth letting go of them. */
const MANY_PODS = 500;

/**
 * The memories that were saved by a process that left nothing to do, or none. `saved` asks that changes since are told from
 * the first one on, in order. Notices only say where to look: what is there now is read from the lister, so a notice too many, too
 * early or too late in the same step does no harm, and a memory that was dropped is made anew.
 */
export function createSyncMemories(saved: SavedMemories = {}, manyPods = MANY_PODS): SyncMemories {
  /** By the DaemonSet's UID. */
  const remembered = new Map(
    Object.entries(saved).map(([uid, memory]) => [uid, remember(memory, memory.namespace)]),
  );

  function noticeNode(previous: Node | undefined, current: Node | undefined): void {
    const name = (current ?? previous)?.metadata.name ?? '';
    // A node that is told without a change has to be looked at: something about its pods may be unknown.
    const isNews = (): boolean =>
      previous === undefined ||
      current === undefined ||
      previous === current ||
      !arePlacedAlike(previous, current);
    let news: boolean | undefined;
    for (const one of remembered.values()) {
      if (!knowsAll(one)) {
        // To look at a node that rests is to read its pods.
        news ??= isNews();
        if (!news) continue;
        if (!one.existed.has(name)) one.existed.set(name, previous !== undefined);
      }
      one.nodes.add(name);
    }
  }

  function noticePod(pod: Pod | undefined): void {
    if (pod === undefined) return;
    const controller = controllerOf(pod);
    if (controller === undefined) for (const one of remembered.values()) noticeIn(one, pod);
    else noticeIn(remembered.get(controller.uid), pod);
  }

  function noticeIn(one: Remembered | undefined, pod: Pod): void {
    const { name = '', namespace = '' } = pod.metadata;
    if (one === undefined || one.namespace !== namespace) return;
    one.pods.add(name);
    if (knowsAll(one)) return;
    const node = targetNodeName(pod);
    if (node !== undefined) one.nodesOfPods.add(node);
  }

  /** Nodes that a restored memory knows by their standing alone, and that something has happened to. */
  function wake(
    memory: SyncMemory,
    { namespace, nodes, nodesOfPods, existed }: Remembered,
    uid: string,
    lister: Lister,
  ): void {
    for (const name of new Set([...nodes, ...nodesOfPods])) {
      if (!memory.isResting(name)) continue;
      const node = lister.get(NODE, { namespace: '', name });
      const pods = lister
        .podsOnNode(name)
        .filter((pod) => pod.metadata.namespace === namespace && mayOwn(uid, pod));
      memory.wake(name, existed.get(name) ?? node !== undefined, node, pods);
    }
    nodesOfPods.clear();
  }

  function takeOver(memory: SyncMemory, one: Remembered, uid: string, lister: Lister): void {
    const { namespace, nodes, pods } = one;
    if (memory.hasResting()) wake(memory, one, uid, lister);
    for (const name of nodes) memory.setNode(name, lister.get(NODE, { namespace: '', name }));
    for (const name of pods) {
      const pod = lister.get(POD, { namespace, name });
      memory.setPod(name, pod !== undefined && mayOwn(uid, pod) ? pod : undefined);
    }
    nodes.clear();
    pods.clear();
  }

  return {
    watches: [
      watch(DAEMON_SET, (previous, current) => {
        if (previous !== undefined && previous.metadata.uid !== current?.metadata.uid)
          remembered.delete(previous.metadata.uid ?? '');
        return [];
      }),
      watch(NODE, (previous, current) => {
        noticeNode(previous, current);
        return [];
      }),
      watch(POD, (previous, current) => {
        noticePod(previous);
        noticePod(current);
        return [];
      }),
    ],
    upToDate(daemonSet, lister) {
      const { uid = '', namespace = '' } = daemonSet.metadata;
      const known = remembered.get(uid);
      if (known !== undefined) {
        const memory =
          known.memory instanceof SyncMemory
            ? known.memory
            : SyncMemory.restored(daemonSet, known.memory, () =>
                gatherNodesAndPods(daemonSet.metadata, lister),
              );
        if (memory?.fits(daemonSet) === true) {
          known.memory = memory;
          takeOver(memory, known, uid, lister);
          return memory;
        }
      }
      const memory = syncMemoryOf({ daemonSet, ...gatherNodesAndPods(daemonSet.metadata, lister) });
      remembered.set(uid, remember(memory, namespace));
      return memory;
    },
    rest(lister, now) {
      for (const [uid, one] of remembered) {
        const { memory, namespace } = one;
        if (!(memory instanceof SyncMemory) || memory.podCount() < manyPods) continue;
        takeOver(memory, one, uid, lister);
        const resting = memory.resting(now, () => gatherNodesAndPods({ uid, namespace }, lister));
        if (resting === undefined) continue;
        one.memory = resting;
        one.existed.clear();
      }
    },
    saved(lister, now) {
      const kept: Record<string, SavedMemory> = {};
      for (const [uid, one] of remembered) {
        if (!(one.memory instanceof SyncMemory)) continue;
        takeOver(one.memory, one, uid, lister);
        const memory = one.memory.saved(now);
        if (memory !== undefined) kept[uid] = memory;
      }
      return kept;
    },
  };
}

/** Whether a pod is the own one of a DaemonSet, or may become so. */
function mayOwn(uid: string, pod: Pod): boolean {
  const controller = controllerOf(pod);
  return controller === undefined || controller.uid === uid;
}
