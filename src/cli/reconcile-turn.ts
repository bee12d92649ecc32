import { pause } from '../runtime/pause.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import {
  alreadyReconciling,
  liveReconciler,
  ONCE_ANNOTATION,
  RENEW_MS,
  readLease,
  releaseLease,
  STORE_LEASE,
  takeLease,
} from './reconcile-lease.ts';
import { readClockOffset } from './store-clock.ts';

/** How often to look whether another run has ended, in milliseconds. */
const POLL_MS = 50;

/** The time in which one run works on the store alone: two that did so at once would both make the same pods. */
export interface Turn {
  /** The cluster's time when the turn began, in milliseconds: runs before it may have moved the store's clock. */
  readonly start: number;
  /**
   * To be called often, with the cluster's time, and before the store's clock is moved to that time: others take a
   * lease that was not renewed for one that was abandoned. Throws CommandError when somebody has taken it over.
   */
  renew(now: number): Promise<void>;
  /** Lets the next one begin. */
  end(): Promise<void>;
}

/**
 * Waits until no other `kdaemon reconcile` runs on the store, and begins a turn. Throws CommandError when somebody
 * works on the store who does not come to an end: `reconcile --watch`, or `serve`.
 */
export async function takeTurn(context: Context): Promise<Turn> {
  const client = await context.client();
  const store = await context.store();
  for (let told = false; ; ) {
    const start = context.clock.now() + (await readClockOffset(store));
    const holder = await takeLease(client, start, { once: true });
    if (holder === undefined) {
      let renewed = start;
      return {
        start,
        async renew(now) {
          if (now - renewed < RENEW_MS) return;
          renewed = now;
          const taken = await takeLease(client, now, { once: true });
          if (taken !== undefined)
            throw new CommandError(`${taken} has taken over the reconciling of this store`);
        },
        end: () => releaseLease(client),
      };
    }
    const lease = await readLease(client, STORE_LEASE);
    const comesToAnEnd = lease === undefined || lease.metadata.annotations?.[ONCE_ANNOTATION] !== undefined;
    if (!comesToAnEnd && (await liveReconciler(client, start)) !== undefined) {
      throw alreadyReconciling(holder);
    }
    if (!told && context.streams.errIsTerminal)
      context.streams.err(`Waiting for ${holder}, which is reconciling.\n`);
    told = true;
    await pause(POLL_MS);
  }
}
