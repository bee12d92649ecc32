import { describe, expect, test } from 'vitest';
import { type PlayRoom, parsePlaySpeed, playPlan } from '../../../../src/cli/plan/play.ts';
import { playFrame, stateCounts } from '../../../../src/cli/plan/play-frame.ts';
import { terminalText } from '../../../../src/cli/printers/terminal-text.ts';
import { virtualClock } from '../../../../src/runtime/clock.ts';
import { rolloutReport } from './rollout-report.ts';

const report = rolloutReport({ nodes: 10, failing: [3] });
const plain = (_: unknown, text: string): string => text;

describe('playFrame', () => {
  test('tells the states of a moment', () => {
    expect(playFrame(report, 20_000, { width: 100, paint: plain })).toBe(
      '20s/2m ▕████████········································▒▒▒▒▒▒▏ 9/10 available, 2 updated, 1 starting'.replace(
        /▕.*▏/,
        `▕${'█'.repeat(4)}${'·'.repeat(38)}${'▒'.repeat(4)}▏`,
      ),
    );
  });

  test.each([20, 40, 60, 80, 200])('is shorter than a terminal of %i columns', (width) => {
    for (let atMs = 0; atMs <= 120_000; atMs += 1000)
      expect(playFrame(report, atMs, { width, paint: plain }).length).toBeLessThan(width);
  });

  test('shows one failed node of a thousand', () => {
    const many = rolloutReport({ nodes: 1000, failing: [1] });
    expect(playFrame(many, 600_000, { width: 80, paint: plain })).toMatch(/!▏.* 1 failed/);
  });

  test('counts each node once', () => {
    const counts = stateCounts(report, 50_000);
    expect(Object.fromEntries(counts)).toEqual({ ready: 3, failed: 1, pulling: 1, old: 5 });
  });
});

describe('playPlan', () => {
  /** A terminal under a virtual clock, in which pausing is what passes time. */
  function room(change: Partial<PlayRoom> = {}) {
    const clock = virtualClock(0);
    const written: string[] = [];
    const self: PlayRoom = {
      columns: () => 80,
      write: (text) => void written.push(text),
      now: () => clock.now(),
      pause: async (ms) => clock.advanceTo(clock.now() + ms),
      signal: new AbortController().signal,
      paint: plain,
      ...change,
    };
    return { written, clock, self };
  }

  test('shows the whole rollout in the time wished for, and leaves an empty line', async () => {
    const { written, clock, self } = room();
    expect(await playPlan(report, { wholeInMs: 10_000 }, self)).toBe(true);
    expect(clock.now()).toBe(10_000);
    expect(written.at(-2)).toContain('  2m/2m ');
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  test('goes as many times faster as wished for', async () => {
    const { clock, self } = room();
    await playPlan(report, { times: 60 }, self);
    expect(clock.now()).toBe(2000);
  });

  test('takes each frame over the one before, in a way that terminals are let obey', async () => {
    const { written, self } = room();
    await playPlan(report, { wholeInMs: 1000 }, self);
    for (const text of written) expect(terminalText(text)).toBe(text);
    expect(written.every((text) => text.startsWith('\r\u001b[K') && !text.includes('\n'))).toBe(true);
  });

  test('follows the width of the terminal', async () => {
    let columns = 120;
    const { written, self } = room({
      columns: () => {
        columns -= 1;
        return Math.max(40, columns);
      },
    });
    await playPlan(report, { wholeInMs: 4000 }, self);
    expect(written[0]?.length).toBeGreaterThan(written.at(-2)?.length ?? 0);
  });

  test('stops with the signal and leaves an empty line', async () => {
    const stop = new AbortController();
    const { written, self } = room({ signal: stop.signal, pause: async () => stop.abort() });
    expect(await playPlan(report, { wholeInMs: 10_000 }, self)).toBe(false);
    expect(written).toHaveLength(2);
    expect(written.at(-1)).toBe('\r\u001b[K');
  });
});

describe('parsePlaySpeed', () => {
  test('reads a time and a speed', () => {
    expect(parsePlaySpeed('10s')).toEqual({ wholeInMs: 10_000 });
    expect(parsePlaySpeed('60x')).toEqual({ times: 60 });
  });

  test.each(['', '0x', 'fast', '-1x', '10'])('refuses %j', (text) => {
    expect(() => parsePlaySpeed(text)).toThrow('--play');
  });
});
