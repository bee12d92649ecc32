import { defaultAgents } from '../agents/all.ts';
import type { Client, WriteOutcome, WriteRequest } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import { DAEMON_SET } from '../api/well-known.ts';
import { defaultControllers } from '../controllers/all.ts';
import { createSyncMemories } from '../controllers/daemonset/sync-memories.ts';
import type { SyncRecord } from '../controllers/daemonset/sync-record.ts';
import { isDeleting, isPodReady } from '../domain/conditions.ts';
import { controllerOf } from '../domain/owner-references.ts';
import { localClient } from '../registry/local-client.ts';
import type { Clock } from '../runtime/clock.ts';
import { createManager, type Manager } from '../runtime/manager.ts';
import type { Store } from '../store/store.ts';
import type { Context } from './context.ts';
import { observedWrites } from './observed-writes.ts';
import { type KnownToParts, readSettledMark } from './settled-mark.ts';
import { advanceClockOffset } from './store-clock.ts';

/** Who hears of the work, and what a command asks of the controllers. */
export interface ReconcilerOptions {
  /** Told of every sync of a DaemonSet that wrote something. */
  readonly onSync: (record: SyncRecord) => void;
  /** Told of every write of a controller or an agent. */
  readonly onWrite?: (request: WriteRequest, outcome: WriteOutcome) => void;
  /**
   * Whether pods of vanished nodes are kept for 40 s, as in a cluster whose nodes may come back: a wait that only
   * virtual time should spend.
   */
  readonly quarantine: boolean;
  /** Whether to begin with what has changed since a run that left nothing to do; absent or false: with everything. */
  readonly fromMark?: boolean;
  /** Whether what was begun is finished before more is begun: for a run that goes on until nothing is due. */
  readonly finishFirst: boolean;
  /** Whether objects are spelled when the store reads them: for a run that writes in groups. */
  readonly writesLate?: boolean;
}

/** The machinery over a store. */
interface Reconciler {
  readonly manager: Manager;
  readonly client: Client;
  /** What its parts know, for the mark of a run that has left nothing to do. */
  readonly known: () => KnownToParts;
}

/** The controllers, the scheduler and the kubelets over the store of a command, by this clock. */
export async function openReconciler(
  context: Context,
  clock: Clock,
  { onSync, onWrite, quarantine, finishFirst, fromMark = false, writesLate = false }: ReconcilerOptions,
): Promise<Reconciler> {
  const store = await context.store();
  const client = localClient({ store, clock, random: context.random, writesLate });
  const mark = fromMark ? await readSettledMark(store) : undefined;
  const memories = createSyncMemories(mark?.daemonSets);
  const [scheduler, kubelets] = defaultAgents(
    mark?.addresses === undefined ? {} : { addresses: mark.addresses },
  );
  const [nodeLifecycle, ...others] = defaultControllers({
    onSync,
    memories,
    ...(quarantine ? {} : { podGc: { quarantineMs: 0 } }),
  });
  const manager = createManager({
    client: onWrite === undefined ? client : observedWrites(client, onWrite),
    clock,
    random: context.random,
    // Upstream leaves some changes of nodes to the next sync for another reason, so that a status may be stale.
    ...(mark === undefined ? {} : { settled: { ...mark, retold: [DAEMON_SET] } }),
    resting: { isAtRest, newest: NEWEST_PODS },
    // Nodes are brought in order before pods are made for them, and those pods are run before more are made.
    finishFirst,
    controllers: [...others, nodeLifecycle, scheduler, kubelets],
  });
  const known = (): KnownToParts => {
    const addresses = kubelets.addresses();
    const daemonSets = memories.saved(manager.lister, clock.now());
    return { daemonSets, ...(addresses === undefined ? {} : { addresses }) };
  };
  return { manager, client, known };
}

/** So many states of pods stay in memory at least. */
const NEWEST_PODS = 2000;

/** Whether nothing more happens to a pod by itself. */
export function isAtRest(pod: Pod): boolean {
  return (
    (pod.spec.nodeName ?? '') !== '' && isPodReady(pod) && !isDeleting(pod) && controllerOf(pod) !== undefined
  );
}

/** Makes the store's clock show at least `time` (milliseconds since the epoch). */
export async function keepClock(context: Context, time: number): Promise<void> {
  await advanceClockOffset(await context.store(), Math.ceil(time - context.clock.now()));
}

/** How much history watchers may count on, in revisions, and how much more may pile up before it is dropped. */
const KEPT_REVISIONS = 10_000;

/**
 * The revision up to which a run that begins now must write its history in full. What comes later belongs to a run so
 * long that watchers cannot count on its beginning; a short run is kept whole, however much history there is before it.
 */
export async function exactThrough(store: Store): Promise<number> {
  const fullHistory = (await store.compacted()) + 2 * KEPT_REVISIONS;
  return Math.max(fullHistory, (await store.revision()) + KEPT_REVISIONS);
}

/** Drops old history, so that the store's file does not grow without bound. */
export async function compactHistory(store: Store): Promise<void> {
  const revision = await store.revision();
  if (revision - (await store.compacted()) > 2 * KEPT_REVISIONS)
    await store.compact(revision - KEPT_REVISIONS);
}
