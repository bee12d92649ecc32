import { statSync } from 'node:fs';
import type { AddressPositions } from '../agents/kubelet/kubelet.ts';
import type { ObjectKey } from '../api/meta.ts';
import type { SavedMemories } from '../controllers/daemonset/sync-memories.ts';
import type { Manager } from '../runtime/manager.ts';
import { keyOf } from '../runtime/write-requests.ts';
import type { Store } from '../store/store.ts';
import { replaceEntry } from './replace-entry.ts';

/** Key of the mark. Its value is a `SettledMark` as JSON. */
const MARK_KEY = 'meta/settled';

/** What a run that left nothing to do tells the next one. It is JSON. */
export interface SettledState {
  /** The revision up to which everything was handled. */
  readonly revision: string;
  /** Pods that were not at rest; absent when they were too many to be named. */
  readonly restlessPods?: readonly ObjectKey[];
  /** What the DaemonSet controller knew. */
  readonly daemonSets: SavedMemories;
  /** Where the kubelets stood. */
  readonly addresses?: AddressPositions;
}

/** What the parts of a reconciler know at its end. */
export type KnownToParts = Pick<SettledState, 'daemonSets' | 'addresses'>;

/** The mark as it is stored. */
interface SettledMark extends SettledState {
  /** The program that says so: another one may see something to do. */
  readonly by: string;
}

/** So many pods are named in a mark at most. */
const MOST_NAMED = 1000;

/** This program, as far as a file can tell one from another; undefined where it is in no file of its own. */
function thisProgram(): string | undefined {
  const found = statSync(__filename, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.size}-${found.mtimeMs}`;
}

/**
 * What an earlier run of this very program knew when it left nothing to do, now or later. What has changed since is all
 * that there can be to do; undefined where nothing is known.
 */
export async function readSettledMark(store: Store): Promise<SettledState | undefined> {
  const entry = await store.get(MARK_KEY);
  if (entry === null) return undefined;
  // Whoever wrote it was this program, or else it is not looked at any further.
  const mark = JSON.parse(entry.value) as SettledMark;
  return mark.by !== undefined && mark.by === thisProgram() ? mark : undefined;
}

/**
 * Leaves the mark after a run, when nothing is due any more. Not where pods wait for a node: the scheduler knows them
 * by heart, and a node that helps them is a change of the node alone.
 */
export async function leaveSettledMark(store: Store, manager: Manager, known: KnownToParts): Promise<void> {
  const by = thisProgram();
  const revision = manager.settledAt();
  if (by === undefined || revision === undefined || manager.lister.podsOnNode('').length > 0) return;
  const entry = await store.get(MARK_KEY);
  // Nothing has happened since: the mark says so already.
  if (entry !== null && entry.modRevision === (await store.revision()) && (await readSettledMark(store)))
    return;
  const restless = manager.restlessPods();
  const value: SettledMark = {
    revision,
    by,
    ...(restless.length > MOST_NAMED ? {} : { restlessPods: restless.map(keyOf) }),
    ...known,
  };
  // Of two runs at once, which another guard prevents, either mark is true.
  await replaceEntry(store, MARK_KEY, entry, JSON.stringify(value));
}
