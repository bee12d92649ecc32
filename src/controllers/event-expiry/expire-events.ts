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

/**
 * Removes the events that nothing was added to for an hour, page by page, with a turn of the event loop in between.
 * In a cluster that is younger than an hour there are none, and nothing is read. `now` is in milliseconds since the
 * epoch. Resolves to how many were removed; throws what reading throws.
 */
export async function expireEvents(
  client: Client,
  now: number,
  { most = Number.POSITIVE_INFINITY, signal }: ExpiryBounds = {},
): Promise<number> {
  if (await isYoung(client, now)) return 0;
  let removed = 0;
  let from: string | undefined;
  do {
    const page = await client.list(EVENT, { limit: PAGE, ...(from === undefined ? {} : { continue: from }) });
    const dead = page.items.filter((event) => hasExpired(event, now)).slice(0, most - removed);
    if (dead.length > 0) {
      // An event that was written again meanwhile refuses, and lives on.
      const outcomes = await client.commit(dead.map((event) => deletion(event, { unchanged: true })));
      removed += outcomes.filter(({ ok }) => ok).length;
    }
    from = page.continue;
    await nextTurn();
  } while (from !== undefined && removed < most && signal?.aborted !== true);
  return removed;
}

/**
 * Keeps a cluster that goes on free of expired events.
 *
 * @returns to be called often; looks through the events every five minutes
 */
export function eventExpiry(client: Client, clock: Clock, signal: AbortSignal): () => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    if (now < next) return;
    next = now + LOOK_MS;
    await expireEvents(client, now, { signal });
  };
}

/** Whether an event was last written more than an hour ago. Times to come, which clients may set, do not count. */
function hasExpired(event: Event, now: number): boolean {
  const { metadata, lastTimestamp, eventTime, series } = event;
  const times = [metadata.creationTimestamp, lastTimestamp, eventTime, series?.lastObservedTime].map((time) =>
    parseRfc3339(time),
  );
  return times.every((time) => time === undefined || time > now || time <= now - EVENT_TTL_MS);
}

async function isYoung(client: Client, now: number): Promise<boolean> {
  const oldest = await client.list(NAMESPACE);
  return oldest.items.every(
    ({ metadata }) => (parseRfc3339(metadata.creationTimestamp) ?? 0) > now - EVENT_TTL_MS,
  );
}
