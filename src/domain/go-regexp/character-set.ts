/** Code points. */
export interface CharacterSet {
  has(code: number): boolean;
}

/** One member of a class: code points given as the inside of a class of JavaScript, or all but those. */
export interface ClassItem {
  readonly inside: string;
  readonly negated: boolean;
}

/** How `\d`, `\s` and `\w` read in Go: ASCII only. Their capitals are all other characters. */
export const PERL_CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  s: '\\t\\n\\f\\r ',
  w: '0-9A-Za-z_',
};

/** The names of `[[:name:]]`. */
export const POSIX_CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', '0-9A-Za-z'],
  ['alpha', 'A-Za-z'],
  ['ascii', '\\x00-\\x7f'],
  ['blank', '\\t '],
  ['cntrl', '\\x00-\\x1f\\x7f'],
  ['digit', '0-9'],
  ['graph', '!-~'],
  ['lower', 'a-z'],
  ['print', ' -~'],
  ['punct', '!-\\/:-@\\[-`\\{-~'],
  ['space', '\\t\\n\\v\\f\\r '],
  ['upper', 'A-Z'],
  ['word', '0-9A-Za-z_'],
  ['xdigit', '0-9A-Fa-f'],
]);

/** The inside of a class of JavaScript that holds the code points from `low` to `high`. */
export function range(low: number, high: number): string {
  return low === high ? escaped(low) : `${escaped(low)}-${escaped(high)}`;
}

const escaped = (code: number): string => `\\u{${code.toString(16)}}`;

/** The inside of a class of JavaScript for `\p{name}`: a category or a script. Undefined for names of neither. */
export function unicodeClass(name: string): string | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) return undefined;
  if (name === 'Any' || name === 'ASCII' || name === 'Assigned') return `\\p{${name}}`;
  return [`\\p{gc=${name}}`, `\\p{sc=${name}}`].find(isClass);
}

function isClass(inside: string): boolean {
  try {
    new RegExp(`[${inside}]`, 'u');
    return true;
  } catch {
    return false;
  }
}

/**
 * The set of all members of some items, or of all but them. Each item is one class of JavaScript that is asked for one
 * character at a time, which takes the same time for all; `fold` disregards case, as Unicode's simple folding does.
 */
export function characterSet(items: readonly ClassItem[], negated: boolean, fold: boolean): CharacterSet {
  const tests = items.map((item) => ({
    expression: new RegExp(`^[${item.inside}]$`, fold ? 'iu' : 'u'),
    negated: item.negated,
  }));
  const known = new Map<number, boolean>();
  const answer = (code: number): boolean => {
    const text = String.fromCodePoint(code);
    return tests.some((test) => test.expression.test(text) !== test.negated) !== negated;
  };
  return {
    has(code) {
      let found = known.get(code);
      if (found === undefined) {
        found = answer(code);
        if (known.size < MOST_KNOWN) known.set(code, found);
      }
      return found;
    },
  };
}

/** Answers that are kept of one set: enough for the letters of any text that people write. */
const MOST_KNOWN = 4096;

/** Whether a character is written in more than one case. */
export function hasCases(code: number): boolean {
  const text = String.fromCodePoint(code);
  return text.toLowerCase() !== text || text.toUpperCase() !== text || FOLDED_ALIKE.test(text);
}

/** Characters that fold together with others although they are neither lower nor upper case of them. */
const FOLDED_ALIKE = /^[\u{1e9e}\u{2126}\u{212a}\u{212b}]$/iu;
