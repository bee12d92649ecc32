/** The only place that real time comes from. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** The machine's clock, moved by `offsetMs`. */
export function systemClock(offsetMs = 0): Clock {
  return { now: () => Date.now() + offsetMs };
}

/** A clock that stands still until it is moved. */
export interface VirtualClock extends Clock {
  /** Moves to `time` (milliseconds since the epoch); never backwards. */
  advanceTo(time: number): void;
}

/** A virtual clock that starts at `start` (milliseconds since the epoch). */
export function virtualClock(start: number): VirtualClock {
  let time = start;
  return {
    now: () => time,
    advanceTo(next) {
      time = Math.max(time, next);
    },
  };
}
