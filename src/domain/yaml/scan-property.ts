import { type Cursor, isBlankOrBreakOrEnd, isBreakOrEnd, isWordCharacter } from './cursor.ts';
import type { Token } from './token.ts';

const URI_CHARACTERS = /[0-9A-Za-z_\-;/?:@&=+$,.!~*'()[\]%]/;

/** Reads `*name` or `&name`; the cursor stands at the indicator. */
export function scanAnchor(cursor: Cursor, type: 'alias' | 'anchor'): Token {
  const { line } = cursor;
  cursor.skip();
  const name = scanWord(cursor);
  const next = cursor.peek();
  if (name === '' || !(isBlankOrBreakOrEnd(next) || '?:,]}%@`'.includes(String.fromCharCode(next)))) {
    throw cursor.error('did not find expected alphabetic or numeric character');
  }
  return { type, line, name };
}

/** Reads a tag: `!suffix`, `!handle!suffix`, `!!suffix` or `!<name>`. */
export function scanTag(cursor: Cursor): Token {
  const { line } = cursor;
  let handle = '';
  let suffix = '';
  if (cursor.peek(1) === 0x3c) {
    cursor.skip(2);
    suffix = scanUri(cursor);
    if (cursor.peek() !== 0x3e) throw cursor.error("did not find the expected '>'");
    cursor.skip();
  } else {
    const first = scanTagHandle(cursor);
    if (first.length > 1 && first.endsWith('!')) {
      handle = first;
      suffix = scanUri(cursor);
    } else {
      handle = '!';
      suffix = scanUri(cursor, first.slice(1));
      if (suffix === '') {
        handle = '';
        suffix = '!';
      }
    }
  }
  if (!isBlankOrBreakOrEnd(cursor.peek()))
    throw cursor.error('did not find expected whitespace or line break');
  return { type: 'tag', line, handle, suffix };
}

/** Reads a directive line; the cursor stands at its `%`. */
export function scanDirective(cursor: Cursor): Token {
  const { line } = cursor;
  cursor.skip();
  const name = scanWord(cursor);
  if (name === '') throw cursor.error('could not find expected directive name');
  if (!isBlankOrBreakOrEnd(cursor.peek())) throw cursor.error('found unexpected non-alphabetical character');
  let token: Token;
  if (name === 'YAML') token = { type: 'yamlDirective', line, version: scanVersion(cursor) };
  else if (name === 'TAG') token = { type: 'tagDirective', line, ...scanTagPrefix(cursor) };
  else throw cursor.error('found unknown directive name');
  cursor.skipBlanks();
  if (cursor.peek() === 0x23) while (!isBreakOrEnd(cursor.peek())) cursor.skip();
  if (!isBreakOrEnd(cursor.peek())) throw cursor.error('did not find expected comment or line break');
  return token;
}

function scanVersion(cursor: Cursor): string {
  cursor.skipBlanks();
  const major = scanNumber(cursor);
  if (cursor.peek() !== 0x2e) throw cursor.error("did not find expected digit or '.' character");
  cursor.skip();
  return `${major}.${scanNumber(cursor)}`;
}

function scanNumber(cursor: Cursor): number {
  const start = cursor.index;
  while (cursor.peek() >= 0x30 && cursor.peek() <= 0x39) cursor.skip();
  if (cursor.index === start) throw cursor.error('did not find expected version number');
  if (cursor.index - start > 2) throw cursor.error('found extremely long version number');
  return Number(cursor.text.slice(start, cursor.index));
}

function scanTagPrefix(cursor: Cursor): { readonly handle: string; readonly prefix: string } {
  cursor.skipBlanks();
  const handle = scanTagHandle(cursor);
  if (handle !== '!' && !handle.endsWith('!')) throw cursor.error("did not find expected '!'");
  if (!isBlankOrBreakOrEnd(cursor.peek())) throw cursor.error('did not find expected whitespace');
  cursor.skipBlanks();
  const prefix = scanUri(cursor);
  if (!isBlankOrBreakOrEnd(cursor.peek()))
    throw cursor.error('did not find expected whitespace or line break');
  return { handle, prefix };
}

/** Reads `!`, `!!` or `!word!`, or of a tag without handle the `!word` that may start its suffix. */
function scanTagHandle(cursor: Cursor): string {
  if (cursor.peek() !== 0x21) throw cursor.error("did not find expected '!'");
  const start = cursor.index;
  cursor.skip();
  scanWord(cursor);
  if (cursor.peek() === 0x21) cursor.skip();
  return cursor.text.slice(start, cursor.index);
}

/** Reads the characters of a URI after `head`, if given; without it there must be some. `%41` is decoded. */
function scanUri(cursor: Cursor, head?: string): string {
  const start = cursor.index;
  while (URI_CHARACTERS.test(cursor.text.charAt(cursor.index))) {
    if (
      cursor.peek() === 0x25 &&
      !/^%[0-9a-fA-F]{2}/.test(cursor.text.slice(cursor.index, cursor.index + 3))
    ) {
      throw cursor.error('did not find URI escaped octet');
    }
    cursor.skip();
  }
  if (head === undefined && cursor.index === start) throw cursor.error('did not find expected tag URI');
  const uri = cursor.text.slice(start, cursor.index);
  try {
    return (head ?? '') + decodeURIComponent(uri);
  } catch {
    throw cursor.error('found an incorrect leading UTF-8 octet');
  }
}

function scanWord(cursor: Cursor): string {
  const start = cursor.index;
  while (isWordCharacter(cursor.peek())) cursor.skip();
  return cursor.text.slice(start, cursor.index);
}
