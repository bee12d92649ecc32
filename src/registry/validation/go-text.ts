import { escapedAsGo } from '../../domain/go-values/json.ts';
import { goQuote as quoted } from '../../domain/go-values/quote.ts';

/**
 * A string as Go's `%q` writes it: in double quotes, printable Unicode as it is, the rest escaped. Error texts of
 * the API quote bad values this way. Half a surrogate pair is what Go's JSON decoder makes of it: U+FFFD.
 */
export function goQuote(value: string): string {
  return quoted(value.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** JSON as Go's encoder writes it, with the keys in the order that they have. */
export function goJson(value: unknown): string {
  return escapedAsGo(JSON.stringify(value) ?? 'null');
}

/** A map with its keys sorted, as Go's JSON encoder writes maps (struct fields keep their order). */
export function sortedMap<V>(map: Readonly<Record<string, V>>): Readonly<Record<string, V>> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => compareBytes(a, b)));
}

/** Order of two strings by their UTF-8 bytes, which is how Go sorts. */
export function compareBytes(a: string, b: string): number {
  if (ASCII.test(a) && ASCII.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Length in UTF-8 bytes: what Go's `len` counts and every limit of the API is stated in. */
export function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : Buffer.byteLength(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole ASCII range is meant
const ASCII = /^[\x00-\x7f]*$/;
