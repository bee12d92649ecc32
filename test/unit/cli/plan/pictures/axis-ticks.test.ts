import { describe, expect, test } from 'vitest';
import { countTicks, momentText, timeTicks } from '../../../../../src/cli/plan/pictures/axis-ticks.ts';

describe('timeTicks', () => {
  test.each([
    {
      fromMs: 0,
      toMs: 120_000,
      count: 8,
      texts: ['0s', '15s', '30s', '45s', '1m', '1m15s', '1m30s', '1m45s', '2m'],
    },
    { fromMs: 0, toMs: 47_000, count: 3, texts: ['0s', '30s'] },
    {
      fromMs: 5_400_000,
      toMs: 5_460_000,
      count: 4,
      texts: ['1h30m', '1h30m15s', '1h30m30s', '1h30m45s', '1h31m'],
    },
    { fromMs: 0, toMs: 60_000_000, count: 5, texts: ['0s', '6h', '12h'] },
    { fromMs: 100, toMs: 103, count: 3, texts: ['0.1s', '0.101s', '0.102s', '0.103s'] },
  ])('between $fromMs and $toMs are $texts', ({ fromMs, toMs, count, texts }) => {
    expect(timeTicks(fromMs, toMs, count).map(momentText)).toEqual(texts);
  });

  test('stay about as many for any length', () => {
    for (let toMs = 1; toMs < 1e10; toMs *= 3) {
      const { length } = timeTicks(0, toMs, 10);
      expect(length, `${toMs} ms`).toBeGreaterThanOrEqual(2);
      expect(length, `${toMs} ms`).toBeLessThanOrEqual(11);
    }
  });
});

describe('countTicks', () => {
  test.each([
    { low: 0, high: 10, count: 3, ticks: [0, 5, 10] },
    { low: 996, high: 1000, count: 3, ticks: [996, 998, 1000] },
    { low: 850, high: 1000, count: 3, ticks: [850, 900, 950, 1000] },
    { low: 0, high: 1, count: 3, ticks: [0, 1] },
  ])('from $low to $high are $ticks', ({ low, high, count, ticks }) => {
    expect(countTicks(low, high, count)).toEqual(ticks);
  });
});
