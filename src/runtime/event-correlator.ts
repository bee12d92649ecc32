import type { Event } from '../api/core.ts';
import type { KubeObject } from '../api/meta.ts';
import { BoundedMap } from './bounded-map.ts';

/** An event to be written: new, or known under this name and to be changed. */
export interface CorrelatedEvent {
  readonly event: Event;
  /** False when an event of this name was written (or handed out) before. */
  readonly isNew: boolean;
}

/** What happened to an object, before correlation. */
export interface Happening {
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The component that says so. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Different messages of one kind of event about one object, in a row, from which on they are folded into one. */
const foldFrom = 10;
/** A gap after which folding starts anew. */
const foldWindowMs = 600_000;
/** Events that one source may record about one object at once, and the time after which it may record one more. */
const burst = 25;
const refillMs = 300_000;
/** How many keys each memory keeps. */
const memorySize = 4096;
const foldedPrefix = '(combined from similar events): ';

/** A memory that forgets what was not remembered for longest. */
class Memory<V> {
  readonly #entries = new BoundedMap<string, V>(memorySize);

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  remember(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
  }
}

/**
 * client-go's event correlation, in its order: similar events are folded, equal ones are counted, and a source that
 * says too much about one object is cut off. `uniqueSuffix` makes the hexadecimal end of an event's name.
 */
export function createEventCorrelator(
  uniqueSuffix: (now: number) => string,
): (happening: Happening) => CorrelatedEvent | undefined {
  const similar = new Memory<{ readonly messages: Set<string>; last: number }>();
  const written = new Memory<Event>();
  const tokens = new Memory<{ left: number; at: number }>();

  function fold(key: string, message: string, now: number): boolean {
    const known = similar.get(key);
    const record =
      known === undefined || now - known.last > foldWindowMs
        ? { messages: new Set<string>(), last: now }
        : known;
    record.messages.add(message);
    record.last = now;
    similar.remember(key, record);
    if (record.messages.size < foldFrom) return false;
    const [any] = record.messages;
    if (any !== undefined) record.messages.delete(any);
    return true;
  }

  function mayPass(key: string, now: number): boolean {
    const bucket = tokens.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, bucket.left + (now - bucket.at) / refillMs);
    const passes = left >= 1;
    tokens.remember(key, { left: passes ? left - 1 : left, at: now });
    return passes;
  }

  return ({ about, type, reason, message, source, now }) => {
    const { namespace, name = '', uid, resourceVersion } = about.metadata;
    const aboutKey = [source, about.apiVersion, about.kind, namespace, name, uid].join('\n');
    const kindOfEvent = [aboutKey, type, reason].join('\n');
    const folded = fold(kindOfEvent, message, now);
    const key = folded ? kindOfEvent : `${kindOfEvent}\n${message}`;
    const known = written.get(key);
    const time = new Date(Math.floor(now / 1000) * 1000).toISOString().replace('.000Z', 'Z');
    const event: Event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: known?.metadata.name ?? `${name}.${uniqueSuffix(now)}`,
        namespace: namespace === undefined || namespace === '' ? 'default' : namespace,
      },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        ...(namespace === undefined ? {} : { namespace }),
        name,
        ...(uid === undefined ? {} : { uid }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      reason,
      message: folded ? `${foldedPrefix}${message}` : message,
      source: { component: source },
      firstTimestamp: known?.firstTimestamp ?? time,
      lastTimestamp: time,
      count: (known?.count ?? 0) + 1,
      type,
      eventTime: null,
      reportingComponent: source,
      reportingInstance: '',
    };
    written.remember(key, event);
    return mayPass(aboutKey, now) ? { event, isNew: known === undefined } : undefined;
  };
}
