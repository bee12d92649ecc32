import { GoRegexpError } from './regexp-error.ts';
import type { TextReader } from './text-reader.ts';

const LETTERS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

/** Reads an escape that stands for one character; the reader stands at its backslash. */
export function readEscape(reader: TextReader): number {
  const start = reader.index;
  reader.skip(1);
  if (reader.atEnd()) throw new GoRegexpError('trailing backslash at end of expression', '');
  const character = reader.take();
  const code = escapedCode(character, reader);
  if (code === undefined) throw new GoRegexpError('invalid escape sequence', reader.since(start));
  return code;
}

function escapedCode(character: string, reader: TextReader): number | undefined {
  if (character === 'x') return hexCode(reader);
  // A digit alone would be a reference back to a group, which this syntax does not have.
  if (character === '0' || (/[1-7]/.test(character) && /[0-7]/.test(reader.peek()))) {
    return octalCode(character, reader);
  }
  if (/^[\0-\x7f]$/.test(character) && !/[0-9A-Za-z]/.test(character)) return character.charCodeAt(0);
  return LETTERS.get(character);
}

function octalCode(first: string, reader: TextReader): number {
  let digits = first;
  while (digits.length < 3 && /[0-7]/.test(reader.peek())) digits += reader.take();
  return Number.parseInt(digits, 8);
}

function hexCode(reader: TextReader): number | undefined {
  const first = reader.take();
  if (first !== '{') {
    const two = first + reader.take();
    return /^[0-9A-Fa-f]{2}$/.test(two) ? Number.parseInt(two, 16) : undefined;
  }
  let code = 0;
  let digits = 0;
  for (; /[0-9A-Fa-f]/.test(reader.peek()); digits++) {
    code = code * 16 + Number.parseInt(reader.take(), 16);
    if (code > 0x10ffff) return undefined;
  }
  return reader.take() === '}' && digits > 0 ? code : undefined;
}
