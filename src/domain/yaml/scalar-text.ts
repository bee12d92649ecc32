import { isTimestamp, resolvePlain } from './scalar.ts';

/** The ways to write text. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

const BEST_WIDTH = 80;
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
/** What Go's emitter does not take for printable: controls, tabs, byte order marks, and all beyond the basic plane. */
const SPECIAL = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const BREAK = /[\n\x85\u2028\u2029]/;
const BREAK_THEN_SPACE = /[\n\x85\u2028\u2029] /;
const SPACE_THEN_BREAK = / [\n\x85\u2028\u2029]/;
const INDICATOR_FIRST = /^(?:[#,[\]{}&*!|>'"%@`]|[?:-](?:[\s\x85]|$)|---|\.\.\.)/;
const INDICATOR_INSIDE = /:(?:[\s\x85]|$)|[\s\x85]#/;

/** The style in which Go's YAML writes text outside of brackets. */
export function scalarStyle(text: string): ScalarStyle {
  if (text.includes('\n')) return allowsLiteral(text) ? 'literal' : 'double';
  if (!isReadAsText(text)) return 'double';
  if (SPECIAL.test(text)) return 'double';
  if (BREAK_THEN_SPACE.test(text) || SPACE_THEN_BREAK.test(text)) return 'double';
  if (text.startsWith(' ') || text.endsWith(' ') || BREAK.test(text)) return 'single';
  return INDICATOR_FIRST.test(text) || INDICATOR_INSIDE.test(text) ? 'single' : 'plain';
}

/** Whether a YAML 1.1 reader takes the bare text for text. */
function isReadAsText(text: string): boolean {
  return typeof resolvePlain(text) === 'string' && !SEXAGESIMAL.test(text) && !isTimestamp(text);
}

function allowsLiteral(text: string): boolean {
  return !SPECIAL.test(text) && !SPACE_THEN_BREAK.test(text) && !text.endsWith(' ');
}

/** Text without quotes, folded at spaces beyond the 80th column; `column` is where it starts. */
export function writePlain(text: string, column: number, indent: number): string {
  return fold(text, column, indent, false);
}

/**
 * Text as it is after the detour over JSON that Go takes before it writes YAML: JSON leaves NEL (U+0085) as it is, and
 * YAML reads that as a line break to fold.
 */
export function foldNextLines(text: string): string {
  if (!text.includes('\x85')) return text;
  return text.replace(/ *\x85[ \x85]*/g, (gap) => '\n'.repeat(gap.split('\x85').length - 2) || ' ');
}

/** Text in single quotes; without a column, on one line. */
export function quoteSingle(text: string, column?: number, indent = 0): string {
  const lineStart = ' '.repeat(indent);
  const quoted = text
    .replaceAll("'", "''")
    .replace(/[\u2028\u2029]+(?=.)/gsu, (breaks) => breaks + lineStart);
  if (column === undefined) return `'${quoted}'`;
  return `'${fold(quoted, column + 1, indent, true)}'`;
}

/** Replaces single spaces beyond the 80th column by line breaks; inside quotes, not the first or last character. */
function fold(text: string, column: number, indent: number, inQuotes: boolean): string {
  if (column + text.length <= BEST_WIDTH) return text;
  const characters = Array.from(text);
  let folded = '';
  let at = column;
  for (const [index, character] of characters.entries()) {
    const single = character === ' ' && characters[index - 1] !== ' ' && characters[index + 1] !== ' ';
    const edge = inQuotes && (index === 0 || index === characters.length - 1);
    if (single && at > BEST_WIDTH && !edge) {
      folded += `\n${' '.repeat(indent)}`;
      at = indent;
    } else {
      folded += character;
      at++;
    }
  }
  return folded;
}

/** The escapes of double quotes that have a name. */
export const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** Text in double quotes; without a column, on one line. */
export function quoteDouble(text: string, column?: number, indent = 0): string {
  const characters = Array.from(text);
  const escapesAll = text.startsWith('\ufeff'); // Go's emitter escapes all that follows a byte order mark
  let quoted = '"';
  let at = (column ?? 0) + 1;
  let afterSpace = false;
  for (const [index, character] of characters.entries()) {
    if (character === ' ' && !escapesAll) {
      const inner = index > 0 && index < characters.length - 1;
      if (column !== undefined && !afterSpace && at > BEST_WIDTH && inner) {
        quoted += `\n${' '.repeat(indent)}`;
        at = indent;
        if (characters[index + 1] === ' ') {
          quoted += '\\';
          at++;
        }
      } else {
        quoted += ' ';
        at++;
      }
      afterSpace = true;
      continue;
    }
    const written = escapesAll || isEscaped(character) ? escapeOf(character) : character;
    quoted += written;
    at += written === character ? 1 : written.length;
    afterSpace = false;
  }
  return `${quoted}"`;
}

function isEscaped(character: string): boolean {
  return character === '"' || character === '\\' || BREAK.test(character) || SPECIAL.test(character);
}

function escapeOf(character: string): string {
  const short = NAMED_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Text as a literal block: `|`, with hints for a first line that is indented and for its last line breaks. */
export function writeLiteral(text: string, indent: number): string {
  const indentation = /^[ \n\x85\u2028\u2029]/.test(text) ? '2' : '';
  const chomping = !/[\n\x85\u2028\u2029]$/.test(text)
    ? '-'
    : /^.?$|[\n\x85\u2028\u2029].$/su.test(text)
      ? '+'
      : '';
  const body = text.replace(/[^\n\x85\u2028\u2029]+/g, (line) => ' '.repeat(indent) + line);
  const lines = chomping === '-' ? body : body.slice(0, -1);
  return `|${indentation}${chomping}\n${lines}`;
}
