import { describe, expect, test } from 'vitest';
import { durationText, globPattern, parsePlanDuration, someOf } from '../../../src/sim/wording.ts';

describe('durations', () => {
  test.each([
    ['0', 0],
    ['40s', 40_000],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['1.5s', 1500],
    ['500ms', 500],
  ])('%s is %i ms', (text, ms) => {
    expect(parsePlanDuration(text)).toBe(ms);
  });

  test.each(['', '40', '-1s', '1 s', '1d', 's'])('%j is none', (text) => {
    expect(parsePlanDuration(text)).toBeUndefined();
  });

  test.each([
    [0, '0s'],
    [12_000, '12s'],
    [1500, '1.5s'],
    [90_000, '1m30s'],
    [120_000, '2m'],
    [60_000_000, '16h40m'],
    [3_605_000, '1h5s'],
    [59_990, '1m'],
  ])('%i ms reads %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

test('globPattern matches whole names and takes nothing else for a pattern', () => {
  expect(globPattern('gpu-*').test('gpu-1')).toBe(true);
  expect(globPattern('gpu-?').test('gpu-10')).toBe(false);
  expect(globPattern('a.b').test('axb')).toBe(false);
  expect(globPattern('node').test('node-1')).toBe(false);
});

test('someOf names a few, and never one more only to count it', () => {
  expect(someOf(['a', 'b', 'c'], 2)).toBe('a, b, c');
  expect(someOf(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
});
