import type { Clock } from '../../runtime/clock.ts';
import type { Store } from '../../store/store.ts';

/** How long history is kept for watches and pages of lists, in milliseconds. */
const KEPT_MS = 5 * 60_000;
/** How many changes are kept at least, however old they are. */
const KEPT_REVISIONS = 10_000;
/** How often history is looked at, in milliseconds. */
const MARK_MS = 30_000;

/**
 * Forgets old history, so that heartbeats do not let the store grow without bound. The newest 10,000 changes are kept,
 * and all of the last five minutes: a watch can go on from any of them.
 *
 * @returns to be called often; does something every half minute
 */
export function historyKeeper(store: Store, clock: Clock): () => Promise<void> {
  const marks: { readonly at: number; readonly revision: number }[] = [];
  let next = 0;
  return async () => {
    const now = clock.now();
    if (now < next) return;
    next = now + MARK_MS;
    const revision = await store.revision();
    marks.push({ at: now, revision });
    let through = 0;
    while (marks[0] !== undefined && marks[0].at <= now - KEPT_MS) {
      through = Math.min(marks[0].revision, revision - KEPT_REVISIONS);
      if (marks[0].revision > through) break;
      marks.shift();
    }
    if (through > (await store.compacted())) await store.compact(through);
  };
}
