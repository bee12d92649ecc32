import { FIELD_NUMBERS_JSON } from './field-numbers.generated.ts';

/** What a number stands for in a struct's message. */
export type NumberedField =
  /** A field, by its JSON name. */
  | { readonly field: string }
  /** A struct whose fields JSON shows as the outer struct's own. */
  | { readonly embedded: string };

let loaded: Readonly<Record<string, string>> | undefined;
const structs = new Map<string, ReadonlyMap<number, NumberedField>>();

/**
 * The fields of a struct (`core/v1.PodSpec`) by number. In the generated text a struct is a list of `NAME NUMBER`
 * pairs; a NAME that starts with `>` is that of an embedded struct.
 */
export function numberedFields(structName: string): ReadonlyMap<number, NumberedField> {
  let fields = structs.get(structName);
  if (fields === undefined) {
    loaded ??= JSON.parse(FIELD_NUMBERS_JSON) as Readonly<Record<string, string>>;
    fields = parse(loaded[structName] ?? '');
    structs.set(structName, fields);
  }
  return fields;
}

function parse(pairs: string): ReadonlyMap<number, NumberedField> {
  const words = pairs.split(' ');
  const fields = new Map<number, NumberedField>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    const name = words[at] ?? '';
    const what = name.startsWith('>') ? { embedded: name.slice(1) } : { field: name };
    fields.set(Number(words[at + 1]), what);
  }
  return fields;
}
