import type { Client } from '../api/client.ts';
import { StatusError } from '../api/status.ts';
import type { Clock } from './clock.ts';
import type { Manager } from './manager.ts';

/** A run that goes on until it is told to stop. */
export interface UntilStoppedOptions {
  readonly manager: Manager;
  readonly client: Client;
  readonly clock: Clock;
  /** Ends the run: the running step is finished, then recorded events are written. */
  readonly signal: AbortSignal;
  /** How often the store is asked for changes of other processes, in milliseconds; default 200. */
  readonly pollMs?: number;
  /** Told after each step that handled something; a promise is waited for. */
  readonly onStep?: () => void | Promise<void>;
  /** Told each time there is nothing to do for now. */
  readonly onIdle?: () => void | Promise<void>;
  /** Told each time before it looks for changes while there is nothing to do, at least once a `pollMs`. */
  readonly onPoll?: () => void | Promise<void>;
  /** Told of refusals that kept a step from reading changes; the run goes on. */
  readonly onRefusal?: (error: StatusError) => void;
}

/**
 * Runs the manager in real time: steps while there is something due, else sleeps until the next due time, a change
 * in this process or one that polling finds. Throws what a step throws besides StatusError.
 */
export async function runUntilStopped(options: UntilStoppedOptions): Promise<void> {
  const { manager, client, clock, signal, pollMs = 200 } = options;
  let changed = false;
  let wake: () => void = () => {};
  const unsubscribe = client.onChange(() => {
    changed = true;
    wake();
  });
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);
  const sleep = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (changed || signal.aborted) wake();
    });

  try {
    while (!signal.aborted) {
      changed = false;
      const revision = await attempt(() => client.revision(), options.onRefusal);
      while (!signal.aborted && (await attempt(() => manager.step(), options.onRefusal)) === true) {
        await options.onStep?.();
      }
      if (signal.aborted) break;
      await options.onIdle?.();
      while (!signal.aborted && !changed) {
        const due = manager.nextDue();
        const untilDueMs = due === undefined ? pollMs : due.at - clock.now();
        if (untilDueMs <= 0) break;
        await sleep(Math.min(pollMs, untilDueMs));
        if (!signal.aborted) await options.onPoll?.();
        if ((await attempt(() => client.revision(), options.onRefusal)) !== revision) break;
      }
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', onAbort);
    await manager.flush();
  }
}

async function attempt<R>(
  work: () => Promise<R>,
  onRefusal: ((error: StatusError) => void) | undefined,
): Promise<R | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    onRefusal?.(error);
    return undefined;
  }
}
