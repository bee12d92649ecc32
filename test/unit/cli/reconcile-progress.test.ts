import { describe, expect, test } from 'vitest';
import type { DaemonSet } from '../../../src/api/apps.ts';
import { podProgress, progressLine, progressText } from '../../../src/cli/reconcile-progress.ts';
import { collectedStreams } from '../../../src/cli/streams.ts';
import { virtualClock } from '../../../src/runtime/clock.ts';
import type { Manager } from '../../../src/runtime/manager.ts';

const daemonSet = (wanted: number, updated: number, available: number): DaemonSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    status: {
      desiredNumberScheduled: wanted,
      updatedNumberScheduled: updated,
      numberAvailable: available,
    },
  }) as unknown as DaemonSet;

test('pods are done when they are of the current template and available', () => {
  const counted = [daemonSet(10, 10, 10), daemonSet(10, 4, 9), daemonSet(10, 10, 3)];
  expect(podProgress(counted)).toEqual({ done: 17, wanted: 30 });
});

describe('the line says', () => {
  test.each([
    [
      { done: 25_000, wanted: 100_000 },
      25_000,
      2500,
      'reconciling: 25,000 of 100,000 pods, 10,000 a second, 8s left',
    ],
    [{ done: 90, wanted: 100 }, 1, 10_000, 'reconciling: 90 of 100 pods, 0 a second, 1m40s left'],
    [{ done: 0, wanted: 100 }, 0, 1500, 'reconciling: 0 of 100 pods, 1,234 steps'],
    [{ done: 1, wanted: 100_000 }, 1, 1000, 'reconciling: 1 of 100,000 pods, 1 a second, 27h46m left'],
    [{ done: 100, wanted: 100 }, 50, 1500, 'reconciling: 1,234 steps'],
  ])('of %j with %d new ones after %d ms', (progress, gained, elapsedMs, text) => {
    expect(progressText(progress, gained, elapsedMs, 1234)).toBe(text);
  });
});

describe('a terminal', () => {
  /** A run of 20 ticks, 100 ms apart. */
  function written(errIsTerminal: boolean): string {
    const streams = { ...collectedStreams(''), errIsTerminal };
    const clock = virtualClock(0);
    const line = progressLine({ streams, clock });
    for (let tick = 0; tick < 20; tick += 1) {
      // Only these two are asked of it.
      line.tick({
        handled: () => tick,
        lister: { list: () => [daemonSet(20, tick, tick)] },
      } as unknown as Manager);
      clock.advanceTo(clock.now() + 100);
    }
    line.end();
    return streams.written.err;
  }

  test('sees nothing in the first second, then a line five times a second, and an empty one at the end', () => {
    const lines = written(true).split('\r\u001b[K').slice(1);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('reconciling: 10 of 20 pods, 10 a second, 1s left');
    expect(lines.at(-1)).toBe('');
  });

  test('is the only place for it', () => {
    expect(written(false)).toBe('');
  });
});
