import type { NodeState, PlanReport, Segment } from '../../sim/plan-report.ts';
import { durationText } from '../../sim/wording.ts';
import { STATE_LOOKS } from './pictures/palette.ts';

/** How a frame is to look. */
export interface FrameLook {
  /** Columns of the terminal. */
  readonly width: number;
  /** Paints text in the colour of a state; gives it back as it is where there is no colour. */
  readonly paint: (state: NodeState, text: string) => string;
}

const widestBar = 60;
const narrowestBar = 10;

/**
 * One frame of the replay of a plan, `atMs` of virtual time after its start: one line, shorter than the terminal is wide.
 *
 * `1m20s/2m ▕██████▒·······▏ 9/10 available, 6 updated, 1 starting`
 */
export function playFrame(report: PlanReport, atMs: number, { width, paint }: FrameLook): string {
  const { timeline } = report;
  const end = durationText(timeline.endMs);
  const time = `${durationText(atMs).padStart(end.length)}/${end}`;
  const sample = timeline.availability.findLast((one) => one.atMs <= atMs) ?? timeline.availability[0];
  const counts = stateCounts(report, atMs);
  const busy = STATE_LOOKS.filter(
    ({ state }) => state !== 'ready' && state !== 'old' && (counts.get(state) ?? 0) > 0,
  ).reverse();
  const facts = [
    `${sample?.available ?? 0}/${sample?.desired ?? 0} available`,
    `${sample?.updated ?? 0} updated`,
    ...busy.map(({ state, word }) => `${counts.get(state) ?? 0} ${word}`),
  ];
  const room = width - 1;
  const barLength = (shown: readonly string[]): number => room - time.length - 4 - shown.join(', ').length;
  while (facts.length > 1 && barLength(facts) < narrowestBar) facts.pop();
  const length = Math.min(widestBar, barLength(facts));
  if (length < 4) return `${time} ${facts.join(', ')}`.slice(0, Math.max(0, room));
  return `${time} ▕${stateBar(counts, length, paint)}▏ ${facts.join(', ')}`;
}

/** How many nodes are in each state. A node with two pods counts as the new one stands, once that serves. */
export function stateCounts({ timeline }: PlanReport, atMs: number): ReadonlyMap<NodeState, number> {
  const counts = new Map<NodeState, number>();
  for (const { segments, surge = [] } of timeline.tracks) {
    const state = stateAt(surge, atMs) === 'ready' ? 'ready' : (stateAt(segments, atMs) ?? 'absent');
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}

const stateAt = (segments: readonly Segment[], atMs: number): NodeState | undefined =>
  segments.findLast(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)?.state;

/** The states by their shares, the best first; each that occurs has a column, as long as there are enough of them. */
function stateBar(
  counts: ReadonlyMap<NodeState, number>,
  length: number,
  paint: (state: NodeState, text: string) => string,
): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return ' '.repeat(length);
  const parts = STATE_LOOKS.flatMap(({ state, block }) => {
    const count = counts.get(state) ?? 0;
    return count === 0 ? [] : [{ state, block, columns: Math.max(1, Math.floor((count / total) * length)) }];
  });
  const spare = length - parts.reduce((sum, { columns }) => sum + columns, 0);
  // The largest gives and takes what rounding left over.
  const largest = parts.reduce((one, other) => (other.columns > one.columns ? other : one));
  largest.columns = Math.max(1, largest.columns + spare);
  return parts.map(({ state, block, columns }) => paint(state, block.repeat(columns))).join('');
}
