import type { WriteOutcome, WriteRequest } from '../api/client.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { SyncRecord } from '../controllers/daemonset/sync-record.ts';
import type { Clock } from '../runtime/clock.ts';
import { runUntilStopped } from '../runtime/run-until-stopped.ts';
import { nextTurn } from '../runtime/timer.ts';
import type { Invocation } from './command.ts';
import { CommandError } from './errors.ts';
import { RENEW_MS, releaseLease, takeLease } from './reconcile-lease.ts';
import { compactHistory, openReconciler } from './reconcile-parts.ts';
import { goneText, stepText } from './reconcile-text.ts';
import { stopSignal } from './stop-signal.ts';

const keyOf = ({ metadata: { namespace = '', name = '' } }: KubeObject): ObjectKey => ({ namespace, name });

/**
 * `kdaemon reconcile --watch`: holds the lease and works in real time until SIGINT or SIGTERM; a line for each thing
 * done. `start` is the cluster's time to begin with, in milliseconds since the epoch. Throws CommandError when somebody
 * else holds the lease, or takes it over.
 */
export async function reconcileUntilStopped({ flags, context }: Invocation, start: number): Promise<void> {
  const origin = start - context.clock.now();
  const clock: Clock = { now: () => context.clock.now() + origin };
  const json = flags.string('output') === 'json';
  const onSync = (record: SyncRecord): void => {
    for (const step of record.steps) {
      context.streams.out(
        json
          ? `${JSON.stringify({ daemonSet: keyOf(record.daemonSet), ...step })}\n`
          : stepText(record.daemonSet, step),
      );
    }
  };
  const onWrite = (request: WriteRequest, outcome: WriteOutcome): void => {
    if (!outcome.ok || outcome.did !== 'deleted' || request.kind.kind === 'Event') return;
    const { object } = outcome;
    const { namespace = '', name = '' } = object.metadata;
    context.streams.out(
      json
        ? `${JSON.stringify({ do: 'gone', kind: object.kind, object: { namespace, name } })}\n`
        : goneText(object),
    );
  };
  const { manager, client } = await openReconciler(context, clock, {
    onSync,
    onWrite,
    quarantine: false,
  });
  const other = await takeLease(client, clock.now());
  if (other !== undefined) throw new CommandError(`${other} is reconciling this store already`);
  const stop = stopSignal();
  if (context.streams.errIsTerminal) context.streams.err('Reconciling; ^C ends it.\n');
  let renewed = clock.now();
  const renew = async (): Promise<void> => {
    if (clock.now() - renewed < RENEW_MS) return;
    renewed = clock.now();
    await compactHistory(await context.store());
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
