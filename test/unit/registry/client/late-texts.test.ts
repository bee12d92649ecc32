import { expect, test } from 'vitest';
import type { Client } from '../../../../src/api/client.ts';
import { POD } from '../../../../src/api/well-known.ts';
import { localClient } from '../../../../src/registry/local-client.ts';
import { virtualClock } from '../../../../src/runtime/clock.ts';
import { seededRandom } from '../../../../src/runtime/random.ts';
import { memoryStore } from '../../../../src/store/memory-store.ts';
import { bodyOf, CONFIG_MAP, configMap, creating, pod } from '../verbs/objects.ts';

function parts(writesLate: boolean) {
  const store = memoryStore();
  const clock = virtualClock(Date.UTC(2026, 0, 1));
  return { store, client: localClient({ store, clock, random: seededRandom(1), writesLate }) };
}

async function writeSome(client: Client): Promise<void> {
  await client.commit([
    creating(CONFIG_MAP, configMap('one', { a: '1' })),
    creating(POD, pod('p', { nodeName: 'node-1' })),
  ]);
  const key = { namespace: 'default', name: 'one' };
  const agent = () => creating(POD, pod('', {}, { generateName: 'agent-' }));
  const [first, second] = await client.commit([agent(), agent()]);
  for (const outcome of [first, second]) {
    if (outcome?.ok !== true) throw new Error('no pod');
    const { name = '' } = outcome.object.metadata;
    const target = { apiVersion: 'v1', kind: 'Node', name: 'node-1' };
    const object = bodyOf({ apiVersion: 'v1', kind: 'Binding', metadata: { name }, target });
    await client.commit([{ ...creating(POD, object), subresource: 'binding' }]);
  }
  await client.commit([
    { verb: 'patch', kind: CONFIG_MAP, key, patchType: 'merge', patch: { data: { a: '2' } } },
  ]);
}

test('texts that are written late are those that are written at once', async () => {
  const [late, atOnce] = [parts(true), parts(false)];
  await writeSome(late.client);
  await writeSome(atOnce.client);
  const texts = async ({ store }: typeof late) =>
    (await store.changes(0)).map(({ key, entry }) => [key, entry?.value]);
  expect(await texts(late)).toEqual(await texts(atOnce));
});

test('another client of the store reads what was written late', async () => {
  const { store, client } = parts(true);
  await writeSome(client);
  const other = localClient({ store, clock: virtualClock(0), random: seededRandom(2) });
  const { items } = await client.list(POD);
  expect(items).toHaveLength(3);
  expect((await other.list(POD)).items).toEqual(items);
});
