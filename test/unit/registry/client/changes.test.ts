import { expect, test, vi } from 'vitest';
import { CONFIG_MAP, configMap, creating, workbench } from '../verbs/objects.ts';

const KEY = { namespace: 'default', name: 'one' };

async function withHistory() {
  const bench = workbench();
  const start = await bench.client.revision();
  await bench.client.commit([
    creating(CONFIG_MAP, configMap('one', { a: '1' })),
    { verb: 'patch', kind: CONFIG_MAP, key: KEY, patchType: 'merge', patch: { data: { a: '2' } } },
    { verb: 'delete', kind: CONFIG_MAP, key: KEY },
  ]);
  return { ...bench, start };
}

test('changes tell what was added, modified and deleted, with the states before', async () => {
  const { client, start } = await withHistory();
  const { events, resourceVersion, more } = await client.changes(start);
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  const [added, modified, deleted] = events;
  expect(added).toMatchObject({ object: { data: { a: '1' } } });
  expect(added?.previous).toBeUndefined();
  expect(modified).toMatchObject({ object: { data: { a: '2' } }, previous: { data: { a: '1' } } });
  expect(deleted).toMatchObject({ object: { data: { a: '2' } }, previous: { data: { a: '2' } } });
  const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
  expect(versions).toEqual([1, 2, 3].map((n) => Number(start) + n));
  expect([resourceVersion, more]).toEqual([await client.revision(), false]);
});

test('changes come in portions', async () => {
  const { client, start } = await withHistory();
  const first = await client.changes(start, 2);
  expect([first.events.length, first.more]).toEqual([2, true]);
  const second = await client.changes(first.resourceVersion, 2);
  expect([second.events.length, second.more]).toEqual([1, false]);
});

test('without changes the revision stays', async () => {
  const { client } = workbench();
  const revision = await client.revision();
  expect(await client.changes(revision)).toEqual({ events: [], resourceVersion: revision, more: false });
});

test('keys of others in the store are no objects', async () => {
  const { client, store } = workbench();
  const revision = await client.revision();
  await store.commit([{ op: 'put', key: 'meta/clock', value: '5', terms: [], expect: { kind: 'absent' } }]);
  const { events, resourceVersion } = await client.changes(revision);
  expect(events).toEqual([]);
  expect(Number(resourceVersion)).toBe(Number(revision) + 1);
});

test('changes before the compaction are expired', async () => {
  const { client, store, start } = await withHistory();
  await store.compact(await store.revision());
  await expect(client.changes(start)).rejects.toMatchObject({
    status: {
      code: 410,
      reason: 'Expired',
      message: `too old resource version: ${start} (${await client.revision()})`,
    },
  });
});

test('a revision that is no number is refused', async () => {
  const { client } = workbench();
  await expect(client.changes('abc')).rejects.toMatchObject({ status: { code: 400 } });
});

test('a commit hints at its changes until the hint is taken back', async () => {
  const { client } = workbench();
  await client.revision();
  const hint = vi.fn();
  const undo = client.onChange(hint);
  await client.commit([creating(CONFIG_MAP, configMap('one'))]);
  await vi.waitFor(() => expect(hint).toHaveBeenCalled());
  undo();
  hint.mockClear();
  await client.commit([creating(CONFIG_MAP, configMap('two'))]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(hint).not.toHaveBeenCalled();
});
