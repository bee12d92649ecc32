import type { WatchEvent } from '../api/client.ts';

/** How many changes are kept, at least: several times what is written between two looks at them. */
const KEPT = 4096;

/**
 * The newest changes of a store, as far as this process made them: whoever follows the log in the process that writes it
 * gets the objects as they are, without reading and parsing them again. Changes of others leave a gap, at which it
 * starts anew.
 */
export class RecentChanges {
  /** Without gaps: `#events[i]` belongs to revision `#first + i`. */
  #events: WatchEvent[] = [];
  #first = 1;

  /** A change that this process has committed as `revision`. */
  append(revision: number, event: WatchEvent): void {
    if (revision !== this.#first + this.#events.length) {
      this.#events = [];
      this.#first = revision;
    }
    this.#events.push(event);
    if (this.#events.length < 2 * KEPT) return;
    this.#events = this.#events.slice(KEPT);
    this.#first += KEPT;
  }

  /** Forgets the changes up to a revision, which the log has forgotten too. */
  forget(through: number): void {
    const count = through + 1 - this.#first;
    if (count <= 0) return;
    this.#events = this.#events.slice(count);
    this.#first += count;
  }

  /** The changes after a revision, at most `limit`, oldest first; undefined unless all of them up to `newest` are known. */
  after(revision: number, newest: number, limit: number): readonly WatchEvent[] | undefined {
    const from = revision + 1 - this.#first;
    const isKnown = from >= 0 && from <= this.#events.length;
    if (!isKnown || newest !== this.#first + this.#events.length - 1) return undefined;
    return this.#events.slice(from, from + limit);
  }
}
