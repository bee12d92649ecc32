import type { Json } from '../../api/meta.ts';

/** A JSON object, never an array or null. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether a JSON value is an object: neither null, an array nor a scalar. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a JSON value is an array. `Array.isArray` alone does not narrow a readonly array. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The own property of an object, undefined where it has none. Safe for keys such as `__proto__`. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a property of a new object. Unlike assignment it makes a plain property of a key named `__proto__`. */
export function setOwn(object: { [key: string]: Json }, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Builds an object from entries. Unlike assignment it makes a plain property of a key named `__proto__`. */
export function fromEntries(entries: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(entries);
}

/** Whether an object has no properties. */
export function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}

/** A value as Go's `%v` prints it (`map[a:1 b:[x y]]`), which is how upstream's patch errors show values. */
export function goText(value: Json | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
  }
  return String(value);
}
