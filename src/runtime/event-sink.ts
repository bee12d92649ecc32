import type { Client, WriteRequest } from '../api/client.ts';
import { EVENT } from '../api/well-known.ts';
import type { Clock } from './clock.ts';
import { type CorrelatedEvent, createEventCorrelator } from './event-correlator.ts';
import type { Random } from './random.ts';
import type { EventRecorder } from './recorder.ts';

/** Collects the events of all components and writes them in batches. */
export interface EventSink {
  /** A recorder whose events come from this component. */
  recorder(source: string): EventRecorder;
  /** Events waiting to be written. */
  pending(): number;
  /**
   * Writes what waits, in one batch. An event that the API refuses is lost, as upstream's are: events are a best
   * effort, and nothing depends on them. When the client throws, the events wait for the next flush.
   */
  flush(): Promise<void>;
}

/** An event sink over a client. */
export function createEventSink(client: Client, clock: Clock, random: Random): EventSink {
  /** client-go ends the name with the time in nanoseconds; equal times must not give equal names. */
  const start = BigInt(random.int(1_000_000));
  let used = 0n;
  const correlate = createEventCorrelator((now) => {
    const nanoseconds = BigInt(Math.floor(now)) * 1_000_000n + start;
    used = nanoseconds > used ? nanoseconds : used + 1n;
    return used.toString(16);
  });
  /** By namespace and name; the newest state of each. */
  const waiting = new Map<string, CorrelatedEvent>();

  function request({ event, isNew }: CorrelatedEvent): WriteRequest {
    const namespace = event.metadata.namespace ?? '';
    if (isNew) return { verb: 'create', kind: EVENT, namespace, object: event };
    const { message = '', count = 1, lastTimestamp = null } = event;
    return {
      verb: 'patch',
      kind: EVENT,
      key: { namespace, name: event.metadata.name ?? '' },
      patchType: 'merge',
      patch: { message, count, lastTimestamp },
    };
  }

  return {
    recorder: (source) => ({
      event(about, type, reason, message) {
        const correlated = correlate({ about, type, reason, message, source, now: clock.now() });
        if (correlated === undefined) return;
        const { namespace, name } = correlated.event.metadata;
        const key = `${namespace}/${name}`;
        const isWrittenAnew = !correlated.isNew && waiting.get(key)?.isNew === true;
        waiting.set(key, isWrittenAnew ? { event: correlated.event, isNew: true } : correlated);
      },
    }),
    pending: () => waiting.size,
    async flush() {
      if (waiting.size === 0) return;
      const batch = [...waiting.values()];
      const outcomes = await client.commit(batch.map(request));
      waiting.clear();
      const expired = batch.filter((_, index) => {
        const outcome = outcomes[index];
        return outcome?.ok === false && outcome.error.reason === 'NotFound';
      });
      const again = expired.filter(({ isNew }) => !isNew).map(({ event }) => request({ event, isNew: true }));
      if (again.length > 0) await client.commit(again);
    },
  };
}
