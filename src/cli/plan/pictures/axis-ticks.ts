/**
 * Round moments of a window of time, about `count` of them, in milliseconds: multiples of 1, 2 or 5 ms, … of 1, 2, 5, 10, 15
 * or 30 seconds or minutes, of hours, of days. Refers to nothing outside of itself: the page carries it along.
 */
export function timeTicks(fromMs: number, toMs: number, count: number): readonly number[] {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const steps = [
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
    ...[1, 2, 5, 10, 15, 30].map((steps) => steps * second),
    ...[1, 2, 5, 10, 15, 30].map((steps) => steps * minute),
    ...[1, 2, 3, 6, 12, 24, 48, 96, 240, 480, 960].map((steps) => steps * hour),
  ];
  const wanted = Math.max(1, toMs - fromMs) / Math.max(1, count);
  const step = steps.find((one) => one >= wanted) ?? wanted;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) ticks.push(at);
  return ticks;
}

/** Round whole numbers from `low` to `high`, about `count` of them. Refers to nothing outside of itself. */
export function countTicks(low: number, high: number, count: number): readonly number[] {
  const wanted = Math.max(1, (high - low) / Math.max(1, count));
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= wanted) ?? wanted;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) ticks.push(at);
  return ticks;
}

/**
 * A moment to the last digit, unlike a duration for people: `0s`, `1m30s`, `1h33m30s`, `2.5s`. Refers to nothing outside of
 * itself.
 */
export function momentText(ms: number): string {
  const whole = Math.round(ms);
  const parts = [
    [Math.floor(whole / 3_600_000), 'h'],
    [Math.floor((whole % 3_600_000) / 60_000), 'm'],
    [(whole % 60_000) / 1000, 's'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return shown.length === 0 ? '0s' : shown.join('');
}
