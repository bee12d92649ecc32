import type { DaemonSet } from '../../api/apps.ts';
import type { Node, Pod } from '../../api/core.ts';
import { DAEMON_SET, NODE, POD } from '../../api/well-known.ts';
import { type SyncMemory, syncMemoryOf } from '../../domain/daemonset/sync-memory.ts';
import { controllerOf } from '../../domain/owner-references.ts';
import { type Lister, type Watch, watch } from '../../runtime/controller.ts';
import { gatherNodesAndPods } from './gather.ts';

/** Memories of DaemonSets from sync to sync, so that a sync costs as much as has changed since the last one. */
export interface SyncMemories {
  /** Watches that bring up no work: they take notice of what the next sync has to look at again. */
  readonly watches: readonly Watch[];
  /** The memory of a DaemonSet, with all that the lister knows taken over. */
  upToDate(daemonSet: DaemonSet, lister: Lister): SyncMemory;
}

/** A memory, and the names of what changed since it was brought up to date. */
interface Remembered {
  readonly memory: SyncMemory;
  readonly namespace: string;
  readonly nodes: Set<string>;
  readonly pods: Set<string>;
}

/**
 * No memories yet. Notices only say where to look: what is there now is read from the lister, so a notice too many, too
 * early or too late in the same step does no harm, and a memory that was dropped is made anew.
 */
export function createSyncMemories(): SyncMemories {
  /** By the DaemonSet's UID. */
  const remembered = new Map<string, Remembered>();

  function noticeNode(previous: Node | undefined, current: Node | undefined): void {
    const name = (current ?? previous)?.metadata.name ?? '';
    for (const { nodes } of remembered.values()) nodes.add(name);
  }

  function noticePod(pod: Pod | undefined): void {
    if (pod === undefined) return;
    const { name = '', namespace = '' } = pod.metadata;
    const controller = controllerOf(pod);
    if (controller !== undefined) {
      remembered.get(controller.uid)?.pods.add(name);
      return;
    }
    for (const one of remembered.values()) if (one.namespace === namespace) one.pods.add(name);
  }

  function takeOver({ memory, namespace, nodes, pods }: Remembered, uid: string, lister: Lister): void {
    for (const name of nodes) memory.setNode(name, lister.get(NODE, { namespace: '', name }));
    for (const name of pods) {
      const pod = lister.get(POD, { namespace, name });
      const controller = pod === undefined ? undefined : controllerOf(pod);
      memory.setPod(name, controller === undefined || controller.uid === uid ? pod : undefined);
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
      if (known?.memory.fits(daemonSet) === true) {
        takeOver(known, uid, lister);
        return known.memory;
      }
      const memory = syncMemoryOf({ daemonSet, ...gatherNodesAndPods(daemonSet, lister) });
      remembered.set(uid, { memory, namespace, nodes: new Set(), pods: new Set() });
      return memory;
    },
  };
}
