import type { countTicks, momentText, timeTicks } from './axis-ticks.ts';
import type { drawRows, TimeWindow } from './draw-rows.ts';
import type { drawSteps } from './draw-steps.ts';
import type { escapeMarkup } from './markup.ts';
import type { PictureRow } from './node-rows.ts';
import type { StateLook } from './palette.ts';
import type { PictureData } from './picture-data.ts';

/** The functions that a picture is drawn with: passed in, because in the page they are not where they are here. */
export interface Brushes {
  readonly drawRows: typeof drawRows;
  readonly drawSteps: typeof drawSteps;
  readonly timeTicks: typeof timeTicks;
  readonly countTicks: typeof countTicks;
  readonly escapeMarkup: typeof escapeMarkup;
  readonly momentText: typeof momentText;
}

/** What to draw of the data, and how wide. */
export interface PictureView {
  /** Pixels. */
  readonly width: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Instead of the data's rows. */
  readonly rows: readonly PictureRow[];
  readonly looks: readonly Pick<StateLook, 'state' | 'word' | 'texture'>[];
}

/** A picture: SVG elements, their size, and where the plots lie in them. */
export interface Picture {
  readonly body: string;
  readonly height: number;
  readonly window: TimeWindow;
  readonly rowsTop: number;
  readonly rowsBottom: number;
}

/**
 * Draws the timeline, the pods available and the pods updated below each other over one axis of time. Like the brushes it
 * refers to nothing outside of itself.
 */
