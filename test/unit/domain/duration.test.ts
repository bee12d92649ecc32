import { describe, expect, test } from 'vitest';
import { age, humanDuration } from '../../../src/domain/duration.ts';

const DAY = 86_400;
const YEAR = 365 * DAY;

describe('humanDuration', () => {
  test.each([
    [-2, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [59, '59s'],
    [119, '119s'],
    [120, '2m'],
    [121, '2m1s'],
    [599, '9m59s'],
    [600, '10m'],
    [659, '10m'],
    [10_799, '179m'],
    [10_800, '3h'],
    [10_860, '3h1m'],
    [28_799, '7h59m'],
    [28_800, '8h'],
    [172_799, '47h'],
    [172_800, '2d'],
    [176_400, '2d1h'],
    [691_199, '7d23h'],
    [691_200, '8d'],
    [2 * YEAR - 1, '729d'],
    [2 * YEAR, '2y'],
    [2 * YEAR + DAY, '2y1d'],
    [8 * YEAR - 1, '7y364d'],
    [8 * YEAR + 300 * DAY, '8y'],
  ])('%i seconds read %s', (seconds, text) => {
    expect(humanDuration(seconds * 1000)).toBe(text);
  });

  test('parts of a second are cut off, towards zero on both sides', () => {
    expect(humanDuration(1999)).toBe('1s');
    expect(humanDuration(-1999)).toBe('0s');
  });
});

describe('age', () => {
  const now = Date.parse('2026-01-01T00:02:10Z');

  test('is the time that has passed', () => expect(age('2026-01-01T00:00:00Z', now)).toBe('2m10s'));
  test.each([undefined, null, '', 'yesterday'])('of %s is unknown', (time) => {
    expect(age(time, now)).toBe('<unknown>');
  });
});
