import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareKeys, keySpan, prefixEnd } from '../../../src/store/key-order.ts';

const anyKey = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
    maxLength: 5,
  }),
);

test('keys are ordered as their UTF-8 bytes', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2000 },
  );
});

describe('the end of a prefix', () => {
  test.each([
    ['a/', 'a0'],
    ['a\ud7ff', 'a\ue000'],
    ['a\uffff', 'a\u{10000}'],
    ['a\u{10ffff}\u{10ffff}', 'b'],
    ['', null],
    ['\u{10ffff}', null],
  ])('of %o is %o', (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end);
  });

  test('parts the keys with the prefix from the greater ones without it', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (prefix, key) => {
        const end = prefixEnd(prefix);
        for (const candidate of [key, prefix + key]) {
          const inRange =
            compareKeys(candidate, prefix) >= 0 && (end === null || compareKeys(candidate, end) < 0);
          expect(inRange).toBe(candidate.startsWith(prefix));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the span of a range', () => {
  test.each([
    ['starts at the prefix', undefined, { from: 'p/', inclusive: true, end: 'p0' }],
    ['is not widened by a key before the prefix', 'a', { from: 'p/', inclusive: true, end: 'p0' }],
    ['starts behind the prefix itself', 'p/', { from: 'p/', inclusive: false, end: 'p0' }],
    ['starts behind a key inside', 'p/a', { from: 'p/a', inclusive: false, end: 'p0' }],
    ['is empty after a key behind the prefix', 'q', { from: 'q', inclusive: false, end: 'p0' }],
  ])('%s', (_name, after, span) => {
    expect(keySpan('p/', after)).toEqual(span);
  });
});
