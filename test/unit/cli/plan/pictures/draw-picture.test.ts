import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  type Brushes,
  drawPicture,
  type Picture,
} from '../../../../../src/cli/plan/pictures/draw-picture.ts';
import { STATE_LOOKS } from '../../../../../src/cli/plan/pictures/palette.ts';
import { type PictureData, pictureData } from '../../../../../src/cli/plan/pictures/picture-data.ts';
import { brushes } from '../../../../../src/cli/plan/pictures/svg.ts';
import { rolloutReport } from '../rollout-report.ts';

const data = pictureData(rolloutReport({ nodes: 100, failing: [5] }));

function draw(of: PictureData, width = 1000, made: Brushes = brushes): Picture {
  return drawPicture(of, { width, fromMs: 0, toMs: of.shownMs, rows: of.rows, looks: STATE_LOOKS }, made);
}

const marked = (marks: PictureData['marks']): PictureData => ({ ...data, marks });

/** Where the words of marks stand: their baseline and the span that they take at 6.7 pixels a character. */
const markWords = (body: string) =>
  [...body.matchAll(/<text x="(\d+)" y="(\d+)" class="marked" text-anchor="(\w+)">([^<]*)</g)].map(
    ([, x, y, anchor, words = '']) => {
      const length = words.length * 6.7;
      const from = Number(x) - (anchor === 'end' ? length : 0);
      return { words, y: Number(y), from, to: from + length };
    },
  );

describe('drawPicture', () => {
  test('and its brushes refer to nothing outside of themselves', () => {
    const alone = Object.fromEntries(
      Object.entries(brushes).map(([name, brush]) => [name, runInNewContext(`(${String(brush)})`)]),
    ) as unknown as Brushes; // the same functions, compiled anew from their source
    const again = runInNewContext(`(${String(drawPicture)})`) as typeof drawPicture;
    const view = { width: 1000, fromMs: 0, toMs: data.shownMs, rows: data.rows, looks: STATE_LOOKS };
    expect(again(data, view, alone).body).toBe(draw(data).body);
  });

  test('puts marks of one moment together', () => {
    const texts = ['node a is lost', 'node b is lost', 'node b is lost'].map((text) => ({
      atMs: 60_000,
      text,
    }));
    const { body } = draw(marked(texts));
    expect(markWords(body).map(({ words }) => words)).toEqual(['node a is lost (+1)']);
    expect(body).toContain('<title>node a is lost; node b is lost</title>');
  });

  test.each([400, 700, 1100])('lets no words of marks overlap or leave the picture %i wide', (width) => {
    const marks = Array.from({ length: 30 }, (_, index) => ({
      atMs: index * 40_000,
      text: `node worker-${index} is not ready any more`,
    }));
    const { body } = draw(marked(marks), width);
    const words = markWords(body);
    expect(words.length).toBeGreaterThan(2);
    expect(body.match(/<g class="markers">/g)).toHaveLength(30);
    for (const [at, one] of words.entries()) {
      expect(one.from).toBeGreaterThanOrEqual(0);
      expect(one.to).toBeLessThanOrEqual(width);
      for (const other of words.slice(at + 1))
        if (other.y === one.y)
          expect(one.to <= other.from || other.to <= one.from, `${one.words} ${other.words}`).toBe(true);
    }
  });

  test('lets the line of the budget follow how many pods are wanted', () => {
    const samples = [
      [0, 100, 0, 100],
      [600_000, 89, 0, 90],
    ] as const;
    const { body, window } = draw({ ...data, samples });
    const [, path = ''] = /class="limit curve dash" d="([^"]*)"/.exec(body) ?? [];
    const [, wanted = ''] = /class="wanted curve dash" d="([^"]*)"/.exec(body) ?? [];
    const steps = (of: string): readonly number[] =>
      (of.match(/H[\d.]+V/g) ?? []).map((step) => Number(step.slice(1, -1)));
    expect(steps(path)).toEqual(steps(wanted));
    expect(steps(path)[0]).toBeCloseTo(window.left + (600_000 / data.shownMs) * window.width, -0.5);
    expect(path).not.toBe(wanted);
  });

  test('has no line of a budget where the strategy takes no pod down', () => {
    const { budget: _, ...surging } = data;
    expect(draw(surging).body).not.toContain('class="limit');
  });

  test('cuts long names in their middle', () => {
    const nodeName = (number: number): string =>
      `ip-10-0-120-${number}.eu-central-1.compute.internal.example`;
    const long = pictureData(rolloutReport({ nodes: 3, nodeName }));
    expect(draw(long, 400).body).toMatch(/text-anchor="end">ip-10-0[^<]*…[^<]*example</);
  });

  test('cuts the axis of available pods where few of many are down, and says so', () => {
    expect(draw(data).body).toMatch(/Available pods \(axis from 9\d\)/);
    expect(draw(pictureData(rolloutReport({ nodes: 10 }))).body).not.toContain('axis from');
  });
});
