import type { Store } from '../store/store.ts';
import { replaceEntry } from './replace-entry.ts';

/** Key of the store's clock. Its value is JSON: `{"offsetMs":30000}`. */
const CLOCK_KEY = 'meta/clock';

/**
 * How far the store's clock is ahead of the machine's, in milliseconds. `reconcile` jumps over waits instead of
 * sleeping; the jumps add up here, so that ages and timestamps of one store stay in one time.
 */
export async function readClockOffset(store: Store): Promise<number> {
  const entry = await store.get(CLOCK_KEY);
  if (entry === null) return 0;
  const { offsetMs } = JSON.parse(entry.value) as { readonly offsetMs?: number };
  return typeof offsetMs === 'number' ? offsetMs : 0;
}

/** Moves the store's clock ahead, never back; the larger of two concurrent moves wins. */
export async function advanceClockOffset(store: Store, offsetMs: number): Promise<void> {
  for (;;) {
    const entry = await store.get(CLOCK_KEY);
    if ((await readClockOffset(store)) >= offsetMs) return;
    const result = await replaceEntry(store, CLOCK_KEY, entry, JSON.stringify({ offsetMs }));
    if (result.committed) return;
  }
}
