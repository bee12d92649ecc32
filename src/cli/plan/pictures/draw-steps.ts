import type { TimeWindow } from './draw-rows.ts';

/** A value that changes at moments, and where it is drawn. */
export interface StepsToDraw {
  /** `[atMs, value]`, in the order of time; the last value lasts. */
  readonly samples: readonly (readonly [number, number])[];
  readonly window: TimeWindow;
  /** The pixel row of a value. */
  readonly yOf: (value: number) => number;
}

/**
 * The path data of a step line: at most one step in half a pixel, of several values there the lowest, so that no dip is
 * lost. Like `drawRows` it refers to nothing outside of itself.
 */
export function drawSteps({ samples, window, yOf }: StepsToDraw): string {
  const { fromMs, toMs, left, width } = window;
  const cellCount = Math.max(1, Math.round(width * 2));
  const scale = cellCount / Math.max(1, toMs - fromMs);
  const cells = new Float64Array(cellCount).fill(Number.NaN);
  for (const [index, [start, value]] of samples.entries()) {
    const end = samples[index + 1]?.[0] ?? toMs;
    if (end <= fromMs || start >= toMs) continue;
    const first = Math.max(0, Math.floor((start - fromMs) * scale));
    const last = Math.min(cellCount, Math.max(first + 1, Math.round((end - fromMs) * scale)));
    for (let cell = first; cell < last; cell += 1) {
      const there = cells[cell] ?? Number.NaN;
      cells[cell] = Number.isNaN(there) ? value : Math.min(there, value);
    }
  }
  const short = (value: number): string => String(Math.round(value * 10) / 10);
  let path = '';
  let before = Number.NaN;
  for (const [cell, value] of cells.entries()) {
    if (Number.isNaN(value) || value === before) continue;
    const x = short(left + cell / 2);
    path += path === '' ? `M${x} ${short(yOf(value))}` : `H${x}V${short(yOf(value))}`;
    before = value;
  }
  return path === '' ? '' : `${path}H${short(left + width)}`;
}
