import type { Clock } from '../../runtime/clock.ts';
import type { Store } from '../../store/store.ts';

/** How long history is kept for watches and pages of lists, in milliseconds. */
const KEPT_MS = 5 * 60_000;
/** How many changes are kept at least, however old they are. */
const KEPT_REVISIONS = 10_000;
/** How often the newest revision is noted, in milliseconds. */
const MARK_MS = 30_000;
/** How many revisions one call forgets at most: some tens of milliseconds. */
const PORTION = 2_000;

/**
 * Forgets old history, so that heartbeats do not let the store grow without bound. The newest 10,000 changes are kept,
 * and all of the last five minutes: a watch can go on from any of them. SQLite reuses the room of what was forgotten,
 * so that the file levels off at what is live and the history that is kept.
 *
 * @returns to be called often; each call does a small part of what there is to do, if anything
 */
export function historyKeeper(store: Store, clock: Clock): () => Promise<void> {
  const marks: { readonly at: number; readonly revision: number }[] = [];
  let nextMark = Number.NEGATIVE_INFINITY;
  /** History may go up to here. */
  let through = 0;
  let compacted = 0;

  async function mark(now: number): Promise<void> {
    const revision = await store.revision();
    marks.push({ at: now, revision });
    while (marks[0] !== undefined && marks[0].at <= now - KEPT_MS) {
      through = Math.max(through, Math.min(marks[0].revision, revision - KEPT_REVISIONS));
      if (marks[0].revision > through) break;
      marks.shift();
    }
    compacted = await store.compacted();
  }

  return async () => {
    const now = clock.now();
    if (now >= nextMark) {
      nextMark = now + MARK_MS;
      await mark(now);
    }
    if (through <= compacted) return;
    compacted = Math.min(through, compacted + PORTION);
    await store.compact(compacted);
  };
}
