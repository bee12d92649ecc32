/** A JSON object that is only read. */
export type Fields = Readonly<Record<string, unknown>>;

/** From one object to the same object with its absent fields filled in; the object itself where none were. */
export type Filler = (object: Fields) => Fields;

/** The value as an object; undefined where it is none. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Sets the fields of `defaults` that are absent or null. */
export function fill(object: Fields, defaults: Fields): Fields {
  let result: Record<string, unknown> | undefined;
  for (const name of Object.keys(defaults)) {
    if (object[name] !== undefined && object[name] !== null) continue;
    result ??= { ...object };
    result[name] = defaults[name];
  }
  return result ?? object;
}

/** Like `fill`, for strings that count as absent when empty although they appear in the JSON. */
export function fillBlank(object: Fields, defaults: Fields): Fields {
  const blank = Object.keys(defaults).filter((name) => (object[name] ?? '') === '');
  return blank.length === 0
    ? object
    : { ...object, ...Object.fromEntries(blank.map((name) => [name, defaults[name]])) };
}

/** Sets a field, or removes it where the value is undefined. */
export function withField(object: Fields, name: string, value: unknown): Fields {
  if (object[name] === value) return object;
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _removed, ...rest } = object;
  return rest;
}

/** Fills the object in a field, if it is there. */
export function within(object: Fields, name: string, filler: Filler): Fields {
  const value = asFields(object[name]);
  return value === undefined ? object : withField(object, name, filler(value));
}

/** Fills the object in a field, an empty one if it is absent. */
export function ensure(object: Fields, name: string, filler: Filler): Fields {
  return withField(object, name, filler(asFields(object[name]) ?? {}));
}

/** Fills each object of the list in a field. */
export function each(object: Fields, name: string, filler: Filler): Fields {
  const list = object[name];
  if (!Array.isArray(list)) return object;
  let result: unknown[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = asFields(list[i]);
    const filled = item === undefined ? list[i] : filler(item);
    if (filled !== list[i]) {
      result ??= list.slice();
      result[i] = filled;
    }
  }
  return result === undefined ? object : { ...object, [name]: result };
}

/** Fills what `path` leads to: field names, with `[]` after those that hold lists (`spec`, `rules[]`). */
export function along(object: Fields, path: readonly string[], filler: Filler): Fields {
  const [step, ...rest] = path;
  if (step === undefined) return filler(object);
  const inner: Filler = (value) => along(value, rest, filler);
  return step.endsWith('[]') ? each(object, step.slice(0, -2), inner) : within(object, step, inner);
}

/** Several fillers, one after the other. */
export function inOrder(...fillers: readonly Filler[]): Filler {
  return (object) => fillers.reduce((filled, filler) => filler(filled), object);
}

/** Whether a list or map field is absent or empty. */
export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  const fields = asFields(value);
  return fields === undefined || Object.keys(fields).length === 0;
}
