import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys, keySpan } from '../../../src/store/key-order.ts';
import { OrderedKeys } from '../../../src/store/ordered-keys.ts';

/** Names in an order that jumps about, without repetition. */
function scattered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `k${(i * 7919) % count}`);
}

const everything = keySpan('');

test('keys come in order, however they were added', () => {
  const names = scattered(5000);
  const keys = new OrderedKeys();
  for (const name of names) keys.add(name);
  expect([...keys.within(everything)]).toEqual(names.toSorted());
  expect(keys.size).toBe(5000);
});

test('a set made of sorted keys is the set of these keys', () => {
  const names = scattered(3000).toSorted();
  const keys = OrderedKeys.fromSorted(names);
  expect([...keys.within(everything)]).toEqual(names);
  expect(keys.size).toBe(3000);
  keys.add('k1x');
  expect([...keys.within(keySpan('k1x'))]).toEqual(['k1x']);
});

test('a set can be emptied and filled again', () => {
  const keys = OrderedKeys.fromSorted(scattered(2000).toSorted());
  for (const name of scattered(2000)) keys.delete(name);
  expect(keys.size).toBe(0);
  expect([...keys.within(everything)]).toEqual([]);
  keys.add('again');
  expect([...keys.within(everything)]).toEqual(['again']);
});

test('a span gives what a filter of all keys gives', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\uffff', '\u{1f600}'), maxLength: 4 });
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 60 }),
      fc.array(key),
      key,
      fc.option(key),
      (names, gone, prefix, after) => {
        const keys = new OrderedKeys();
        for (const name of names) keys.add(name);
        const left = new Set(names);
        for (const name of gone) if (left.delete(name)) keys.delete(name);
        const expected = [...left]
          .filter((name) => name.startsWith(prefix) && (after === null || compareKeys(name, after) > 0))
          .sort(compareKeys);
        expect([...keys.within(keySpan(prefix, after ?? undefined))]).toEqual(expected);
        expect(keys.size).toBe(left.size);
      },
    ),
    { numRuns: 500 },
  );
});

test('a span that starts or ends inside a chunk takes only its part', () => {
  const names = Array.from({ length: 2000 }, (_, i) => `k${String(i).padStart(4, '0')}`);
  const keys = OrderedKeys.fromSorted(names);
  for (const after of ['k0000', 'k0255', 'k0256', 'k0257', 'k1000x', 'k1998', 'k1999']) {
    expect([...keys.within(keySpan('k', after))]).toEqual(names.filter((name) => name > after));
  }
  expect([...keys.within(keySpan('k07'))]).toEqual(names.slice(700, 800));
});
