import type { PictureRow } from './node-rows.ts';
import type { StateLook } from './palette.ts';
import type { PictureTrack } from './picture-data.ts';

/** The part of a plot that shows time: pixels from `left`, milliseconds from `fromMs`. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly left: number;
  readonly width: number;
}

/** What `drawRows` draws. */
export interface RowsToDraw {
  readonly tracks: readonly PictureTrack[];
  readonly rows: readonly PictureRow[];
  readonly looks: readonly Pick<StateLook, 'state' | 'word' | 'texture'>[];
  readonly window: TimeWindow;
  /** Where the first row begins. */
  readonly top: number;
  readonly escaped: (text: string) => string;
}

/**
 * The rows of the timeline as SVG elements. Each row is cut into cells of half a pixel; a cell shows the worst state of any
 * of the row's nodes in its time, so that nothing bad is too short to be seen and the size depends on the picture, not on
 * the number of changes.
 *
 * It refers to nothing outside of itself: the page of `-o html` carries its source along.
 */
export function drawRows({ tracks, rows, looks, window, top, escaped }: RowsToDraw): string {
  const { fromMs, toMs, left, width } = window;
  const cellCount = Math.max(1, Math.round(width * 2));
  const scale = cellCount / Math.max(1, toMs - fromMs);
  const cells = new Int8Array(cellCount);
  const short = (value: number): string => String(Math.round(value * 10) / 10);

  const isRest = (state: number): boolean => looks[state]?.state === 'ready' || looks[state]?.state === 'old';
  const paint = (flat: readonly number[], leastCells = 1): void => {
    for (let at = 0; at + 2 < flat.length; at += 3) {
      const [start = 0, end = 0, state = 0] = flat.slice(at, at + 3);
      if (end <= fromMs || start >= toMs) continue;
      const first = Math.max(0, Math.floor((start - fromMs) * scale));
      const last = Math.min(
        cellCount,
        Math.max(first + (isRest(state) ? 1 : leastCells), Math.round((end - fromMs) * scale)),
      );
      for (let cell = first; cell < last; cell += 1) if (state > (cells[cell] ?? 0)) cells[cell] = state;
    }
  };
  const each = (use: (state: number, x: number, length: number) => void): void => {
    for (let cell = 0; cell < cellCount; ) {
      const state = cells[cell] ?? -1;
      let end = cell + 1;
      while (end < cellCount && cells[end] === state) end += 1;
      if (state >= 0) use(state, left + cell / 2, (end - cell) / 2);
      cell = end;
    }
  };
  const tallBars = (y: number, height: number): string => {
    let bars = '';
    each((state, x, length) => {
      const look = looks[state];
      if (look === undefined) return;
      const box = `x="${short(x)}" y="${short(y)}" width="${short(length)}" height="${short(height)}"`;
      bars += `<rect ${box} class="s-${look.state}"/>`;
      if (look.texture !== '') bars += `<rect ${box} fill="url(#x-${look.state})"/>`;
      if (height >= 12 && length >= look.word.length * 6.4 + 10) {
        const plate =
          look.texture === '' || look.state === 'absent'
            ? ''
            : `<rect x="${short(x + 3)}" y="${short(y + 1)}" width="${short(look.word.length * 6.2 + 6)}" height="${short(height - 2)}" class="s-${look.state}"/>`;
        const ink = look.state === 'absent' ? 'faint' : `t-${look.state}`;
        bars += `${plate}<text x="${short(x + 6)}" y="${short(y + height / 2 + 4)}" class="small ${ink}">${look.word}</text>`;
      }
    });
    return bars;
  };

  const thin = looks.map(() => '');
  let drawn = '';
  let y = top;
  for (const row of rows) {
    cells.fill(-1);
    const members = row.members.flatMap((index) => tracks[index] ?? []);
    if (row.height < 8) {
      for (const { main, surge = [] } of members) {
        // Two pixels, so that the way through a long rollout is seen as a line.
        paint(main, 4);
        paint(surge, 4);
      }
      each((state, x, length) => {
        thin[state] += `M${short(x)} ${short(y)}h${short(length)}v${row.height}h-${short(length)}z`;
      });
    } else {
      const [first] = members;
      const names = members.slice(0, 20).map(({ node }) => node);
      const more = members.length > names.length ? ` and ${members.length - names.length} more` : '';
      const bar = row.height - 4;
      const surge = first?.surge ?? [];
      paint(first?.main ?? []);
      const bars = tallBars(y + 2, surge.length === 0 ? bar : bar * 0.6);
      cells.fill(-1);
      paint(surge);
      const beside = surge.length === 0 ? '' : tallBars(y + 2 + bar * 0.6, bar * 0.4);
      drawn += `<g class="row"><title>${escaped(names.join(', ') + more)}</title>${bars}${beside}</g>`;
    }
    y += row.height;
  }
  const lines = thin.map((path, state) =>
    path === '' || looks[state]?.state === 'absent'
      ? ''
      : `<path class="s-${looks[state]?.state}" shape-rendering="crispEdges" d="${path}"/>`,
  );
  return drawn + lines.join('');
}
