import { eventExpiry } from '../controllers/event-expiry/expire-events.ts';
import type { Clock } from '../runtime/clock.ts';
import { runUntilStopped } from '../runtime/run-until-stopped.ts';
import { nextTurn } from '../runtime/timer.ts';
import type { Invocation } from './command.ts';
import { CommandError } from './errors.ts';
import { RENEW_MS, releaseLease, takeLease } from './reconcile-lease.ts';
import { lineReporter } from './reconcile-lines.ts';
import { compactHistory, openReconciler } from './reconcile-parts.ts';
import { stopSignal } from './stop-signal.ts';

/**
 * `kdaemon reconcile --watch`: holds the lease and works in real time until SIGINT or SIGTERM; a line for each thing
 * done. `start` is the cluster's time to begin with, in milliseconds since the epoch. Throws CommandError when somebody
 * else holds the lease, or takes it over.
 */
export async function reconcileUntilStopped({ flags, context }: Invocation, start: number): Promise<void> {
  const origin = start - context.clock.now();
  const clock: Clock = { now: () => context.clock.now() + origin };
  const { onSync, onWrite } = lineReporter(context.streams, flags.string('output') === 'json');
  const { manager, client } = await openReconciler(context, clock, {
    onSync,
    onWrite,
    quarantine: false,
    // Pods that never come to rest must not keep others from their turn.
    finishFirst: false,
  });
  const other = await takeLease(client, clock.now());
  if (other !== undefined) throw new CommandError(`${other} is reconciling this store already`);
  const stop = stopSignal();
  if (context.streams.errIsTerminal) context.streams.err('Reconciling; ^C ends it.\n');
  const expire = eventExpiry(client, clock, stop.signal);
  let renewed = clock.now();
  const renew = async (): Promise<void> => {
    if (clock.now() - renewed < RENEW_MS) return;
    renewed = clock.now();
    await compactHistory(await context.store());
    await expire();
    const taken = await takeLease(client, renewed);
    if (taken !== undefined) throw new CommandError(`${taken} has taken over the reconciling of this store`);
  };
  try {
    const onStep = async (): Promise<void> => {
      await renew();
      // Commits are synchronous underneath: without a turn of the event loop a signal would wait for the work's end.
      await nextTurn();
    };
    await runUntilStopped({ manager, client, clock, signal: stop.signal, onStep, onPoll: renew });
  } finally {
    stop.forget();
    await releaseLease(client);
  }
}
