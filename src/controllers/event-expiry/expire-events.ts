import type { Client } from '../../api/client.ts';
import type { Event } from '../../api/core.ts';
import { EVENT, NAMESPACE } from '../../api/well-known.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import type { Clock } from '../../runtime/clock.ts';
import { nextTurn } from '../../runtime/timer.ts';
import { deletion } from '../../runtime/write-requests.ts';

/** How long an event lives after it was last written, in milliseconds: kube-apiserver's `--event-ttl`. */
export const EVENT_TTL_MS = 3_600_000;
/** Events that are read, and at most removed, at once. */
const PAGE = 500;
/** How often a keeper looks, in milliseconds. */
const LOOK_MS = 300_000;

/** Bounds of one look at the events. */
export interface ExpiryBounds {
  /** Ends after so many removals; absent is no bound. */
  readonly most?: number;
  /** Ends between two pages. */
  readonly signal?: AbortSignal;
}

/** What a look at the events came to. */
export interface Expiry {
  readonly removed: number;
  /**
   * No event expires before this time, in milliseconds since the epoch: neither one of those that are left, nor one that is
   * yet to come. Undefined when the look did not go through all of them, or was not needed.
   */
  readonly next: number | undefined;
}

/**
 * Removes the events that nothing was added to for an hour, page by page, with a turn of the event loop in between.
 * In a cluster that is younger than an hour there are none, and nothing is read. `now` is in milliseconds since the
 * epoch. Throws what reading throws.
 */
export async function expireEvents(
  client: Client,
  now: number,
  { most = Number.POSITIVE_INFINITY, signal }: ExpiryBounds = {},
): Promise<Expiry> {
  if (await isYoung(client, now)) return { removed: 0, next: undefined };
  let removed = 0;
  let next = now + EVENT_TTL_MS;
  let from: string | undefined;
  do {
    const page = await client.list(EVENT, { limit: PAGE, ...(from === undefined ? {} : { continue: from }) });
    const expired: Event[] = [];
    for (const event of page.items) {
      const expires = expiryOf(event, now);
      if (expires > now) next = Math.min(next, expires);
      else expired.push(event);
    }
    const dead = expired.slice(0, most - removed);
    if (dead.length > 0) {
      // An event that was written again meanwhile refuses, and lives on.
      const outcomes = await client.commit(dead.map((event) => deletion(event, { unchanged: true })));
      removed += outcomes.filter(({ ok }) => ok).length;
    }
    from = page.continue;
    await nextTurn();
  } while (from !== undefined && removed < most && signal?.aborted !== true);
  return { removed, next: from === undefined && removed < most ? next : undefined };
}

/**
 * Keeps a cluster that goes on free of expired events.
 *
 * @returns to be called often; looks through the events every five minutes at most, and when one can expire
 */
export function eventExpiry(client: Client, clock: Clock, signal: AbortSignal): () => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    if (now < next) return;
    next = now + LOOK_MS;
    const found = await expireEvents(client, now, { signal });
    next = Math.max(next, found.next ?? next);
  };
}

/**
 * When an event expires that is not written again: an hour after it was last written, in milliseconds since the epoch. Times
 * to come, which clients may set, do not count; without any other the event has expired.
 */
function expiryOf({ metadata, lastTimestamp, eventTime, series }: Event, now: number): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const text of [metadata.creationTimestamp, lastTimestamp, eventTime, series?.lastObservedTime]) {
    const time = parseRfc3339(text);
    if (time !== undefined && time <= now && time > last) last = time;
  }
  return last + EVENT_TTL_MS;
}

async function isYoung(client: Client, now: number): Promise<boolean> {
  const oldest = await client.list(NAMESPACE);
  return oldest.items.every(
    ({ metadata }) => (parseRfc3339(metadata.creationTimestamp) ?? 0) > now - EVENT_TTL_MS,
  );
}
