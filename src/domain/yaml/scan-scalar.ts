import {
  type Cursor,
  END,
  isBlank,
  isBlankOrBreakOrEnd,
  isBreak,
  isBreakOrEnd,
  SPACE,
  TAB,
} from './cursor.ts';

/** `\x` and its like, by the letter after the backslash. */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads a single- or double-quoted scalar; the cursor stands at its opening quote. */
export function scanQuoted(cursor: Cursor): string {
  const quote = cursor.peek();
  const double = quote === 0x22;
  cursor.skip();
  let text = '';
  for (;;) {
    if (cursor.atDocumentMark()) throw cursor.error('found unexpected document indicator');
    if (cursor.peek() === END) throw cursor.error('found unexpected end of stream');
    let glued = false; // an escaped line break joins its lines without a space
    let start = cursor.index;
    for (let code = cursor.peek(); !isBlankOrBreakOrEnd(code); code = cursor.peek()) {
      if (code === quote && !double && cursor.peek(1) === quote) {
        cursor.skip();
        text += cursor.text.slice(start, cursor.index);
        cursor.skip();
        start = cursor.index;
      } else if (code === quote) break;
      else if (double && code === 0x5c) {
        text += cursor.text.slice(start, cursor.index);
        if (isBreak(cursor.peek(1))) {
          cursor.skip();
          cursor.takeBreak();
          glued = true;
          start = cursor.index;
          break;
        }
        text += scanEscape(cursor);
        start = cursor.index;
      } else cursor.skip();
    }
    text += cursor.text.slice(start, cursor.index);
    if (cursor.peek() === quote) {
      cursor.skip();
      return text;
    }
    text += scanFold(cursor, glued);
  }
}

function scanEscape(cursor: Cursor): string {
  const letter = cursor.text.charAt(cursor.index + 1);
  const simple = ESCAPES[letter];
  if (simple !== undefined) {
    cursor.skip(2);
    return simple;
  }
  const length = HEX_LENGTHS[letter];
  if (length === undefined) throw cursor.error('found unknown escape character');
  cursor.skip(2);
  const digits = cursor.text.slice(cursor.index, cursor.index + length);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) {
    throw cursor.error('did not find expected hexdecimal number');
  }
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw cursor.error('found invalid Unicode character escape code');
  }
  cursor.skip(length);
  return String.fromCodePoint(code);
}

/** Reads blanks and line breaks inside a quoted scalar, and returns what they fold to. */
function scanFold(cursor: Cursor, glued: boolean): string {
  const start = cursor.index;
  let breaks = glued ? '' : undefined; // breaks after the first one
  let blanksEnd = start;
  for (let code = cursor.peek(); isBlank(code) || isBreak(code); code = cursor.peek()) {
    if (isBlank(code)) {
      cursor.skip();
      if (breaks === undefined) blanksEnd = cursor.index;
    } else if (breaks === undefined) {
      const first = cursor.takeBreak();
      breaks = '';
      if (first !== '\n') breaks = first;
    } else breaks += cursor.takeBreak();
  }
  if (breaks === undefined) return cursor.text.slice(start, blanksEnd);
  return breaks === '' && !glued ? ' ' : breaks;
}

/** A plain scalar, and whether a line break came after it (so that a key may follow). */
export interface PlainScan {
  readonly text: string;
  readonly endedLine: boolean;
}

/** Reads a plain scalar, which may go on over lines indented by at least `indent`. */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): PlainScan {
  let text = '';
  let pending = ''; // blanks or folded breaks that count only if text follows
  let endedLine = false;
  for (;;) {
    if (cursor.atDocumentMark() || cursor.peek() === 0x23) break;
    const start = cursor.index;
    while (!endsPlain(cursor, inFlow)) cursor.skip();
    if (cursor.index === start) break;
    text += pending + cursor.text.slice(start, cursor.index);
    if (!isBlank(cursor.peek()) && !isBreak(cursor.peek())) return { text, endedLine: false };
    const gap = scanPlainGap(cursor, indent);
    pending = gap.folded;
    endedLine = gap.endedLine;
    if (!inFlow && cursor.column < indent) break;
  }
  return { text, endedLine };
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.peek();
  if (isBlankOrBreakOrEnd(code)) return true;
  if (code === 0x3a) return isBlankOrBreakOrEnd(cursor.peek(1));
  return (
    inFlow &&
    (code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d)
  );
}

