import { afterEach, describe, expect, test } from 'vitest';
import { localClient } from '../../../src/registry/local-client.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import type { Store } from '../../../src/store/store.ts';
import { memoryClient } from '../../support/memory-client.ts';
import { CONFIG_MAPS, configMap, type OpenWatch, type ServedApp, servedApp } from './served-app.ts';

/** A store that counts how often its log and its objects are read. */
function counted(store: Store): { readonly store: Store; readonly reads: () => number } {
  let reads = 0;
  const counting =
    <A extends readonly unknown[], R>(read: (...args: A) => R) =>
    (...args: A): R => {
      reads += 1;
      return read(...args);
    };
  const wrapped: Store = {
    get: counting((key) => store.get(key)),
    getMany: counting((keys) => store.getMany(keys)),
    list: counting((range, query) => store.list(range, query)),
    count: counting((range) => store.count(range)),
    changes: counting((after, limit) => store.changes(after, limit)),
    snapshot: counting(() => store.snapshot()),
    revision: () => store.revision(),
    compacted: () => store.compacted(),
    compact: (through) => store.compact(through),
    commit: (writes) => store.commit(writes),
    onCommit: (hint) => store.onCommit(hint),
    close: () => store.close(),
  };
  return { store: wrapped, reads: () => reads };
}

let api: ServedApp | undefined;
afterEach(() => api?.feed.close());

/** Reads of the store that a few changes cost while so many watches are open, and what each watch was told. */
async function readsOfChanges(watches: number): Promise<{ readonly reads: number; readonly told: number }> {
  const { clock, store: inner } = memoryClient();
  const { store, reads } = counted(inner);
  const client = localClient({ store, clock, random: seededRandom(1) });
  api = servedApp({ client, clock, store });
  const { metadata } = (await api.get(CONFIG_MAPS)).json;
  const open: OpenWatch[] = [];
  for (let index = 0; index < watches; index++) {
    open.push(api.watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${metadata.resourceVersion}`));
  }
  let told = 0;
  let opened = 0;
  for (const name of ['opens them', 'a', 'b', 'c']) {
    const next = Promise.all(open.map((watch) => watch.next()));
    await api.post(CONFIG_MAPS, configMap(name.replace(' ', '-')));
    const events = await next;
    if (opened === 0) opened = reads();
    else told += events.filter((event) => event.object.metadata.name === name).length;
  }
  const spent = reads() - opened;
  await Promise.all(open.map((watch) => watch.stop()));
  api.feed.close();
  return { reads: spent, told };
}

describe('watches', () => {
  test('cost the reads of the store that one of them costs, however many there are', async () => {
    const one = await readsOfChanges(1);
    const thousand = await readsOfChanges(1000);
    expect(one.told).toBe(3);
    expect(thousand.told).toBe(3000);
    expect(thousand.reads).toBe(one.reads);
  });
});
