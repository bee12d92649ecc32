import type { Json } from '../../api/meta.ts';
import { goPrinted, goSyntax, goTypeName, isGoInteger } from '../go-values/print.ts';
import { goQuote } from '../go-values/quote.ts';

type Value = Json | undefined;

/** Values side by side, with a blank between two of which neither is text. */
export function sprint(values: readonly Value[]): string {
  return values
    .map((value, at) => {
      const apart = at > 0 && typeof value !== 'string' && typeof values[at - 1] !== 'string';
      return `${apart ? ' ' : ''}${goPrinted(value)}`;
    })
    .join('');
}

const DIRECTIVE = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*)?)?(.|$)/gsu;

/** Text in Go's format language, as far as JSON has values for it. */
export function sprintf(format: string, values: readonly Value[]): string {
  let used = 0;
  const text = format.replace(DIRECTIVE, (whole, flags: string, width, precision, verb: string) => {
    if (verb === '') return '%!(NOVERB)';
    if (verb === '%') return '%';
    if (isTooLarge(width) || isTooLarge(precision)) return '%!(NOVERB)';
    const fieldWidth = width === '*' ? starred(values[used++]) : Number(width ?? 0);
    if (fieldWidth === undefined) return '%!(BADWIDTH)';
    const hasPrecision = /\.[\d*]*.$/su.test(whole) && whole.includes('.');
    const digits = precision === '*' ? starred(values[used++]) : Number(precision ?? 0);
    if (digits === undefined || digits < 0) return '%!(BADPREC)';
    if (used >= values.length) return `%!${verb}(MISSING)`;
    const shown = formatted(values[used++], verb, flags, hasPrecision ? digits : undefined);
    return padded(shown, flags, fieldWidth);
  });
  const extra = values.slice(used).map((value) => `${goTypeName(value)}=${goPrinted(value)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

/** Go's bound on widths and precisions. */
const MAX_WIDTH = 1_000_000;

const isTooLarge = (text: string | undefined): boolean => Number(text) > MAX_WIDTH;

/** A width or precision that comes with the values; undefined for what is none. */
function starred(value: Value): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_WIDTH
    ? value
    : undefined;
}

const isNumber = (value: Value): value is number => typeof value === 'number';

function formatted(value: Value, verb: string, flags: string, precision: number | undefined): string {
  switch (verb) {
    case 'v':
      return flags.includes('#') ? goSyntax(value) : goPrinted(value);
    case 'T':
      return goTypeName(value);
    case 't':
      if (typeof value === 'boolean') return String(value);
      break;
    case 's':
    case 'q':
    case 'x':
    case 'X':
      if (typeof value === 'string') return textWith(value, verb, precision);
      if (verb === 's' && typeof value === 'object' && value !== null) return eachAs(value, verb);
      break;
  }
  if (isNumber(value)) {
    const shown = numberWith(value, verb, precision);
    if (shown !== undefined) return signed(shown, flags);
  }
  return value === undefined || value === null
    ? `%!${verb}(<nil>)`
    : `%!${verb}(${goTypeName(value)}=${goPrinted(value)})`;
}

/** Lists and maps, each of whose members takes the verb. */
function eachAs(value: object, verb: string): string {
  const member = (one: Json): string => formatted(one, verb, '', undefined);
  // A JSON value that is an object is a list or a map.
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(member).join(' ')}]`;
  const entries = Object.entries(value as { readonly [key: string]: Json }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `map[${entries.map(([key, one]) => `${key}:${member(one)}`).join(' ')}]`;
}

function textWith(text: string, verb: string, precision: number | undefined): string {
  const cut = precision === undefined ? text : [...text].slice(0, precision).join('');
  if (verb === 's') return cut;
  if (verb === 'q') return goQuote(cut);
  const hex = Buffer.from(cut, 'utf8').toString('hex');
  return verb === 'X' ? hex.toUpperCase() : hex;
}

function numberWith(value: number, verb: string, precision: number | undefined): string | undefined {
  if (isGoInteger(value)) {
    switch (verb) {
      case 'd':
        return BigInt(value).toString();
      case 'x':
        return value.toString(16);
      case 'X':
        return value.toString(16).toUpperCase();
      case 'o':
        return value.toString(8);
      case 'b':
        return value.toString(2);
      case 'c':
        return character(value);
      case 'U':
        return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
      case 'q':
        return `'${character(value)}'`;
    }
    return undefined;
  }
  switch (verb) {
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6);
    case 'e':
      return value.toExponential(Math.min(precision ?? 6, MOST_DIGITS)).replace(/e([-+])(\d)$/, 'e$10$2');
    case 'g':
      return goPrinted(
        precision === undefined
          ? value
          : Number(value.toPrecision(Math.min(Math.max(1, precision), MOST_DIGITS))),
      );
  }
  return undefined;
}

/** The most digits that JavaScript writes of a float. */
const MOST_DIGITS = 100;

/** Beyond the digits that are told, zeros: those of numbers that people write end long before. */
function fixed(value: number, digits: number): string {
  const whole = Math.abs(value) >= 1e21; // from where on JavaScript writes exponents
  const text = whole ? `${BigInt(value)}.` : value.toFixed(Math.min(digits, MOST_DIGITS));
  if (whole) return digits === 0 ? text.slice(0, -1) : text.padEnd(text.length + digits, '0');
  return digits > MOST_DIGITS ? text.padEnd(text.length + digits - MOST_DIGITS, '0') : text;
}

/** What no character has is shown as one that stands for it. */
function character(code: number): string {
  const isCode = Number.isInteger(code) && code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCode ? String.fromCodePoint(code) : '\ufffd';
}

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return text;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}

function padded(text: string, flags: string, width: number): string {
  const missing = Math.abs(width) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-') || width < 0) return text + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + text;
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  return sign + '0'.repeat(missing) + rest;
}
