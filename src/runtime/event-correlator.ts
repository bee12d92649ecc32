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

/** Names an object: a UID says all there is, and its text is at hand. */
function aboutKeyOf({ apiVersion, kind, metadata }: KubeObject): string {
  const { namespace = '', name = '', uid } = metadata;
  return uid ?? `${apiVersion}\n${kind}\n${namespace}\n${name}`;
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): Event['involvedObject'] {
  const { namespace, name = '', uid, resourceVersion } = metadata;
  if (namespace !== undefined && uid !== undefined && resourceVersion !== undefined) {
    return { apiVersion, kind, namespace, name, uid, resourceVersion };
  }
  return {
    apiVersion,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

/** What is remembered of the events of one source. In a real cluster each component remembers its own. */
class Speaker {
  /** Shared by all events of the source, so that those of one make are easily found to be alike. */
  readonly source: { readonly component: string };
  readonly written = new Memory<Event>();
  readonly #similar = new Memory<Similar>();
  readonly #allowances = new Memory<Allowance>();

  constructor(component: string) {
    this.source = Object.freeze({ component });
  }

  /** Whether an event is one more of many that differ in their messages alone. `key` is everything but the message. */
  folds(key: string, message: string, now: number): boolean {
    const known = this.#similar.get(key);
    const isOver = known === undefined || now - known.last > foldWindowMs;
    const record = isOver ? { messages: [], last: now } : known;
    const { messages } = record;
    if (!messages.includes(message)) messages.push(message);
    record.last = now;
    this.#similar.remember(key, record, known === undefined);
    if (messages.length < foldFrom) return false;
    messages.shift();
    return true;
  }

  /** Whether one more event about an object may be written. */
  mayTell(aboutKey: string, now: number): boolean {
    const known = this.#allowances.get(aboutKey);
    const allowance = known ?? { left: burst, at: now };
    const left = Math.min(burst, allowance.left + (now - allowance.at) / refillMs);
    const passes = left >= 1;
    allowance.left = passes ? left - 1 : left;
    allowance.at = now;
    this.#allowances.remember(aboutKey, allowance, known === undefined);
    return passes;
  }
}

/**
 * client-go's event correlation, in its order: similar events are folded, equal ones are counted, and a source that
 * says too much about one object is cut off. `uniqueSuffix` makes the hexadecimal end of an event's name.
 */
export function createEventCorrelator(
  uniqueSuffix: (now: number) => string,
): (happening: Happening) => CorrelatedEvent | undefined {
  const speakers = new Map<string, Speaker>();
  const timeText = createTimeTexts();

  function speakerOf(source: string): Speaker {
    let speaker = speakers.get(source);
    if (speaker === undefined) {
      speaker = new Speaker(source);
      speakers.set(source, speaker);
    }
    return speaker;
  }

  return ({ about, type, reason, message, source, now }) => {
    const { namespace, name = '' } = about.metadata;
    const speaker = speakerOf(source);
    const aboutKey = aboutKeyOf(about);
    const kindOfEvent = `${aboutKey}\n${type}\n${reason}`;
    const isFolded = speaker.folds(kindOfEvent, message, now);
    const key = isFolded ? kindOfEvent : `${kindOfEvent}\n${message}`;
    const known = speaker.written.get(key);
    const isNew = known === undefined;
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
      message: isFolded ? `${foldedPrefix}${message}` : message,
      source: speaker.source,
      firstTimestamp: known?.firstTimestamp ?? time,
      lastTimestamp: time,
      count: (known?.count ?? 0) + 1,
      type,
      eventTime: null,
      reportingComponent: source,
      reportingInstance: '',
    };
    speaker.written.remember(key, event, isNew);
    return speaker.mayTell(aboutKey, now) ? { event, isNew } : undefined;
  };
}
