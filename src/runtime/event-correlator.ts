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

  remember(key: string, value: V, isNew: boolean): void {
    if (!isNew) this.#entries.delete(key);
    this.#entries.set(key, value);
  }
}

/** Different messages of one kind of event about one object, and when the last one came. */
interface Similar {
  readonly messages: string[];
  last: number;
}

/** How many events a source may still record about an object, as of `at`. */
interface Allowance {
  left: number;
  at: number;
}

/** The time of events: whole seconds. Thousands of them come at the same time. */
function createTimeTexts(): (now: number) => string {
  let second = Number.NaN;
  let text = '';
  return (now) => {
    const wanted = Math.floor(now / 1000);
    if (wanted !== second) {
      second = wanted;
      text = new Date(second * 1000).toISOString().replace('.000Z', 'Z');
    }
    return text;
  };
}

/** Names an object, and who speaks about it, in a few characters: a UID says all there is. */
function aboutKeyOf({ about: { apiVersion, kind, metadata }, source }: Happening): string {
  const { namespace = '', name = '', uid } = metadata;
  return uid === undefined ? `${source}\n${apiVersion}\n${kind}\n${namespace}\n${name}` : `${source}\n${uid}`;
}

type Reference = Event['involvedObject'];

function referenceTo({ apiVersion, kind, metadata }: KubeObject): Reference {
  const { namespace, name = '', uid, resourceVersion } = metadata;
  const reference: { -readonly [field in keyof Reference]: Reference[field] } = { apiVersion, kind };
  if (namespace !== undefined) reference.namespace = namespace;
  reference.name = name;
  if (uid !== undefined) reference.uid = uid;
  if (resourceVersion !== undefined) reference.resourceVersion = resourceVersion;
  return reference;
}

/**
 * client-go's event correlation, in its order: similar events are folded, equal ones are counted, and a source that
 * says too much about one object is cut off. `uniqueSuffix` makes the hexadecimal end of an event's name.
 */
export function createEventCorrelator(
  uniqueSuffix: (now: number) => string,
): (happening: Happening) => CorrelatedEvent | undefined {
  const similar = new Memory<Similar>();
  const written = new Memory<Event>();
  const allowances = new Memory<Allowance>();
  const timeText = createTimeTexts();
  /** Shared by all events of a source, so that those of one make are easily found to be alike. */
  const sources = new Map<string, { readonly component: string }>();

  function sourceOf(component: string): { readonly component: string } {
    const source = sources.get(component) ?? Object.freeze({ component });
    sources.set(component, source);
    return source;
  }

  function fold(key: string, message: string, now: number): boolean {
    const known = similar.get(key);
    const isOver = known === undefined || now - known.last > foldWindowMs;
    const record = isOver ? { messages: [], last: now } : known;
    const { messages } = record;
    if (!messages.includes(message)) messages.push(message);
    record.last = now;
    similar.remember(key, record, known === undefined);
    if (messages.length < foldFrom) return false;
    messages.shift();
    return true;
  }

  function mayPass(key: string, now: number): boolean {
    const known = allowances.get(key);
    const allowance = known ?? { left: burst, at: now };
    const left = Math.min(burst, allowance.left + (now - allowance.at) / refillMs);
    const passes = left >= 1;
    allowance.left = passes ? left - 1 : left;
    allowance.at = now;
    allowances.remember(key, allowance, known === undefined);
    return passes;
  }

  return (happening) => {
    const { about, type, reason, message, source, now } = happening;
    const { namespace, name = '' } = about.metadata;
    const aboutKey = aboutKeyOf(happening);
    const kindOfEvent = `${aboutKey}\n${type}\n${reason}`;
    const folded = fold(kindOfEvent, message, now);
    const key = folded ? kindOfEvent : `${kindOfEvent}\n${message}`;
    const known = written.get(key);
    const time = timeText(now);
    const event: Event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: known?.metadata.name ?? `${name}.${uniqueSuffix(now)}`,
        namespace: namespace === undefined || namespace === '' ? 'default' : namespace,
      },
      involvedObject: referenceTo(about),
      reason,
      message: folded ? `${foldedPrefix}${message}` : message,
      source: sourceOf(source),
      firstTimestamp: known?.firstTimestamp ?? time,
      lastTimestamp: time,
      count: (known?.count ?? 0) + 1,
      type,
      eventTime: null,
      reportingComponent: source,
      reportingInstance: '',
    };
    written.remember(key, event, known === undefined);
    return mayPass(aboutKey, now) ? { event, isNew: known === undefined } : undefined;
  };
}
