import { describe, expect, test } from 'vitest';
import { drawRows, type RowsToDraw } from '../../../../../src/cli/plan/pictures/draw-rows.ts';
import { drawSteps } from '../../../../../src/cli/plan/pictures/draw-steps.ts';
import { escapeMarkup } from '../../../../../src/cli/plan/pictures/markup.ts';
import { STATE_LOOKS } from '../../../../../src/cli/plan/pictures/palette.ts';

const place = (state: string): number => STATE_LOOKS.findIndex((look) => look.state === state);
const [ready, old, failed] = [place('ready'), place('old'), place('failed')];
const window = { fromMs: 0, toMs: 1000, left: 10, width: 100 };

function drawn(rows: RowsToDraw['rows'], ...mains: readonly (readonly number[])[]): string {
  const tracks = mains.map((main, index) => ({ node: `<n${index}>`, main }));
  return drawRows({ tracks, rows, looks: STATE_LOOKS, window, top: 5, escaped: escapeMarkup });
}

/** `state x width` of each plain bar. */
const bars = (svg: string): readonly string[] =>
  [...svg.matchAll(/<rect x="([\d.]+)" y="7" width="([\d.]+)" height="16" class="s-(\w+)"/g)].map(
    ([, x, width, state]) => `${state} ${x} ${width}`,
  );

describe('drawRows', () => {
  test('draws each segment to scale', () => {
    const svg = drawn([{ label: 'a', members: [0], height: 20 }], [0, 400, old, 400, 1000, ready]);
    expect(bars(svg)).toEqual(['old 10 40', 'ready 50 60']);
  });

  test('shows a failure that is shorter than a pixel', () => {
    const svg = drawn(
      [{ label: 'a', members: [0], height: 20 }],
      [0, 400, old, 400, 401, failed, 401, 1000, ready],
    );
    expect(bars(svg)).toEqual(['old 10 40', 'failed 50 0.5', 'ready 50.5 59.5']);
  });

  test('shows the worst state of nodes that share a line', () => {
    const svg = drawn(
      [{ label: '', members: [0, 1], height: 1 }],
      [0, 500, failed, 500, 1000, ready],
      [0, 1000, ready],
    );
    expect(svg).toContain('<path class="s-failed" shape-rendering="crispEdges" d="M10 5h50v1h-50z"/>');
    expect(svg).toContain('<path class="s-ready" shape-rendering="crispEdges" d="M60 5h50v1h-50z"/>');
  });

  test('writes the state into bars that have room for the word', () => {
    const svg = drawn([{ label: 'a', members: [0], height: 20 }], [0, 100, old, 100, 1000, ready]);
    expect([...svg.matchAll(/>(\w+)<\/text>/g)].map(([, word]) => word)).toEqual(['ready']);
  });

  test('escapes names', () => {
    const svg = drawn([{ label: 'a', members: [0], height: 20 }], [0, 1000, ready]);
    expect(svg).toContain('<title>&lt;n0&gt;</title>');
  });

  test('leaves out what lies outside of the window', () => {
    const tracks = [{ node: 'a', main: [0, 400, old, 400, 1000, ready] }];
    const svg = drawRows({
      tracks,
      rows: [{ label: 'a', members: [0], height: 20 }],
      looks: STATE_LOOKS,
      window: { ...window, fromMs: 500 },
      top: 5,
      escaped: escapeMarkup,
    });
    expect(bars(svg)).toEqual(['ready 10 100']);
  });
});

describe('drawSteps', () => {
  const yOf = (value: number): number => 50 - value;

  test('steps at the moments of change', () => {
    expect(
      drawSteps({
        samples: [
          [0, 10],
          [500, 8],
        ],
        window,
        yOf,
      }),
    ).toBe('M10 40H60V42H110');
  });

  test('keeps a dip that is shorter than a pixel', () => {
    const samples = [
      [0, 10],
      [500, 3],
      [501, 10],
    ] as const;
    expect(drawSteps({ samples, window, yOf })).toBe('M10 40H60V47H60.5V40H110');
  });

  test('has a bounded length for any number of samples', () => {
    const samples = Array.from({ length: 50_000 }, (_, index) => [index / 50, index % 7] as const);
    expect(drawSteps({ samples, window, yOf }).length).toBeLessThan(4000);
  });
});
