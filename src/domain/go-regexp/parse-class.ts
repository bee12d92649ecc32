import {
  type CharacterSet,
  type ClassItem,
  characterSet,
  PERL_CLASSES,
  POSIX_CLASSES,
  range,
  unicodeClass,
} from './character-set.ts';
import { readEscape } from './read-escape.ts';
import { GoRegexpError } from './regexp-error.ts';
import type { TextReader } from './text-reader.ts';

/** Reads `\d` and its like, or `\p{Greek}`; undefined, and nothing read, where neither stands. */
export function readNamedEscape(reader: TextReader): ClassItem | undefined {
  if (reader.peek() !== '\\') return undefined;
  const letter = reader.peek(1);
  const perl = Object.hasOwn(PERL_CLASSES, letter.toLowerCase())
    ? PERL_CLASSES[letter.toLowerCase()]
    : undefined;
  if (perl !== undefined) {
    reader.skip(2);
    return { inside: perl, negated: letter !== letter.toLowerCase() };
  }
  return letter === 'p' || letter === 'P' ? readUnicodeClass(reader) : undefined;
}

function readUnicodeClass(reader: TextReader): ClassItem {
  const start = reader.index;
  const capital = reader.peek(1) === 'P';
  reader.skip(2);
  if (reader.atEnd()) throw new GoRegexpError('invalid character class range', reader.since(start));
  let name = reader.take();
  if (name === '{') {
    const end = reader.indexOf('}');
    if (end < 0) throw new GoRegexpError('invalid character class range', reader.text.slice(start));
    name = reader.text.slice(reader.index, end);
    reader.index = end + 1;
  }
  const caret = name.startsWith('^');
  const inside = unicodeClass(caret ? name.slice(1) : name);
  if (inside === undefined) throw new GoRegexpError('invalid character class range', reader.since(start));
  return { inside, negated: capital !== caret };
}

/** Reads a class in brackets; the reader stands at its `[`. `fold` disregards case. */
export function readClass(reader: TextReader, fold: boolean): CharacterSet {
  const start = reader.index;
  reader.skip(1);
  const negated = reader.peek() === '^';
  if (negated) reader.skip(1);
  const items: ClassItem[] = [];
  let ranges = '';
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    if (reader.atEnd()) throw new GoRegexpError('missing closing ]', reader.text.slice(start));
    const item = readPosixClass(reader) ?? readNamedEscape(reader);
    if (item !== undefined) items.push(item);
    else ranges += readRange(reader, start);
  }
  reader.skip(1);
  if (ranges !== '') items.push({ inside: ranges, negated: false });
  return characterSet(items, negated, fold);
}

function readPosixClass(reader: TextReader): ClassItem | undefined {
  if (reader.peek() !== '[' || reader.peek(1) !== ':') return undefined;
  const end = reader.text.indexOf(':]', reader.index + 2);
  if (end < 0) return undefined;
  const shown = reader.text.slice(reader.index, end + 2);
  const negated = shown.startsWith('[:^');
  const inside = POSIX_CLASSES.get(shown.slice(negated ? 3 : 2, -2));
  if (inside === undefined) throw new GoRegexpError('invalid character class range', shown);
  reader.index = end + 2;
  return { inside, negated };
}

function readRange(reader: TextReader, classStart: number): string {
  const start = reader.index;
  const low = readCharacter(reader, classStart);
  // A dash before the closing bracket is itself.
  if (reader.peek() !== '-' || reader.peek(1) === ']' || reader.peek(1) === '') return range(low, low);
  reader.skip(1);
  const high = readCharacter(reader, classStart);
  if (high < low) throw new GoRegexpError('invalid character class range', reader.since(start));
  return range(low, high);
}

function readCharacter(reader: TextReader, classStart: number): number {
  if (reader.atEnd()) throw new GoRegexpError('missing closing ]', reader.text.slice(classStart));
  return reader.peek() === '\\' ? readEscape(reader) : codeOf(reader.take());
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
