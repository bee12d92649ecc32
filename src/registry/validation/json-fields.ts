/**
 * Reads of decoded objects. Decoding has made sure of every field's type, so a read only says what an absent field
 * counts as: the zero value of its Go type.
 */
export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = Object.freeze({});
const NO_ITEMS: readonly never[] = Object.freeze([]);

/** An object's fields; none when it is absent. */
export function fieldsOf(value: unknown): Fields {
  return optionalFields(value) ?? NOTHING;
}

/** An object's fields, or undefined when it is absent. */
export function optionalFields(value: unknown): Fields | undefined {
  // An object that is not a list has string keys only.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A list's items; none when it is absent. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** A list of objects. */
export function fieldsList(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : NO_ITEMS;
}

/** A string; '' when it is absent. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A list of strings. */
export function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textOf) : NO_ITEMS;
}

/** A map of strings. */
export function textMap(value: unknown): Readonly<Record<string, string>> {
  // Decoding has checked the values of maps of strings.
  return fieldsOf(value) as Readonly<Record<string, string>>;
}

/** A number; 0 when it is absent. */
export function numberOf(value: unknown): number {
  return optionalNumber(value) ?? 0;
}

/** A number, or undefined when it is absent. */
export function optionalNumber(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

/** Whether a field is there at all, zero values included. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
