import type { Client } from '../../src/api/client.ts';
import { localClient } from '../../src/registry/local-client.ts';
import { type VirtualClock, virtualClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';

/** A client over a fresh store in memory, with the clock that it reads and the store that it writes. */
export interface MemoryClient {
  readonly client: Client;
  readonly clock: VirtualClock;
  readonly store: Store;
}

/** The time at which tests start when they do not say. */
const TEST_NOW = Date.parse('2026-01-01T00:00:00Z');

/** A real registry over the memory engine. `now` is in milliseconds since the epoch; the same seed replays. */
export function memoryClient(options: { readonly now?: number; readonly seed?: number } = {}): MemoryClient {
  const clock = virtualClock(options.now ?? TEST_NOW);
  const store = memoryStore();
  const client = localClient({ store, clock, random: seededRandom(options.seed ?? 1) });
  return { client, clock, store };
}
