import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client } from '../../../../src/api/client.ts';
import { localClient } from '../../../../src/registry/local-client.ts';
import { virtualClock } from '../../../../src/runtime/clock.ts';
import { seededRandom } from '../../../../src/runtime/random.ts';
import { openSqliteStore } from '../../../../src/store/sqlite-store.ts';
import type { Store } from '../../../../src/store/store.ts';
import { CONFIG_MAP, configMap, creating } from '../verbs/objects.ts';

const KEY = { namespace: 'default', name: 'one' };
let folder = '';
let stores: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kdaemon-'));
});

afterEach(async () => {
  for (const store of stores) await store.close();
  stores = [];
  rmSync(folder, { recursive: true });
});

function openClient(seed: number): Client {
  const store = openSqliteStore(join(folder, 'store.db'));
  stores.push(store);
  return localClient({ store, clock: virtualClock(0), random: seededRandom(seed) });
}

test('two clients on one file see each other, and make one cluster of it', async () => {
  const [one, two] = [openClient(1), openClient(2)];
  await one.commit([creating(CONFIG_MAP, configMap('one', { a: '1' }))]);
  const seen = await two.get(CONFIG_MAP, KEY);
  expect(seen).toEqual(await one.get(CONFIG_MAP, KEY));
  await two.commit([
    { verb: 'patch', kind: CONFIG_MAP, key: KEY, patchType: 'merge', patch: { data: { b: '2' } } },
  ]);
  const { events } = await one.changes(seen.metadata.resourceVersion ?? '');
  expect(events).toMatchObject([{ type: 'MODIFIED', object: { data: { a: '1', b: '2' } } }]);
  const [late] = await one.commit([{ verb: 'update', kind: CONFIG_MAP, key: KEY, object: seen }]);
  expect(late).toMatchObject({ ok: false, error: { code: 409, reason: 'Conflict' } });
  expect(await one.revision()).toBe(await two.revision());
});

test('increments by many clients at once are all counted', async () => {
  const clients = [1, 2, 3, 4].map(openClient);
  const [first] = clients;
  await first?.commit([creating(CONFIG_MAP, configMap('one'))]);
  const rounds = 10;
  await Promise.all(
    clients.map(async (client, who) => {
      for (let round = 0; round < rounds; round++) {
        const patch = { data: { [`k${who}-${round}`]: 'x' } };
        const [outcome] = await client.commit([
          { verb: 'patch', kind: CONFIG_MAP, key: KEY, patchType: 'merge', patch },
        ]);
        expect(outcome?.ok).toBe(true);
      }
    }),
  );
  const object = await first?.get(CONFIG_MAP, KEY);
  expect(Object.keys((object as unknown as { data: object }).data)).toHaveLength(clients.length * rounds);
});
