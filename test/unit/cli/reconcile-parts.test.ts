import { expect, test } from 'vitest';
import { compactHistory, exactThrough } from '../../../src/cli/reconcile-parts.ts';
import type { Store } from '../../../src/store/store.ts';

/** A store of which only these numbers are asked; notes what it should forget. */
function numbers(revision: number, compacted: number) {
  const forgotten: number[] = [];
  const store: Pick<Store, 'revision' | 'compacted' | 'compact'> = {
    revision: async () => revision,
    compacted: async () => compacted,
    compact: async (through) => {
      forgotten.push(through);
    },
  };
  // The functions under test ask for nothing else.
  return { store: store as Store, forgotten };
}

test.each([
  ['a new store', 0, 0, 20_000],
  ['a store with little history', 5_000, 0, 20_000],
  ['a store whose history is about to be dropped', 19_000, 0, 29_000],
  ['a store that keeps more than it must', 86_000, 44_000, 96_000],
])('a run over %s keeps its first 10,000 writes whole', async (_what, revision, compacted, through) => {
  expect(await exactThrough(numbers(revision, compacted).store)).toBe(through);
});

test('history is dropped when there are more than 20,000 revisions of it, but for the last 10,000', async () => {
  const few = numbers(25_000, 5_000);
  await compactHistory(few.store);
  expect(few.forgotten).toEqual([]);
  const many = numbers(25_001, 5_000);
  await compactHistory(many.store);
  expect(many.forgotten).toEqual([15_001]);
});
