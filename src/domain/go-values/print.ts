import type { Json } from '../../api/meta.ts';
import { formatNumber } from '../yaml/number-text.ts';
import { goQuote } from './quote.ts';

/** Go's words for the type of a decoded JSON value. */
export function goTypeName(value: Json | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  if (isList(value)) return '[]interface {}';
  switch (typeof value) {
    case 'object':
      return 'map[string]interface {}';
    case 'number':
      return isGoInteger(value) ? 'int64' : 'float64';
    case 'boolean':
      return 'bool';
    default:
      return 'string';
  }
}

/** Whether Go decodes a number of this value as an int64 (kubectl does where the JSON text has no fraction). */
export function isGoInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

/** A value as Go's `%v` prints it: `map[a:1 b:[x y] c:<nil>]`. */
export function goPrinted(value: Json | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(goPrinted).join(' ')}]`;
  return `map[${sortedEntries(value)
    .map(([key, member]) => `${key}:${goPrinted(member)}`)
    .join(' ')}]`;
}

/** A value as Go's `%#v` prints it: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: Json | undefined): string {
  if (value === undefined || value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value !== 'object') return goPrinted(value);
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  const members = sortedEntries(value).map(([key, member]) => `${goQuote(key)}:${goSyntax(member)}`);
  return `map[string]interface {}{${members.join(', ')}}`;
}

/** A map's members in the order of their keys, in which Go prints and walks maps. */
export function sortedEntries(value: { readonly [key: string]: Json }): readonly (readonly [string, Json])[] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a value is a list; narrows read-only arrays, which Array.isArray does not. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value is a map. */
export function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value);
}