export function drawPicture(data: PictureData, view: PictureView, brushes: Brushes): Picture {
  const { width, fromMs, toMs, rows, looks } = view;
  const { escapeMarkup: escaped, momentText } = brushes;
  const charWidth = 6.7;
  const cut = (text: string, room: number): string => {
    const most = Math.max(3, Math.floor(room / charWidth));
    if (text.length <= most) return text;
    const tail = Math.floor((most - 1) / 2);
    return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`;
  };
  const text = (x: number, y: number, words: string, attributes: string): string =>
    `<text x="${Math.round(x)}" y="${Math.round(y)}" ${attributes}>${escaped(words)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number, look: string): string =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" class="${look}"/>`;

  const thinRows = rows.filter(({ label }) => label === '');
  const longest = Math.max(
    thinRows.length === 0 ? 64 : 90,
    ...rows.map(({ label }) => label.length * charWidth),
  );
  const left = Math.ceil(Math.min(longest, width * 0.3, 240)) + 15;
  const right = 14;
  const plotWidth = Math.max(60, width - left - right);
  const window = { fromMs, toMs, left, width: plotWidth };
  const xOf = (ms: number): number => left + ((ms - fromMs) / Math.max(1, toMs - fromMs)) * plotWidth;

  // Marks: those within a few pixels share a line; their words stand in the first lane where there is room.
  const marks: { x: number; words: string[] }[] = [];
  for (const mark of data.marks) {
    if (mark.atMs < fromMs || mark.atMs > toMs) continue;
    const x = xOf(mark.atMs);
    const near = marks.find((one) => Math.abs(one.x - x) < 4);
    if (near === undefined) marks.push({ x, words: [mark.text] });
    else if (!near.words.includes(mark.text)) near.words.push(mark.text);
  }
  const lanes: number[][] = [[], [], [], []];
  const laneHeight = 16;
  const placed = marks.map(({ x, words }) => {
    const [first = '', ...more] = words;
    const full = `${first}${more.length === 0 ? '' : ` (+${more.length})`}`;
    const room = Math.max(x - left, left + plotWidth - x) - 4;
    const shown = cut(full, Math.min(room, 330));
    const length = shown.length * charWidth;
    const isLeftward = x + length > left + plotWidth;
    const [from, to] = isLeftward ? [x - length - 4, x] : [x, x + length + 4];
    const lane = lanes.findIndex((taken) => {
      for (let at = 0; at + 1 < taken.length; at += 2)
        if (from < (taken[at + 1] ?? 0) + 8 && to > (taken[at] ?? 0) - 8) return false;
      return true;
    });
    lanes[lane]?.push(from, to);
    return { x, lane, isLeftward, shown, title: words.join('; ') };
  });
  const laneCount = placed.reduce((most, { lane }) => Math.max(most, lane + 1), 0);

  const rowsTop = laneCount * laneHeight + 8;
  const rowsBottom =
    rowsTop +
    Math.max(
      8,
      rows.reduce((sum, { height }) => sum + height, 0),
    );
  const ticks = brushes.timeTicks(fromMs, toMs, Math.max(2, plotWidth / 90));
  const axis = (top: number, bottom: number): string =>
    ticks.map((at) => line(xOf(at), top, xOf(at), bottom, 'grid')).join('');
  const axisWords = (y: number): string => {
    let free = 0;
    return ticks
      .map((at) => {
        const words = momentText(at);
        const half = (words.length * charWidth) / 2;
        const x = Math.min(Math.max(xOf(at), half), width - half - 2);
        if (x - half < free) return '';
        free = x + half + 8;
        return text(x, y, words, 'class="faint num halo" text-anchor="middle"');
      })
      .join('');
  };

  let y = rowsTop;
  const labels = rows
    .map(({ label, height }) => {
      const middle = y + height / 2 + 4;
      y += height;
      return label === ''
        ? ''
        : text(left - 8, middle, cut(label, left - 14), 'class="ink" text-anchor="end"');
    })
    .join('');
  const thinTop = rowsTop + rows.reduce((sum, { label, height }) => sum + (label === '' ? 0 : height), 0);
  const thinNodes = thinRows.reduce((sum, { members }) => sum + members.length, 0);
  const share = thinRows[0]?.members.length ?? 1;
  const thinWords =
    thinRows.length === 0
      ? ''
      : [`${thinNodes} nodes,`, share === 1 ? 'a line each,' : `${share} a line,`, 'first changed', 'on top']
          .map((words, index) =>
            text(
              left - 8,
              thinTop + 14 + index * 15,
              words,
              `class="${index === 0 ? 'ink' : 'faint'}" text-anchor="end"`,
            ),
          )
          .join('');

  // How many are available when the strategy takes down as many as it may of those that are wanted then.
  const { budget } = data;
  const floorSamples =
    budget === undefined
      ? []
      : data.samples.map((sample) => [sample[0], Math.max(0, sample[3] - budget)] as const);
  const panel = (
    top: number,
    height: number,
    what: 'ok' | 'new',
    low: number,
    high: number,
    column: 1 | 2,
  ): string => {
    const yOf = (value: number): number =>
      top + height - ((Math.min(Math.max(value, low), high) - low) / Math.max(1, high - low)) * height;
    const path = brushes.drawSteps({
      samples: data.samples.map((sample) => [sample[0], sample[column]] as const),
      window,
      yOf,
    });
    const start = path.slice(1, path.indexOf(' '));
    const area = path === '' ? '' : `<path class="area ${what}" d="${path}V${top + height}H${start}z"/>`;
    const levels = brushes.countTicks(low, high, height / 28);
    const grid = levels.map(
      (level) =>
        line(left, yOf(level), left + plotWidth, yOf(level), 'grid') +
        text(left - 8, yOf(level) + 4, String(level), 'class="faint num" text-anchor="end"'),
    );
    const wanted = brushes.drawSteps({
      samples: data.samples.map((sample) => [sample[0], sample[3]] as const),
      window,
      yOf,
    });
    const floor = brushes.drawSteps({ samples: floorSamples, window, yOf });
    const limit = what === 'ok' && floor !== '' ? `<path class="limit curve dash" d="${floor}"/>` : '';
    return `${axis(top, top + height)}${grid.join('')}${area}<path class="wanted curve dash" d="${wanted}"/>${limit}<path class="curve ${what}" d="${path}"/>`;
  };
  const most = data.samples.reduce((max, sample) => Math.max(max, sample[1], sample[3]), 1);
  const fewest = data.samples.reduce((min, sample) => Math.min(min, sample[1]), most);
  const lowest = floorSamples.reduce((min, [, floor]) => Math.min(min, floor), fewest);
  // With zero at the bottom a few nodes of many could not be seen to be down.
  const low =
    lowest > most * 0.6 && most > 20
      ? Math.max(0, Math.floor(lowest - Math.max(2, (most - lowest) * 0.5)))
      : 0;
  const firstTop = rowsBottom + 56;
  const secondTop = firstTop + 90 + 38;
  const height = secondTop + 60 + 26;
  const cutAxis = low > 0 ? ` (axis from ${low})` : '';
  const aim = budget === undefined ? '' : `; dashed red: ${budget} down, the strategy's most`;
  const heading = (y: number, choices: readonly string[]): string => {
    const fits = choices.find((words) => words.length * 7.4 <= plotWidth) ?? choices.at(-1) ?? '';
    return text(left, y, fits, 'class="ink strong halo"');
  };
  const headings =
    heading(firstTop - 10, [
      `Available pods${cutAxis}; dashed grey: wanted${aim}`,
      `Available pods${cutAxis}${budget === undefined ? '' : `, ${budget} down at most`}`,
      `Available${cutAxis}`,
    ]) + heading(secondTop - 10, ['Nodes with a pod of the new revision', 'Updated nodes']);
  const markLines = placed.map(({ x, lane, isLeftward, shown, title }) => {
    const wordsY = lane * laneHeight + 12;
    const words =
      lane < 0
        ? ''
        : text(
            isLeftward ? x - 4 : x + 4,
            wordsY,
            shown,
            `class="marked" text-anchor="${isLeftward ? 'end' : 'start'}"`,
          );
    return `<g class="markers"><title>${escaped(title)}</title>${line(x, Math.max(0, lane) * laneHeight + 2, x, secondTop + 60, 'mark')}${words}</g>`;
  });
  const body = [
    axis(rowsTop, rowsBottom),
    brushes.drawRows({ tracks: data.tracks, rows, looks, window, top: rowsTop, escaped }),
    labels,
    thinWords,
    panel(firstTop, 90, 'ok', low, most, 1),
    panel(secondTop, 60, 'new', 0, most, 2),
    ...markLines,
    headings,
    axisWords(rowsBottom + 17),
    axisWords(secondTop + 60 + 17),
  ].join('');
  return { body, height, window, rowsTop, rowsBottom };
}
