import { describe, expect, test } from 'vitest';
import { type Sample, slope, trendOf } from './level.ts';

const samples = (resident: (at: number) => number): readonly Sample[] =>
  Array.from({ length: 100 }, (_, at) => ({
    at: at * 5,
    resident: resident(at),
    storeBytes: 0,
    walBytes: 0,
    writes: 0,
  }));
const resident = ({ resident: bytes }: Sample): number => bytes;

describe('whether a figure levels off', () => {
  test('a line has the slope that it has', () => {
    expect(
      slope([
        [0, 1],
        [1, 3],
        [2, 5],
      ]),
    ).toBe(2);
    expect(slope([[1, 1]])).toBe(0);
  });

  test('what grows at first and then stays has levelled off', () => {
    expect(
      trendOf(
        samples((at) => 1e8 * Math.min(1, at / 30)),
        resident,
      ).levelledOff,
    ).toBe(true);
  });

  test('what swings about has levelled off', () => {
    expect(
      trendOf(
        samples((at) => 1e8 + (at % 2) * 1e7),
        resident,
      ).levelledOff,
    ).toBe(true);
  });

  test('a leak that is small beside the whole is seen', () => {
    const trend = trendOf(
      samples((at) => 1e8 + at * 3e5),
      resident,
    );
    expect(trend.levelledOff).toBe(false);
    expect(Math.round(trend.perMinute)).toBe(3.6e6);
  });
});