function scanPlainGap(
  cursor: Cursor,
  indent: number,
): { readonly folded: string; readonly endedLine: boolean } {
  const start = cursor.index;
  let breaks: string | undefined; // breaks after the first one
  let blanksEnd = start;
  for (let code = cursor.peek(); isBlank(code) || isBreak(code); code = cursor.peek()) {
    if (isBlank(code)) {
      if (breaks !== undefined && code === TAB && cursor.column < indent) {
        throw cursor.error('found a tab character that violates indentation');
      }
      cursor.skip();
      if (breaks === undefined) blanksEnd = cursor.index;
    } else if (breaks === undefined) {
      const first = cursor.takeBreak();
      breaks = first === '\n' ? '' : first;
    } else breaks += cursor.takeBreak();
  }
  if (breaks === undefined) return { folded: cursor.text.slice(start, blanksEnd), endedLine: false };
  return { folded: breaks === '' ? ' ' : breaks, endedLine: true };
}

/** Reads a block scalar (`|` or `>`), whose parent is indented by `parentIndent` (-1 at the top). */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const literal = cursor.peek() === 0x7c;
  cursor.skip();
  const { chomping, increment } = scanBlockHeader(cursor);
  let indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  let breaks = '';
  ({ indent, breaks } = scanBlockBreaks(cursor, indent, parentIndent));

  let text = '';
  let lineEnd = '';
  let previousIsBlank = false;
  while (cursor.column === indent && cursor.peek() !== END) {
    const startsBlank = isBlank(cursor.peek());
    const folds = !literal && lineEnd === '\n' && !previousIsBlank && !startsBlank;
    text += folds ? (breaks === '' ? ' ' : '') : lineEnd;
    text += breaks;
    previousIsBlank = startsBlank;
    const start = cursor.index;
    while (!isBreakOrEnd(cursor.peek())) cursor.skip();
    text += cursor.text.slice(start, cursor.index);
    lineEnd = cursor.peek() === END ? '' : cursor.takeBreak();
    ({ indent, breaks } = scanBlockBreaks(cursor, indent, parentIndent));
  }
  if (chomping === 'strip') return text;
  return chomping === 'keep' ? text + lineEnd + breaks : text + lineEnd;
}

type Chomping = 'strip' | 'clip' | 'keep';

function scanBlockHeader(cursor: Cursor): { readonly chomping: Chomping; readonly increment: number } {
  let chomping: Chomping = 'clip';
  let increment = 0;
  for (let seenChomping = false, seenIncrement = false; ; cursor.skip()) {
    const code = cursor.peek();
    if ((code === 0x2b || code === 0x2d) && !seenChomping) {
      chomping = code === 0x2b ? 'keep' : 'strip';
      seenChomping = true;
    } else if (code >= 0x30 && code <= 0x39 && !seenIncrement) {
      if (code === 0x30) throw cursor.error('found an indentation indicator equal to 0');
      increment = code - 0x30;
      seenIncrement = true;
    } else break;
  }
  cursor.skipBlanks();
  if (cursor.peek() === 0x23) while (!isBreakOrEnd(cursor.peek())) cursor.skip();
  if (!isBreakOrEnd(cursor.peek())) throw cursor.error('did not find expected comment or line break');
  if (cursor.peek() !== END) cursor.takeBreak();
  return { chomping, increment };
}

/** Reads indentation and empty lines. An indent of 0 is not known yet, and is found here. */
function scanBlockBreaks(
  cursor: Cursor,
  known: number,
  parentIndent: number,
): { readonly indent: number; readonly breaks: string } {
  let breaks = '';
  let widest = 0;
  for (;;) {
    while ((known === 0 || cursor.column < known) && cursor.peek() === SPACE) cursor.skip();
    widest = Math.max(widest, cursor.column);
    if ((known === 0 || cursor.column < known) && cursor.peek() === TAB) {
      throw cursor.error('found a tab character where an indentation space is expected');
    }
    if (!isBreak(cursor.peek())) break;
    breaks += cursor.takeBreak();
  }
  return { indent: known === 0 ? Math.max(widest, parentIndent + 1, 1) : known, breaks };
}
