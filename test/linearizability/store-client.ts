import type { Random } from '../../src/runtime/random.ts';
import type { Entry, Store, Write } from '../../src/store/store.ts';
import type { Condition, Operation } from './history.ts';

/** A client of a store that does operations by chance, and tells of each what it asked and was answered. */
export interface StoreClient {
  perform(): Promise<Pick<Operation, 'key' | 'asked' | 'answer'>>;
}

/**
 * A client that reads, creates, sets, swaps and removes keys of a few. What it writes, nobody else writes: the name is
 * in each value. A swap expects the revision that the client's last read of the key has seen, which stands for that
 * read's value. `onAsk` hears of each operation before it is done.
 */
export function storeClient(
  store: Store,
  name: string,
  random: Random,
  keys: readonly string[],
  onAsk: (asks: Pick<Operation, 'key' | 'asked'>) => void = () => {},
): StoreClient {
  const read = new Map<string, Entry>();
  let written = 0;
  return {
    async perform() {
      const key = keys[random.int(keys.length)] ?? '';
      const sort = random.int(10);
      const known = read.get(key);
      if (sort < 4 || (sort < 7 && known === undefined)) {
        onAsk({ key, asked: { do: 'read' } });
        const entry = await store.get(key);
        if (entry === null) read.delete(key);
        else read.set(key, entry);
        return { key, asked: { do: 'read' }, answer: { value: entry?.value ?? null } };
      }
      written += 1;
      const to = sort === 9 ? null : `${name} ${written}`;
      const when: Condition =
        sort < 7 && known !== undefined
          ? { is: 'value', value: known.value }
          : { is: sort === 7 ? 'absent' : 'present' };
      const expect =
        when.is === 'value'
          ? ({ kind: 'at', modRevision: known?.modRevision ?? 0 } as const)
          : { kind: when.is };
      const write: Write =
        to === null ? { op: 'delete', key, expect } : { op: 'put', key, value: to, terms: [], expect };
      const asked = { do: 'write', when, to } as const;
      onAsk({ key, asked });
      const { committed } = await store.commit([write]);
      return { key, asked, answer: { done: committed } };
    },
  };
}
