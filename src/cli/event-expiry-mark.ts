import type { Client } from '../api/client.ts';
import { EVENT_TTL_MS, expireEvents } from '../controllers/event-expiry/expire-events.ts';
import type { Store } from '../store/store.ts';
import { replaceEntry } from './replace-entry.ts';

/** Key of the mark. Its value is JSON: `{"noneBefore":1790000000000}`. */
const MARK_KEY = 'meta/event-expiry';

/** How many old events one look removes at most: a run after a long time is not to spend seconds on them. */
const MOST_EXPIRED = 2000;

/**
 * Removes expired events, and leaves a mark that says when the next ones can expire: until then nobody has to look through
 * all events of the store again. `now` is in milliseconds since the epoch.
 */
export async function expireEventsOfStore(store: Store, client: Client, now: number): Promise<void> {
  const entry = await store.get(MARK_KEY);
  const known = entry === null ? undefined : noneBefore(entry.value);
  // A mark that lies further ahead is from a clock that was wrong.
  if (known !== undefined && known > now && known <= now + EVENT_TTL_MS) return;
  const { next } = await expireEvents(client, now, { most: MOST_EXPIRED });
  if (next === undefined) return;
  // Of two looks at once either mark is true.
  await replaceEntry(store, MARK_KEY, entry, JSON.stringify({ noneBefore: next }));
}

function noneBefore(value: string): number | undefined {
  const { noneBefore: time } = JSON.parse(value) as { readonly noneBefore?: unknown };
  return typeof time === 'number' ? time : undefined;
}
