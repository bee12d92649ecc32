import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { historyKeeper } from '../../../../src/cli/serve/history-keeper.ts';
import { virtualClock } from '../../../../src/runtime/clock.ts';
import { memoryStore } from '../../../../src/store/memory-store.ts';
import { openSqliteStore } from '../../../../src/store/sqlite-store.ts';
import type { Store, Write } from '../../../../src/store/store.ts';

const second = 1000;
const minute = 60 * second;

/** So many writes over 1,000 keys, each of about the size of a Lease. */
async function heartbeats(store: Store, count: number, round: number): Promise<void> {
  const writes = Array.from(
    { length: count },
    (_, index): Write => ({
      op: 'put',
      key: `lease/${index % 1000}`,
      value: JSON.stringify({ round, spec: 'x'.repeat(500) }),
      terms: [],
      expect: { kind: 'absent' },
    }),
  );
  for (let from = 0; from < count; from += 1000) {
    const batch = writes.slice(from, from + 1000);
    const known = await store.getMany(batch.map(({ key }) => key));
    await store.commit(
      batch.map((write, index) =>
        known[index] === null ? write : { ...write, expect: { kind: 'present' } },
      ),
    );
  }
}

/** A store whose keeper is called as often as a server calls it. */
function kept(store: Store) {
  const clock = virtualClock(0);
  const keep = historyKeeper(store, clock);
  return async (ms: number, writes = 0): Promise<void> => {
    const end = clock.now() + ms;
    await heartbeats(store, writes, clock.now());
    for (let time = clock.now(); time <= end; time += second) {
      clock.advanceTo(time);
      await keep();
    }
  };
}

describe('history', () => {
  test('is kept whole for five minutes', async () => {
    const store = memoryStore();
    const pass = kept(store);
    await pass(0, 30_000);
    await pass(4 * minute);
    expect(await store.compacted()).toBe(0);
    await pass(2 * minute);
    expect(await store.compacted()).toBe(20_000);
  });

  test('is kept for the newest 10,000 changes, however old', async () => {
    const store = memoryStore();
    const pass = kept(store);
    await pass(60 * minute, 10_000);
    expect(await store.compacted()).toBe(0);
    await pass(60 * minute, 3000);
    expect(await store.compacted()).toBe(3000);
  });

  test('of changes that go on is forgotten as they become five minutes old', async () => {
    const store = memoryStore();
    const pass = kept(store);
    for (let round = 0; round < 30; round++) await pass(30 * second, 2000);
    const history = (await store.revision()) - (await store.compacted());
    expect(history).toBeGreaterThanOrEqual(20_000);
    expect(history).toBeLessThanOrEqual(26_000);
  });

  test('lets the file of a store level off under heartbeats', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kdaemon-history-'));
    const store = openSqliteStore(join(folder, 'cluster.db'));
    try {
      const pass = kept(store);
      const sizes: number[] = [];
      for (let round = 0; round < 40; round++) {
        await pass(30 * second, 1500);
        sizes.push(statSync(join(folder, 'cluster.db')).size + statSync(join(folder, 'cluster.db-wal')).size);
      }
      // Twelve rounds fill the window; from then on room is used again.
      const filled = Math.max(...sizes.slice(0, 14));
      expect(Math.max(...sizes.slice(14))).toBeLessThanOrEqual(filled * 1.1);
      expect(await store.revision()).toBe(60_000);
    } finally {
      await store.close();
      rmSync(folder, { recursive: true });
    }
  });
});
