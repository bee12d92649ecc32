import { expect, test } from 'vitest';
import { deepEqual } from '../../../src/domain/deep-equal.ts';

test.each<[unknown, unknown, boolean]>([
  [1, 1, true],
  [1, '1', false],
  [null, null, true],
  [null, {}, false],
  [{ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, true],
  [[1, 2], [2, 1], false],
  [[1], [1, 2], false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: undefined }, {}, true],
  [{ a: undefined, b: 1 }, { c: 1, b: 1 }, false],
  [{ a: null }, {}, false],
  [[], {}, false],
  [{ toString: 1 }, {}, false],
  [{ a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, false],
])('%j and %j: %s', (a, b, expected) => {
  expect(deepEqual(a, b)).toBe(expected);
  expect(deepEqual(b, a)).toBe(expected);
});
