import type { Wait } from './controller.ts';

/** When a key comes next, and why it waits. */
export interface Due {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Absent for keys that do not wait for anything. */
  readonly wait: Wait | undefined;
  readonly key: string;
}

/**
 * Keys of work with their due times, as client-go's rate-limited queue keeps them.
 *
 * A key is in the queue at most once for now and once for later, and is never handed out while it is being worked
 * on: adding it meanwhile brings it back after `done`. Of several delays of one key the shortest counts, since the
 * work that it leads to asks again for what is left. All times are milliseconds.
 */
export interface WorkQueue {
  /** Adds a key, due now. */
  add(key: string, now: number): void;
  /** Adds a key, due `afterMs` later; without delay, as `add` does. */
  addAfter(key: string, now: number, afterMs: number, wait: Wait): void;
  /** Adds a key again after a failure: 5 ms at first, then twice as long each time, at most 1000 s. */
  addAfterFailure(key: string, now: number, because: string): void;
  /** Forgets the failures of a key. */
  forget(key: string): void;
  /**
   * Takes up to `max` due keys, in the order of their due times, then of their coming. Stops at the first key whose
   * order number is not below `beforeOrder`.
   */
  take(now: number, max: number, beforeOrder?: number): readonly string[];
  /** The work on a key has ended. */
  done(key: string, now: number): void;
  /** The next key to be handed out, due or not. */
  next(): Due | undefined;
  /** The order number of the next key: among equal due times, the smaller came first. */
  nextOrder(): number;
  /** Keys waiting, without those being worked on. */
  size(): number;
}

interface Entry {
  readonly key: string;
  readonly at: number;
  readonly order: number;
  readonly wait: Wait | undefined;
  /** Whether it is due and goes ahead of all that is not urgent. */
  readonly urgent: boolean;
  /** An entry that was replaced stays in the heap until it comes up. */
  live: boolean;
}

const firstDelayMs = 5;
const longestDelayMs = 1_000_000;

function before(a: Entry, b: Entry): boolean {
  if (a.urgent !== b.urgent) return a.urgent;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Adds to a binary heap whose smallest entry comes first. */
function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !before(entry, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = entry;
}

/** Removes the smallest entry of the heap. */
function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    let child = heap[below];
    if (child === undefined) break;
    const other = heap[below + 1];
    if (other !== undefined && before(other, child)) {
      below += 1;
      child = other;
    }
    if (!before(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
}

/** How a queue orders keys. */
export interface WorkQueueOptions {
  /**
   * Whether keys that were taken before go ahead of those that never were, however long these have waited. Absent or false: the
   * key that has waited longest.
   */
  readonly begunFirst?: boolean;
}

/** An empty queue. `nextNumber` numbers the entries; queues that share it can be compared by `nextOrder`. */
export function createWorkQueue(
  nextNumber: () => number,
  { begunFirst = false }: WorkQueueOptions = {},
): WorkQueue {
  const heap: Entry[] = [];
  const soon = new Map<string, Entry>();
  const later = new Map<string, Entry>();
  const working = new Set<string>();
  const addedMeanwhile = new Set<string>();
  const failures = new Map<string, number>();
  const begun = new Set<string>();

  /** Puts in a key that is due. */
  function putDue(key: string, now: number): void {
    put(soon, key, now, undefined, begun.has(key));
  }

  function put(
    into: Map<string, Entry>,
    key: string,
    at: number,
    wait: Wait | undefined,
    urgent = false,
  ): void {
    const known = into.get(key);
    if (known !== undefined) {
      if (known.at <= at) return;
      known.live = false;
    }
    const entry: Entry = { key, at, order: nextNumber(), wait, urgent, live: true };
    into.set(key, entry);
    push(heap, entry);
  }

  function drop(from: Map<string, Entry>, key: string): void {
    const entry = from.get(key);
    if (entry === undefined) return;
    entry.live = false;
    from.delete(key);
  }

  /** The first live entry that is not being worked on. */
  function head(): Entry | undefined {
    for (;;) {
      const entry = heap[0];
      if (entry === undefined || entry.live) return entry;
      pop(heap);
    }
  }

  const queue: WorkQueue = {
    add(key, now) {
      if (working.has(key)) addedMeanwhile.add(key);
      else putDue(key, now);
    },
    addAfter(key, now, afterMs, wait) {
      if (afterMs <= 0) queue.add(key, now);
      else put(later, key, now + afterMs, wait);
    },
    addAfterFailure(key, now, because) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      const delayMs = Math.min(firstDelayMs * 2 ** Math.min(count, 30), longestDelayMs);
      put(later, key, now + delayMs, { kind: 'retry', because });
    },
    forget(key) {
      // Most of the time nothing has failed, nor come in between: then there is nothing to look up.
      if (failures.size > 0) failures.delete(key);
    },
    take(now, max, beforeOrder = Number.POSITIVE_INFINITY) {
      const taken: string[] = [];
      while (taken.length < max) {
        const entry = head();
        if (entry === undefined || entry.at > now || entry.order >= beforeOrder) break;
        pop(heap);
        entry.live = false;
        if (soon.get(entry.key) === entry) soon.delete(entry.key);
        else later.delete(entry.key);
        if (working.has(entry.key)) {
          addedMeanwhile.add(entry.key);
          continue;
        }
        // Both entries of a key may have come due: the work is the same.
        drop(soon, entry.key);
        const other = later.size === 0 ? undefined : later.get(entry.key);
        if (other !== undefined && other.at <= now) drop(later, entry.key);
        working.add(entry.key);
        if (begunFirst) begun.add(entry.key);
        taken.push(entry.key);
      }
      return taken;
    },
    done(key, now) {
      working.delete(key);
      if (addedMeanwhile.size > 0 && addedMeanwhile.delete(key)) putDue(key, now);
    },
    next() {
      const entry = head();
      return entry === undefined ? undefined : { at: entry.at, wait: entry.wait, key: entry.key };
    },
    nextOrder: () => head()?.order ?? Number.POSITIVE_INFINITY,
    size: () => new Set([...soon.keys(), ...later.keys()]).size,
  };
  return queue;
}
