/** Something with a name that never changes. */
interface Named {
  readonly name: string;
}

/**
 * A set of named things in bytewise order of their names, no two of the same name. Adding and removing costs a binary
 * search and the move of what lies behind; adding in order costs neither.
 */
export class SortedByName<T extends Named> implements Iterable<T> {
  readonly #items: T[] = [];

  /** Adds an item; does nothing when one of that name is there. */
  add(item: T): void {
    const index = this.#indexOf(item.name);
    if (this.#items[index]?.name !== item.name) this.#items.splice(index, 0, item);
  }

  /** Removes the item of that name, if it is there. */
  delete({ name }: Named): void {
    const index = this.#indexOf(name);
    if (this.#items[index]?.name !== name) return;
    // A sync settles its nodes in order, so that most leave at the front, where nothing has to move.
    if (index === 0) this.#items.shift();
    else this.#items.splice(index, 1);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]();
  }

  /** Where an item of this name is, or would have to be. */
  #indexOf(name: string): number {
    const last = this.#items.at(-1);
    if (last === undefined || last.name < name) return this.#items.length;
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#items[middle]?.name ?? '') < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
