/** What was measured of the server at one moment. */
export interface Sample {
  /** Seconds since the churn began. */
  readonly at: number;
  /** Memory of the process that the system keeps, in bytes. */
  readonly resident: number;
  readonly storeBytes: number;
  readonly walBytes: number;
  /** Writes that were answered so far. */
  readonly writes: number;
}

/** What a figure did in the second half of a run. */
export interface Trend {
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** Growth a minute, by least squares over the second half. */
  readonly perMinute: number;
  /** Whether a minute adds less than two parts in a hundred of what is there. */
  readonly levelledOff: boolean;
}

/** Judges one figure of a run. */
export function trendOf(samples: readonly Sample[], figure: (sample: Sample) => number): Trend {
  const half = samples.slice(Math.floor(samples.length / 2));
  const values = samples.map(figure);
  const last = values.at(-1) ?? 0;
  const perMinute = slope(half.map((sample) => [sample.at / 60, figure(sample)]));
  return {
    first: values[0] ?? 0,
    last,
    most: values.reduce((most, value) => Math.max(most, value), 0),
    perMinute,
    levelledOff: perMinute < 0.02 * Math.max(last, 1),
  };
}

/** The slope of the line through points that has the least squares of distances; 0 for fewer than two. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const count = points.length;
  if (count < 2) return 0;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}
