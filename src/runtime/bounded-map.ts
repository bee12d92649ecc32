/** A map that drops the entry that came first when there are more than `limit`. Setting a known key keeps its place. */
export class BoundedMap<K, V> {
  readonly #limit: number;
  readonly #entries = new Map<K, V>();
  // Kept, because a new iterator has to get over the gaps of all entries that were deleted before it.
  readonly #oldest = this.#entries.keys();

  /** @param limit at least 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const { done, value: first } = this.#oldest.next();
    if (done !== true) this.#entries.delete(first);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }
}
