import { expect, test } from 'vitest';
import { differencesBetween, isSameInAnyOrder } from '../../../src/sim/differences.ts';

test('lists of named things are compared by name', () => {
  const before = {
    containers: [
      { name: 'a', image: 'x:1' },
      { name: 'b', image: 'y:1' },
    ],
  };
  const after = {
    containers: [
      { name: 'a', image: 'x:2' },
      { name: 'c', image: 'z:1' },
    ],
  };
  expect(differencesBetween(before, after, 'spec')).toEqual([
    { path: 'spec.containers[a].image', before: 'x:1', after: 'x:2' },
    { path: 'spec.containers[b]', before: '{"name":"b","image":"y:1"}' },
    { path: 'spec.containers[c]', after: '{"name":"c","image":"z:1"}' },
  ]);
});

test('a list in another order is said to be just that', () => {
  const [one, two] = [{ name: 'a' }, { name: 'b' }];
  expect(differencesBetween({ env: [one, two] }, { env: [two, one] }, '')).toEqual([
    { path: 'env', before: 'in another order', after: 'reordered' },
  ]);
  expect(differencesBetween([1, 2], [2, 1], 'args')).toEqual([
    { path: 'args', before: 'in another order', after: 'reordered' },
  ]);
});

test('long values are cut, and there are at most 50 of them', () => {
  const [only] = differencesBetween({ a: 'x'.repeat(500) }, {}, '');
  expect(only?.before).toHaveLength(118);
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`k${index}`, index]));
  expect(differencesBetween({}, many, '')).toHaveLength(50);
});

test('isSameInAnyOrder looks through lists at every depth', () => {
  expect(isSameInAnyOrder({ a: [{ b: [1, 2] }, 3] }, { a: [3, { b: [2, 1] }] })).toBe(true);
  expect(isSameInAnyOrder({ a: [1, 1, 2] }, { a: [1, 2, 2] })).toBe(false);
  expect(isSameInAnyOrder({ a: 1, b: undefined }, { a: 1 })).toBe(true);
});
