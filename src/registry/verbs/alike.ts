/**
 * Where objects of one make may differ, and the test that a value there has to pass besides. Everything else must be the
 * same: what a verb makes of one such object, it makes of all.
 */
export type Differences = { readonly [field: string]: Differences | Test };

/** Whether a value is as harmless as that of the example, which has passed through the verb as it was. */
export type Test = (given: unknown, example: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

/** Whether two values are the same but for differences that are allowed. Fields count in their order. */
export function areAlike(given: unknown, example: unknown, differences: Differences | undefined): boolean {
  if (given === example) return true;
  if (!isObject(given) || !isObject(example)) return false;
  if (Array.isArray(given) || Array.isArray(example)) {
    if (!Array.isArray(given) || !Array.isArray(example) || given.length !== example.length) return false;
    for (let at = 0; at < given.length; at++) if (!areAlike(given[at], example[at], undefined)) return false;
    return true;
  }
  const names = Object.keys(example);
  const others = Object.keys(given);
  if (names.length !== others.length) return false;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string; // at < names.length
    if (others[at] !== name) return false;
    const rule =
      differences !== undefined && Object.hasOwn(differences, name) ? differences[name] : undefined;
    if (typeof rule === 'function') {
      if (!rule(given[name], example[name])) return false;
    } else if (!areAlike(given[name], example[name], rule)) return false;
  }
  return true;
}

/** Whether a verb has left everything as it was given that may differ. */
export function passedThrough(made: unknown, given: unknown, differences: Differences): boolean {
  if (!isObject(made) || !isObject(given)) return false;
  return Object.entries(differences).every(([name, rule]) => {
    if (!(name in given)) return !(name in made);
    return typeof rule === 'function'
      ? rule(given[name], given[name]) && made[name] === given[name]
      : passedThrough(made[name], given[name], rule);
  });
}

/** What a verb makes of `given`, after it has made `made` of something alike. */
export function madeAlike<T extends object>(made: T, given: object, differences: Differences): T {
  const result: Record<string, unknown> = { ...(made as Fields) };
  const from = given as Fields;
  for (const name of Object.keys(differences)) {
    const rule = differences[name];
    const value = from[name];
    if (value === undefined || rule === undefined) continue;
    // Both are records where there are differences below: `areAlike` has seen to it.
    result[name] =
      typeof rule === 'function' ? value : madeAlike(result[name] as object, value as object, rule);
  }
  return result as T;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
