import type { Brushes, drawPicture, Picture } from './draw-picture.ts';
import type { PictureRow } from './node-rows.ts';
import type { PageEvent, PageWindow } from './page-dom.ts';
import type { StateLook } from './palette.ts';
import type { FlatSegments, PictureData } from './picture-data.ts';

/** What the page carries along besides its code. */
export interface PageContents {
  readonly data: PictureData;
  readonly looks: readonly Pick<StateLook, 'state' | 'word' | 'texture'>[];
}

/**
 * The life of the page: draws the picture at the width there is, moves the cursor through time, filters nodes and zooms.
 * Like all that it is handed it refers to nothing outside of itself, because it runs in a browser.
 */
export function runPage(
  window: PageWindow,
  { data, looks }: PageContents,
  draw: typeof drawPicture,
  brushes: Brushes,
): void {
  const part = (id: string) => {
    const element = window.document.getElementById(id);
    if (element === null) throw new Error(`the page has no ${id}`);
    return element;
  };
  const picture = part('picture');
  const slider = part('cursor');
  const filter = part('filter');
  const end = Math.max(1, data.shownMs);
  const mostMatches = 100;
  let fromMs = 0;
  let toMs = end;
  let cursorMs = 0;
  let rows: readonly PictureRow[] = data.rows;
  let drawn: Picture | undefined;

  /** Moments at which something changes, in order. */
  const moments = [
    ...new Set([
      0,
      ...data.samples.map(([atMs]) => atMs),
      ...data.tracks.flatMap(({ main, surge = [] }) => [...main, ...surge].filter((_, at) => at % 3 === 0)),
      data.endMs,
    ]),
  ]
    .filter((atMs) => atMs <= data.endMs)
    .sort((a, b) => a - b);

  const stateAt = (flat: FlatSegments, ms: number): number => {
    for (let at = 0; at + 2 < flat.length; at += 3)
      if ((flat[at] ?? 0) <= ms && ms < (flat[at + 1] ?? 0)) return flat[at + 2] ?? -1;
    return -1;
  };
  const word = (state: number): string => looks[state]?.word ?? 'no pod';
  const serves = (state: number): boolean => looks[state]?.state === 'ready' || looks[state]?.state === 'old';
  const count = (states: readonly number[]): string =>
    looks
      .map((look, state) => ({ look, state, many: states.filter((one) => one === state).length }))
      .filter(({ many }) => many > 0)
      .map(
        ({ look, many }) =>
          `<li data-state="${look.state}"><svg class="swatch" width="16" height="12" aria-hidden="true"><rect width="16" height="12" class="s-${look.state}"/>${look.texture === '' ? '' : `<rect width="16" height="12" fill="url(#x-${look.state})"/>`}</svg><b>${many}</b> ${look.word}</li>`,
      )
      .join('');

  const placeCursor = (): void => {
    if (drawn === undefined) return;
    const { window: plot, height } = drawn;
    const x = plot.left + ((cursorMs - fromMs) / Math.max(1, toMs - fromMs)) * plot.width;
    const isSeen = cursorMs >= fromMs && cursorMs <= toMs;
    const line = part('cursor-line');
    line.setAttribute('visibility', isSeen ? 'visible' : 'hidden');
    for (const end of ['x1', 'x2']) line.setAttribute(end, String(Math.round(x * 10) / 10));
    line.setAttribute('y2', String(height - 20));
  };

  const moveTo = (ms: number): void => {
    cursorMs = Math.min(Math.max(0, Math.round(ms)), data.endMs);
    const sample = data.samples.findLast(([atMs]) => atMs <= cursorMs) ?? data.samples[0];
    const [, available = 0, updated = 0, desired = 0] = sample ?? [];
    const states = data.tracks.map(({ main }) => Math.max(-1, stateAt(main, cursorMs)));
    const beside = data.tracks.map(({ surge = [] }) => stateAt(surge, cursorMs));
    const down = data.tracks.filter((_, at) => !serves(states[at] ?? -1) && !serves(beside[at] ?? -1));
    const time = brushes.momentText(cursorMs);
    const summary = `${available} of ${desired} available, ${updated} updated`;
    slider.value = String(cursorMs);
    slider.setAttribute('aria-valuetext', `${time}: ${summary}`);
    part('time').textContent = time;
    part('summary').textContent = summary;
    part('states').innerHTML = count(states);
    const surgePods = count(beside);
    part('beside').innerHTML =
      surgePods === '' ? '' : `<li class="lead">Beside the old pod:</li>${surgePods}`;
    // The controller counts out nodes that it would give no pod now, such as those that are not ready.
    const unwanted = down.length - (desired - available);
    const uncounted = unwanted > 0 ? `, ${unwanted} of them on nodes that count as wanting none` : '';
    const shown = down.slice(0, 12).map(({ node }) => node);
    part('down').textContent =
      down.length === 0
        ? 'Every node has an available pod.'
        : `Without an available pod (${down.length}${uncounted}): ${shown.join(', ')}${down.length > shown.length ? ` and ${down.length - shown.length} more` : ''}`;
    placeCursor();
  };

  const render = (): void => {
    drawn = draw(data, { width: Math.max(280, picture.clientWidth), fromMs, toMs, rows, looks }, brushes);
    const { height, window: plot } = drawn;
    const width = plot.left + plot.width + 14;
    const svg = part('plot');
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('width', String(width));
    svg.setAttribute('height', String(height));
    part('drawing').innerHTML = drawn.body;
    const isWhole = fromMs === 0 && toMs === end;
    part('zoomed').textContent = isWhole
      ? 'whole rollout'
      : `${brushes.momentText(fromMs)} to ${brushes.momentText(toMs)}`;
    placeCursor();
  };

  const zoom = (factor: number): void => {
    const length = Math.min(end, Math.max(Math.min(end, 500), (toMs - fromMs) * factor));
    fromMs = Math.min(Math.max(0, cursorMs - length / 2), end - length);
    toMs = fromMs + length;
    render();
  };

  /** To the next moment (1) or the one before (-1) at which something changes; in view afterwards. */
  const step = (direction: 1 | -1): void => {
    const next =
      direction === 1 ? moments.find((atMs) => atMs > cursorMs) : moments.findLast((atMs) => atMs < cursorMs);
    moveTo(next ?? cursorMs);
    if (cursorMs < fromMs || cursorMs > toMs) zoom(1);
  };

  const onKey = (event: PageEvent): void => {
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      Home: () => moveTo(0),
      End: () => moveTo(data.endMs),
      '+': () => zoom(1 / 2),
      '-': () => zoom(2),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  const onPointer = (event: PageEvent): void => {
    if (drawn === undefined) return;
    const box = part('plot').getBoundingClientRect();
    const { window: plot, rowsTop, rowsBottom } = drawn;
    const x = event.clientX - box.left - plot.left;
    if (x < 0 || x > plot.width) return;
    moveTo(fromMs + (x / plot.width) * (toMs - fromMs));
    let y = event.clientY - box.top - rowsTop;
    if (y < 0 || y > rowsBottom - rowsTop) return;
    const row = rows.find(({ height }) => {
      y -= height;
      return y < 0;
    });
    const members = (row?.members ?? []).flatMap((at) => data.tracks[at] ?? []);
    part('under').textContent = members
      .slice(0, 5)
      .map(({ node, main, surge = [] }) => {
        const second = stateAt(surge, cursorMs);
        return `${node}: ${word(stateAt(main, cursorMs))}${second < 0 ? '' : `, beside it ${word(second)}`}`;
      })
      .concat(members.length > 5 ? [`and ${members.length - 5} more`] : [])
      .join('; ');
  };

  const onFilter = (): void => {
    const wanted = filter.value.trim().toLowerCase();
    const places = data.tracks.flatMap(({ node }, at) => (node.toLowerCase().includes(wanted) ? [at] : []));
    rows =
      wanted === ''
        ? data.rows
        : places.slice(0, mostMatches).map((at) => {
            const track = data.tracks[at];
            return { label: track?.node ?? '', members: [at], height: track?.surge === undefined ? 20 : 28 };
          });
    const all = data.tracks.length;
    const some = places.length > mostMatches ? `, the first ${mostMatches} shown` : '';
    part('matches').textContent = wanted === '' ? `${all} nodes` : `${places.length} of ${all} nodes${some}`;
    render();
  };

  picture.addEventListener('keydown', onKey);
  slider.addEventListener('keydown', onKey);
  slider.addEventListener('input', () => moveTo(Number(slider.value)));
  picture.addEventListener('pointermove', onPointer);
  picture.addEventListener('pointerdown', onPointer);
  filter.addEventListener('input', onFilter);
  part('zoom-in').addEventListener('click', () => zoom(1 / 2));
  part('zoom-out').addEventListener('click', () => zoom(2));
  part('zoom-all').addEventListener('click', () => zoom(Number.POSITIVE_INFINITY));
  window.addEventListener('resize', render);
  onFilter();
  moveTo(0);
}
