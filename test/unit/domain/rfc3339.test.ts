import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRfc3339, formatRfc3339Micro, parseRfc3339 } from '../../../src/domain/rfc3339.ts';

test.each([
  ['1970-01-01T00:00:01Z', 1_000],
  ['2024-02-29T23:59:59Z', Date.UTC(2024, 1, 29, 23, 59, 59)],
  ['2026-01-01T12:00:00.25Z', Date.UTC(2026, 0, 1, 12) + 250],
  ['2026-01-01T14:00:00+02:00', Date.UTC(2026, 0, 1, 12)],
  ['2026-13-01T00:00:00Z', undefined],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('%j reads as %s', (text, expected) => {
  expect(parseRfc3339(text)).toBe(expected);
});

test('times are written in whole seconds, cut off', () => {
  expect(formatRfc3339(1_999)).toBe('1970-01-01T00:00:01Z');
  expect(formatRfc3339Micro(1_999)).toBe('1970-01-01T00:00:01.999000Z');
});

test('what is written reads as the same second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 250_000_000_000 }), (seconds) => {
      expect(parseRfc3339(formatRfc3339(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
});
