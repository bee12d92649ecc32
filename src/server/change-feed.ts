import type { Client, WatchEvent } from '../api/client.ts';
import { hasReason } from '../api/status.ts';
import type { Clock } from '../runtime/clock.ts';
import { later } from '../runtime/timer.ts';

/** Changes after a revision, and the revision that they lead to. */
interface FeedPortion {
  readonly events: readonly WatchEvent[];
  readonly revision: number;
}

/** One reading of the log for any number of watchers. */
export interface ChangeFeed {
  /**
   * What is known to have happened after a revision; nothing when the feed is not that far. Recent changes come from
   * memory, older ones from the log. Throws StatusError Expired (410) when the log does not reach back.
   */
  since(revision: number): Promise<FeedPortion>;
  /** Resolves when there may be changes after the revision, at `until` (milliseconds since the epoch), or aborted. */
  changed(after: number, until: number, signal: AbortSignal): Promise<void>;
  /** Whether it was closed: nothing will come any more. */
  closed(): boolean;
  /** Lets go of the client, and wakes everybody: watches end. */
  close(): void;
}

/** Changes kept in memory. A watcher that is further behind reads the log by itself. */
const WINDOW = 20_000;
/** Changes that one reading of the log, or one portion, takes at most. */
const PORTION = 2_000;

/** A feed over a client. Other processes' changes are seen at most `pollMs` late. */
export function changeFeed(client: Client, clock: Clock, pollMs = 100): ChangeFeed {
  let window: WatchEvent[] = [];
  /** The window holds every change after `start`, up to `head`. */
  let start = -1;
  let head = -1;
  let reading: Promise<void> | undefined;
  /** Whether there may be changes that were not read. */
  let stale = true;
  let closed = false;
  const waiting = new Set<() => void>();
  let cancelPoll: (() => void) | undefined;

  const wakeAll = (): void => {
    const wakes = [...waiting];
    waiting.clear();
    for (const wake of wakes) wake();
  };

  async function restart(): Promise<void> {
    head = Number(await client.revision());
    start = head;
    window = [];
  }

  async function readOn(): Promise<void> {
    if (head < 0) await restart();
    let more = true;
    while (more || stale) {
      stale = false;
      const batch = await client.changes(String(head), PORTION);
      more = batch.more;
      const next = Number(batch.resourceVersion);
      if (next === head) continue;
      head = next;
      window.push(...batch.events);
      if (window.length > 2 * WINDOW) {
        const dropped = window.splice(0, window.length - WINDOW);
        start = revisionOf(dropped.at(-1)) ?? start;
      }
      wakeAll();
    }
  }

  /** Reads what is new, or waits for the reading that is under way: it looks again when it has to. */
  function pump(): Promise<void> {
    reading ??= readOn()
      .catch(async (error: unknown) => {
        if (!hasReason(error, 'Expired')) throw error;
        // Compacted beyond what was read: watchers that are behind learn it from the log.
        await restart();
        wakeAll();
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  /** Failures of a reading in the background are met again, and reported, by whoever asks for changes. */
  const pumpQuietly = (): void => {
    pump().catch(() => wakeAll());
  };

  function poll(): void {
    if (closed || cancelPoll !== undefined || waiting.size === 0) return;
    cancelPoll = later(pollMs, () => {
      cancelPoll = undefined;
      client.revision().then((revision) => {
        if (Number(revision) !== head) {
          stale = true;
          pumpQuietly();
        }
        poll();
      }, wakeAll);
    });
  }

  const unsubscribe = client.onChange(() => {
    stale = true;
    if (waiting.size > 0) pumpQuietly();
  });

  return {
    async since(revision) {
      if (stale) await pump();
      if (revision >= head) return { events: [], revision };
      if (revision >= start) {
        const events = window.slice(firstAfter(window, revision)).slice(0, PORTION);
        const last = events.length === PORTION ? revisionOf(events.at(-1)) : undefined;
        return { events, revision: last ?? head };
      }
      const batch = await client.changes(String(revision), PORTION);
      return { events: batch.events, revision: Number(batch.resourceVersion) };
    },
    changed(after, until, signal) {
      if (closed || signal.aborted || head > after) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done);
          cancel();
          signal.removeEventListener('abort', done);
          resolve();
        };
        const cancel = later(until - clock.now(), done);
        signal.addEventListener('abort', done, { once: true });
        waiting.add(done);
        if (stale) pumpQuietly();
        poll();
      });
    },
    closed: () => closed,
    close() {
      closed = true;
      cancelPoll?.();
      unsubscribe();
      wakeAll();
    },
  };
}

function revisionOf(event: WatchEvent | undefined): number | undefined {
  return event === undefined ? undefined : Number(event.object.metadata.resourceVersion);
}

/** Index of the first event after the revision. */
function firstAfter(events: readonly WatchEvent[], revision: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((revisionOf(events[middle]) ?? 0) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}
