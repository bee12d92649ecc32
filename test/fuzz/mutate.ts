import type { Random } from '../../src/runtime/random.ts';
import { mutatedJson } from './mutate-json.ts';

/** What inputs of one language are made of. */
export interface Language {
  /** Inputs that its reader accepts, or nearly. */
  readonly seeds: readonly string[];
  /** Pieces of its grammar, and of its edges. */
  readonly words: readonly string[];
  /** Where the JSON in an input begins, for languages that have some; -1 for an input without. */
  readonly jsonFrom?: (input: string) => number;
}

/** What every language is given beside its own words. */
const EDGES: readonly string[] = [
  '\0',
  '\u2028',
  '\ufeff',
  '\ud800',
  '😀',
  '\u001b[31m',
  '__proto__',
  'constructor',
  'toString',
  '1e400',
  '-0',
  '9223372036854775808',
  '99999999999999999999',
  '0.1',
  'NaN',
  '%',
  '..%2f',
  '\r\n',
  '\t',
  ' ',
  '',
];

/** No input grows beyond this: what only length makes slow is tried with files of their own. */
const MOST = 4000;

/** Another input from one of a language's: some of its pieces moved, lost, doubled, or exchanged for others. */
export function mutated(language: Language, corpus: readonly string[], random: Random): string {
  let text = pick(corpus, random) ?? '';
  const from = language.jsonFrom?.(text) ?? -1;
  const inTree = from >= 0 && random.int(4) > 0;
  for (let changes = 1 + random.int(4); changes > 0; changes--) {
    const json = inTree ? mutatedJson(text.slice(from), random) : undefined;
    text = json === undefined ? changed(text, language, corpus, random) : text.slice(0, from) + json;
  }
  // Files and requests are UTF-8, which has no halves of characters.
  return wellFormed(text.slice(0, MOST));
}

function changed(text: string, language: Language, corpus: readonly string[], random: Random): string {
  const from = random.int(text.length + 1);
  const to = Math.min(text.length, from + random.int(12));
  const [before, span, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (random.int(9)) {
    case 0:
      return before + after;
    case 1:
      return before + span + span + after;
    case 2:
      return before + span.repeat(2 + random.int(20)) + after;
    case 3:
      return before + String.fromCharCode(random.int(128)) + text.slice(from + 1);
    case 4:
      return before + (pick(EDGES, random) ?? '') + after;
    case 5: {
      const other = pick(corpus, random) ?? '';
      return before + other.slice(random.int(other.length + 1));
    }
    case 6:
      return replacedNumber(text, random);
    default:
      return before + (pick(language.words, random) ?? '') + (random.int(2) === 0 ? after : span + after);
  }
}

const NUMBERS = [
  '0',
  '-1',
  '1',
  '2147483648',
  '9007199254740993',
  '18446744073709551616',
  '1e309',
  '0x7f',
  '1.5',
];

function replacedNumber(text: string, random: Random): string {
  const numbers = [...text.matchAll(/\d+/g)];
  const one = pick(numbers, random);
  if (one === undefined) return text + (pick(NUMBERS, random) ?? '');
  return text.slice(0, one.index) + (pick(NUMBERS, random) ?? '') + text.slice(one.index + one[0].length);
}

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list.length === 0 ? undefined : list[random.int(list.length)];
}

function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
