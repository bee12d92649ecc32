import type { VirtualClock } from './clock.ts';
import type { Wait } from './controller.ts';
import type { Manager, NextDue } from './manager.ts';

/** A wait that virtual time jumped over. */
export interface Jump {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly wait: Wait;
  readonly controller: string;
}

/** Bounds of a run, and who wants to hear of it. */
export interface FixedPointOptions {
  readonly manager: Manager;
  readonly clock: VirtualClock;
  /** How far virtual time may go, in milliseconds; default 24 hours. */
  readonly maxVirtualMs?: number;
  /** How many waits may be jumped over; default 10,000. */
  readonly maxJumps?: number;
  /**
   * How much time may go by in waits for a retry (back-off of failed pods, of crashing containers, of refused
   * writes), in milliseconds; default 5 minutes. Such waits may go on for ever: the run gives up and says so.
   */
  readonly maxRetryMs?: number;
  /** Whether a wait may be jumped over; where not, the run ends. Absent: every wait. */
  readonly mayJump?: (wait: Wait) => boolean;
  /** Told before each jump. */
  readonly onJump?: (jump: Jump) => void;
  /** Told after each step; a promise is waited for. */
  readonly onStep?: () => void | Promise<void>;
  /** Ends the run after the running step. */
  readonly signal?: AbortSignal;
}

/** How a run ended. */
export interface FixedPoint {
  /** Nothing is due, now or later. Otherwise the run ended at a bound, or was stopped. */
  readonly settled: boolean;
  /** What would have come next, when the run ended at a bound. */
  readonly stillWaiting: readonly NextDue[];
  readonly jumps: readonly Jump[];
  /** Steps that handled something. */
  readonly steps: number;
}

const dayMs = 24 * 3600 * 1000;

/**
 * Runs the manager until nothing is due any more. Where only time is missing, the clock jumps to the next due time;
 * each jump is recorded with the reason of the wait.
 */
export async function runToFixedPoint(options: FixedPointOptions): Promise<FixedPoint> {
  const { manager, clock, maxVirtualMs = dayMs, maxJumps = 10_000, maxRetryMs = 300_000, signal } = options;
  const limit = clock.now() + maxVirtualMs;
  const jumps: Jump[] = [];
  let retryMs = 0;
  let steps = 0;
  for (;;) {
    while (!stopped(signal) && (await manager.step())) {
      steps += 1;
      await options.onStep?.();
    }
    const next = manager.nextDue();
    if (stopped(signal)) {
      await manager.flush();
      return { settled: false, stillWaiting: next === undefined ? [] : [next], jumps, steps };
    }
    if (next === undefined) return { settled: true, stillWaiting: [], jumps, steps };
    const wait: Wait = next.wait ?? { kind: 'machinery', because: next.key };
    const spent = wait.kind === 'retry' ? retryMs + Math.max(0, next.at - clock.now()) : 0;
    const isRefused = options.mayJump?.(wait) === false;
    if (isRefused || jumps.length >= maxJumps || next.at > limit || spent > maxRetryMs) {
      return { settled: false, stillWaiting: [next], jumps, steps };
    }
    retryMs = Math.max(retryMs, spent);
    const jump: Jump = {
      from: clock.now(),
      to: Math.max(next.at, clock.now()),
      wait,
      controller: next.controller,
    };
    jumps.push(jump);
    options.onJump?.(jump);
    clock.advanceTo(jump.to);
  }
}

function stopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
