import { expect, test } from 'vitest';
import type { WatchEvent } from '../../../../src/api/client.ts';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { localClient } from '../../../../src/registry/local-client.ts';
import { RecentChanges } from '../../../../src/registry/recent-changes.ts';
import { virtualClock } from '../../../../src/runtime/clock.ts';
import { seededRandom } from '../../../../src/runtime/random.ts';
import { memoryStore } from '../../../../src/store/memory-store.ts';
import type { Store } from '../../../../src/store/store.ts';
import { configMap } from '../verbs/objects.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };
const key = { namespace: 'default', name: 'one' };

/** Two clients of one store, and how often its values were read. */
function twoClients() {
  const inner = memoryStore();
  let reads = 0;
  const store: Store = {
    ...inner,
    changes: (after, limit) => {
      reads += 1;
      return inner.changes(after, limit);
    },
  };
  const client = (seed: number) =>
    localClient({ store, clock: virtualClock(Date.UTC(2026, 0, 1)), random: seededRandom(seed) });
  return { first: client(1), second: client(2), reads: () => reads };
}

const create = {
  verb: 'create',
  kind: CONFIG_MAP,
  namespace: 'default',
  object: configMap('one', { a: '1' }),
} as const;
const patch = (a: string) =>
  ({ verb: 'patch', kind: CONFIG_MAP, key, patchType: 'merge', patch: { data: { a } } }) as const;

test('own changes are followed without reading the log, and are what the log says', async () => {
  const { first, second, reads } = twoClients();
  const start = await first.revision();
  await first.commit([create]);
  await first.commit([patch('2')]);
  await first.commit([{ verb: 'delete', kind: CONFIG_MAP, key }]);
  const own = await first.changes(start);
  expect(reads()).toBe(0);
  expect(await second.changes(start)).toEqual(own);
  expect(reads()).toBe(1);
});

test('changes of another client in between are read from the log', async () => {
  const { first, second } = twoClients();
  const start = await first.revision();
  await first.commit([create]);
  await second.commit([patch('2')]);
  await first.commit([patch('3')]);
  const { events } = await first.changes(start);
  expect(events.map(({ object }) => (object as KubeObject & { readonly data?: unknown }).data)).toEqual([
    { a: '1' },
    { a: '2' },
    { a: '3' },
  ]);
});

test('pages of own changes end where the limit says', async () => {
  const { first } = twoClients();
  const start = await first.revision();
  await first.commit([create]);
  for (const a of ['2', '3', '4']) await first.commit([patch(a)]);
  const page = await first.changes(start, 3);
  expect([page.events.length, page.more]).toEqual([3, true]);
  const rest = await first.changes(page.resourceVersion, 3);
  expect([rest.events.length, rest.more, rest.resourceVersion]).toEqual([1, false, await first.revision()]);
});

test('a write that another client made stale is made again, on the newer state', async () => {
  const { first, second } = twoClients();
  await first.commit([create]);
  await second.commit([{ ...patch('2'), patch: { data: { b: 'other' } } }]);
  const [outcome] = await first.commit([patch('3')]);
  expect(outcome).toMatchObject({ ok: true, object: { data: { a: '3', b: 'other' } } });
});

test('a refusal or an unchanged object is never concluded from a stale state', async () => {
  const { first, second } = twoClients();
  await first.commit([create]);
  await second.commit([patch('2')]);
  expect((await first.commit([patch('1')]))[0]).toMatchObject({ ok: true, did: 'updated' });
  await second.commit([{ verb: 'delete', kind: CONFIG_MAP, key }]);
  expect((await first.commit([patch('1')]))[0]).toMatchObject({ ok: false, error: { code: 404 } });
});

test('recent changes are forgotten from the oldest on, and at a gap', () => {
  const recent = new RecentChanges();
  const event = (name: string): WatchEvent => ({ type: 'ADDED', object: configMap(name) });
  recent.append(5, event('a'));
  recent.append(6, event('b'));
  expect(recent.after(4, 6, 10)).toHaveLength(2);
  expect(recent.after(6, 6, 10)).toEqual([]);
  expect(recent.after(3, 6, 10)).toBeUndefined();
  expect(recent.after(7, 6, 10)).toBeUndefined();
  expect(recent.after(4, 7, 10)).toBeUndefined();
  recent.append(9, event('c'));
  expect(recent.after(6, 9, 10)).toBeUndefined();
  expect(recent.after(8, 9, 10)).toHaveLength(1);
  for (let revision = 10; revision < 40_000; revision += 1) recent.append(revision, event('x'));
  expect(recent.after(8, 39_999, 10)).toBeUndefined();
  expect(recent.after(39_000, 39_999, 10_000)).toHaveLength(999);
});
