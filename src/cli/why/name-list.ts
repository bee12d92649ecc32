/** A name with a number in it: `before` + `digits` + `after`. */
interface NumberedName {
  readonly name: string;
  readonly before: string;
  readonly digits: string;
  readonly after: string;
}

/** One name, or a range of them. */
interface Item {
  readonly text: string;
  readonly count: number;
}

/** How much of a list is shown: so many names and ranges, and no more characters than that. One is always shown. */
export interface NameLimit {
  readonly names: number;
  readonly characters: number;
}

export const ALL_NAMES: NameLimit = { names: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY };
/** For a column of a table. */
export const FEW_NAMES: NameLimit = { names: 4, characters: 48 };

/** At least so many names in a row are written as a range. */
const SHORTEST_RANGE = 3;

/**
 * Names in few words: those in a row become `worker-[1-40]`, and only the first ones are listed, within the limit;
 * `and 12 more` counts names. '' for none. Names must differ from each other.
 */
export function nameList(names: readonly string[], limit: NameLimit): string {
  const shown: Item[] = [];
  let characters = 0;
  for (const item of itemsOf(names)) {
    characters += item.text.length + 2;
    if (shown.length >= limit.names || (shown.length > 0 && characters > limit.characters)) break;
    shown.push(item);
  }
  const left = names.length - shown.reduce((sum, { count }) => sum + count, 0);
  const text = shown.map((item) => item.text).join(', ');
  return left === 0 ? text : `${text} and ${left} more`;
}

/** A range stands where the first of its names stood. */
function itemsOf(names: readonly string[]): readonly Item[] {
  const rangeOf = new Map<string, Item>();
  for (const run of families(names).flatMap(runs)) {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined || run.length < SHORTEST_RANGE) continue;
    const text = `${first.before}[${first.digits}-${last.digits}]${first.after}`;
    const item = { text, count: run.length };
    for (const { name } of run) rangeOf.set(name, item);
  }
  return [...new Set(names.map((name) => rangeOf.get(name) ?? { text: name, count: 1 }))];
}

/** Names that are alike but for the number; where zeros lead, only those with as many digits. */
function families(names: readonly string[]): readonly (readonly NumberedName[])[] {
  const found = new Map<string, NumberedName[]>();
  for (const name of names) {
    const [, before, digits, after] = /^(.*?)(\d{1,9})(\D*)$/.exec(name) ?? [];
    if (before === undefined || digits === undefined || after === undefined) continue;
    const key = `${before}\n${after}`;
    const family = found.get(key);
    if (family === undefined) found.set(key, [{ name, before, digits, after }]);
    else family.push({ name, before, digits, after });
  }
  return [...found.values()].flatMap((family) => {
    if (!family.some(({ digits }) => /^0\d/.test(digits))) return [family];
    const lengths = [...new Set(family.map(({ digits }) => digits.length))];
    return lengths.map((length) => family.filter(({ digits }) => digits.length === length));
  });
}

/** Cuts a family where numbers are missing. */
function runs(family: readonly NumberedName[]): readonly (readonly NumberedName[])[] {
  const found: NumberedName[][] = [];
  for (const one of [...family].sort((a, b) => Number(a.digits) - Number(b.digits))) {
    const run = found.at(-1);
    const isNext = run !== undefined && Number(run.at(-1)?.digits) + 1 === Number(one.digits);
    if (isNext) run.push(one);
    else found.push([one]);
  }
  return found;
}
