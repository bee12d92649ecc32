/**
 * A text that two JSON values share exactly when `deepEqual` holds them equal. With it, finding repetitions in a list
 * takes one pass: comparing each with each would take hours for the longest list that a request can hold.
 */
export function valueIdentity(value: unknown): string {
  return JSON.stringify(value, withSortedKeys) ?? '';
}

/** Writes an object as its sorted pairs, boxed so that no list looks like it. */
function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return {
    '': Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(byKey),
  };
}

const byKey = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : left > right ? 1 : 0;
