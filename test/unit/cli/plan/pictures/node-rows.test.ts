import { describe, expect, test } from 'vitest';
import { nodeRows } from '../../../../../src/cli/plan/pictures/node-rows.ts';
import { pictureData } from '../../../../../src/cli/plan/pictures/picture-data.ts';
import { rolloutReport } from '../rollout-report.ts';

const labels = (options: Parameters<typeof rolloutReport>[0]): readonly string[] =>
  pictureData(rolloutReport(options)).rows.map(({ label }) => label);

describe('nodeRows', () => {
  test('gives each of up to 60 nodes a row with its name', () => {
    expect(labels({ nodes: 60 })).toHaveLength(60);
    expect(labels({ nodes: 60 })[59]).toBe('node-60');
  });

  test('puts nodes that go the same way together', () => {
    expect(labels({ nodes: 1000, atOnce: 250 })).toEqual([
      'node-0001 +249',
      'node-0251 +249',
      'node-0501 +249',
      'node-0751 +249',
    ]);
  });

  test('names nodes that failed however many there are', () => {
    const shown = labels({ nodes: 1000, failing: [17, 404] });
    expect(shown.slice(0, 3)).toEqual(['node-0017', 'node-0404', '']);
    expect(shown).toHaveLength(1000);
  });

  test('lets nodes share lines where there are more than a thousand, each node in one of them', () => {
    const { rows, tracks } = pictureData(rolloutReport({ nodes: 5000 }));
    expect(rows).toHaveLength(1000);
    expect(rows.flatMap(({ members }) => members).sort((a, b) => a - b)).toEqual([...tracks.keys()]);
  });

  test('puts those that change first on top', () => {
    const tracks = Array.from({ length: 100 }, (_, index) => ({
      node: `n${index}`,
      main: [0, 1000 - index, 2, 1000 - index, 2000, 0],
    }));
    expect(nodeRows(tracks, new Set())[0]?.members).toEqual([99]);
  });

  test('gives rows with a second lane more height', () => {
    const surging = { node: 'a', main: [0, 9, 2], surge: [3, 9, 4] };
    const [one, other] = nodeRows([surging, { node: 'b', main: [0, 9, 2] }], new Set());
    expect(one?.height).toBeGreaterThan(other?.height ?? 0);
  });
});

describe('pictureData', () => {
  test('shows a replaced pod as ready after the end, and a failed one as it was', () => {
    const { tracks, endMs, shownMs } = pictureData(rolloutReport({ nodes: 3, failing: [2] }));
    expect(tracks[2]?.main.slice(-3)).toEqual([endMs, shownMs, 0]);
    expect(tracks[1]?.main.slice(-3)).toEqual([24_000, shownMs, 9]);
  });
});
