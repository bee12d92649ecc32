import { compareKeys, type KeySpan } from './key-order.ts';

/** A chunk this long is cut in two; chunks keep an insertion from moving all the keys behind it. */
const CHUNK_LIMIT = 512;

/** A set of keys that can be walked in ascending order: a list of short sorted chunks, none of them empty. */
export class OrderedKeys {
  readonly #chunks: string[][] = [];
  #size = 0;

  /** A set of these keys, which are in ascending order and all different. */
  static fromSorted(keys: readonly string[]): OrderedKeys {
    const set = new OrderedKeys();
    for (let start = 0; start < keys.length; start += CHUNK_LIMIT / 2) {
      set.#chunks.push(keys.slice(start, start + CHUNK_LIMIT / 2));
    }
    set.#size = keys.length;
    return set;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a key that is not there yet. */
  add(key: string): void {
    this.#size += 1;
    const at = this.#chunkFor(key);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    chunk.splice(countBefore(chunk, key), 0, key);
    if (chunk.length > CHUNK_LIMIT) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK_LIMIT / 2));
  }

  /** Removes a key that is there. */
  delete(key: string): void {
    this.#size -= 1;
    const at = this.#chunkFor(key);
    const chunk = this.#chunks[at] ?? [];
    chunk.splice(countBefore(chunk, key), 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** The keys of the span in ascending order. The set must not change during the walk. */
  *within(span: KeySpan): Generator<string, void, undefined> {
    const first = this.#chunkFor(span.from);
    for (let at = first; at < this.#chunks.length; at += 1) {
      const chunk = this.#chunks[at] ?? [];
      let start = 0;
      if (at === first) {
        start = countBefore(chunk, span.from);
        if (!span.inclusive && chunk[start] === span.from) start += 1;
      }
      for (const key of start === 0 ? chunk : chunk.slice(start)) {
        if (span.end !== null && compareKeys(key, span.end) >= 0) return;
        yield key;
      }
    }
  }

  /** Index of the last chunk that starts at or before `key`; 0 when there is none. */
  #chunkFor(key: string): number {
    return Math.max(0, bisect(this.#chunks, (chunk) => compareKeys(chunk[0] ?? '', key) <= 0) - 1);
  }
}

/** How many keys of a sorted chunk are less than `key`. */
function countBefore(chunk: readonly string[], key: string): number {
  return bisect(chunk, (other) => compareKeys(other, key) < 0);
}

/** How many items at the start satisfy `holds`, which is true of the first items and false from some item on. */
function bisect<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
