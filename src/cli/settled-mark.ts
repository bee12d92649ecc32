import { statSync } from 'node:fs';
import type { Manager } from '../runtime/manager.ts';
import type { Store } from '../store/store.ts';

/** Key of the mark. Its value is JSON: `{"revision":"120","by":"…"}`. */
const MARK_KEY = 'meta/settled';

/** The mark of a run that left nothing to do. */
interface SettledMark {
  /** The revision up to which everything was handled. */
  readonly revision: string;
  /** The program that says so: another one may see something to do. */
  readonly by: string;
}

/** This program, as far as a file can tell one from another; undefined where it is in no file of its own. */
function thisProgram(): string | undefined {
  const found = statSync(__filename, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.size}-${found.mtimeMs}`;
}

/**
 * The revision at which an earlier run of this very program left nothing to do, now or later. What has changed since is
 * all that there can be to do; undefined where nothing is known.
 */
export async function readSettledMark(store: Store): Promise<string | undefined> {
  const entry = await store.get(MARK_KEY);
  if (entry === null) return undefined;
  const mark = JSON.parse(entry.value) as Partial<SettledMark>;
  return mark.by !== undefined && mark.by === thisProgram() ? mark.revision : undefined;
}

/**
 * Leaves the mark after a run, when nothing is due any more. Not where pods wait for a node: the scheduler knows them
 * by heart, and a node that helps them is a change of the node alone.
 */
export async function leaveSettledMark(store: Store, manager: Manager): Promise<void> {
  const by = thisProgram();
  const revision = manager.settledAt();
  if (by === undefined || revision === undefined || manager.lister.podsOnNode('').length > 0) return;
  const entry = await store.get(MARK_KEY);
  // Nothing has happened since: the mark says so already.
  if (entry !== null && entry.modRevision === (await store.revision()) && (await readSettledMark(store)))
    return;
  const value: SettledMark = { revision, by };
  await store.commit([
    {
      op: 'put',
      key: MARK_KEY,
      value: JSON.stringify(value),
      terms: [],
      // Of two runs at once, which another guard prevents, either mark is true.
      expect: entry === null ? { kind: 'absent' } : { kind: 'at', modRevision: entry.modRevision },
    },
  ]);
}
