/**
 * Orders keys as every engine must: by their UTF-8 bytes, which is the order of their code points. JavaScript's `<`
 * compares UTF-16 units and so puts surrogates (all code points above U+FFFF) before U+E000–U+FFFF.
 * Negative, zero or positive, as `Array.sort` wants it.
 */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return rank(unitA) - rank(unitB);
  }
  return a.length - b.length;
}

/** A UTF-16 unit's place among all units when surrogates come last. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * The least string that is greater than every string with this prefix; null when there is none (the prefix is empty,
 * or nothing but U+10FFFF).
 */
export function prefixEnd(prefix: string): string | null {
  const lastUnit = prefix.charCodeAt(prefix.length - 1);
  if (lastUnit < 0x7f) return prefix.slice(0, -1) + String.fromCharCode(lastUnit + 1);
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last < 0x10ffff) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return null;
}

/** Where a walk over ordered keys starts and stops. */
export interface KeySpan {
  readonly from: string;
  /** Whether `from` itself belongs to the span. */
  readonly inclusive: boolean;
  /** The first key behind the span; null when the span is open. */
  readonly end: string | null;
}

/** The keys with `prefix` that are greater than `after`. */
export function keySpan(prefix: string, after?: string): KeySpan {
  const end = prefixEnd(prefix);
  if (after === undefined || compareKeys(after, prefix) < 0) return { from: prefix, inclusive: true, end };
  return { from: after, inclusive: false, end };
}
