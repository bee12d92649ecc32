/** Names change seldom; when there were more, all are forgotten. */
const MOST_REMEMBERED = 10_000;

/**
 * A function that answers what `make` makes of a text, and the very same for the same text: what thousands of objects
 * say alike takes room once, and is found to be alike by identity. `make` must depend on nothing else.
 */
export function madeOnce<T extends object | string>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    let one = made.get(text);
    if (one === undefined) {
      one = make(text);
      if (made.size >= MOST_REMEMBERED) made.clear();
      made.set(text, one);
    }
    return one;
  };
}
