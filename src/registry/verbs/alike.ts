/**
 * Where objects of one make may differ, and the test that a value there has to pass besides. Everything else must be the
 * same: what a verb makes of one such object, it makes of all. Items of lists go by their index.
 */
export type Differences = { readonly [field: string]: Differences | Test | Whole };

/** Whether a value is as harmless as that of the example, which has passed through the verb as it was. */
export type Test = (given: unknown) => boolean;

/** A value that differs in its parts, and that verbs take over as one. */
export class Whole {
  readonly differences: Differences;

  constructor(differences: Differences) {
    this.differences = differences;
  }
}

/** A record or a list of the example, and what others may have in its place. */
export interface Likeness {
  readonly isList: boolean;
  readonly fields: readonly Field[];
}

interface Field {
  readonly name: string;
  /** What the example has here. */
  readonly value: unknown;
  readonly test: Test | undefined;
  /** Of records and lists without a test. */
  readonly likeness: Likeness | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** What is like this example: taken apart once, because thousands are compared with it. */
export function likenessOf(example: object, differences: Differences | undefined): Likeness {
  const fields = Object.entries(example).map(([name, value]): Field => {
    const rule =
      differences !== undefined && Object.hasOwn(differences, name) ? differences[name] : undefined;
    if (typeof rule === 'function') return { name, value, test: rule, likeness: undefined };
    const below = rule instanceof Whole ? rule.differences : rule;
    return { name, value, test: undefined, likeness: isObject(value) ? likenessOf(value, below) : undefined };
  });
  return { isList: Array.isArray(example), fields };
}

/** Whether a value is the same as the example but for differences that are allowed. Fields count in their order. */
export function isLike(given: unknown, { isList, fields }: Likeness): given is object {
  if (!isObject(given) || Array.isArray(given) !== isList) return false;
  let count = 0;
  // Nothing is inherited by what was JSON, and no list of names has to be made.
  for (const name in given) {
    const field = fields[count++];
    if (field === undefined || field.name !== name || !fits(given[name], field)) return false;
  }
  return count === fields.length;
}

function fits(value: unknown, { value: example, test, likeness }: Field): boolean {
  if (value === example) return true;
  if (test !== undefined) return test(value);
  return likeness !== undefined && isLike(value, likeness);
}

/** Whether a verb has left everything as it was given that may differ. */
export function passedThrough(made: unknown, given: unknown, differences: Differences): boolean {
  if (!isObject(made) || !isObject(given)) return false;
  return Object.entries(differences).every(([name, rule]) => {
    if (!(name in given)) return !(name in made);
    if (typeof rule === 'function') return rule(given[name]) && made[name] === given[name];
    return rule instanceof Whole ? made[name] === given[name] : passedThrough(made[name], given[name], rule);
  });
}

/** What a verb makes of `given`, after it has made `made` of something alike. It is new as far as there are differences. */
export function madeAlike<T extends object>(made: T, given: object, differences: Differences): T {
  const result: Record<string, unknown> = { ...(made as Fields) };
  const from = given as Fields;
  for (const name in differences) {
    const rule = differences[name];
    const value = from[name];
    if (value === undefined || rule === undefined) continue;
    // Both are records where there are differences below: `isLike` has seen to it.
    result[name] =
      typeof rule === 'function' || rule instanceof Whole
        ? value
        : madeAlike(result[name] as object, value as object, rule);
  }
  return result as T;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
