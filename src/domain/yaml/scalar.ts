import { YamlError } from './yaml-error.ts';

/** What a scalar can mean. Integers beyond 2^53 are bigint; the reader's caller decides what becomes of them. */
export type ScalarValue = string | number | bigint | boolean | null;

const TRUE_WORDS = words('y Y yes Yes YES on On ON true True TRUE');
const FALSE_WORDS = words('n N no No NO off Off OFF false False FALSE');
const NULL_WORDS = new Set(['', '~', 'null', 'Null', 'NULL']);
const SPECIAL_FLOATS = new Map([
  ...pairs('.nan .NaN .NAN', Number.NaN),
  ...pairs('.inf .Inf .INF +.inf +.Inf +.INF', Number.POSITIVE_INFINITY),
  ...pairs('-.inf -.Inf -.INF', Number.NEGATIVE_INFINITY),
]);
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const BASES: readonly { readonly pattern: RegExp; readonly prefix: string }[] = [
  { pattern: /^0[xX]([0-9a-fA-F]+)$/, prefix: '0x' },
  { pattern: /^0[bB]([01]+)$/, prefix: '0b' },
  { pattern: /^0[oO]?([0-7]+)$/, prefix: '0o' },
  { pattern: /^(0|[1-9][0-9]*)$/, prefix: '' },
];
const MOST_DIGITS = 64;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The meaning of a plain scalar as YAML 1.1 in Go's reading has it: `yes` and `on` are true, `0644` is 420, `1_000` is
 * 1000, while dates and sexagesimals (`1:30`) stay text.
 */
export function resolvePlain(text: string): ScalarValue {
  if (NULL_WORDS.has(text)) return null;
  const first = text.charCodeAt(0);
  // Nothing but letters can start a word below, and most scalars are words.
  const mayBeNumber = first < 0x3a && (first >= 0x30 || first === 0x2b || first === 0x2d || first === 0x2e);
  if (mayBeNumber) return resolveNumber(text) ?? text;
  return TRUE_WORDS.has(text) ? true : FALSE_WORDS.has(text) ? false : text;
}

/** The meaning of a scalar with an explicit tag (its full name). Unknown tags leave text. Throws YamlError. */
export function resolveTagged(tag: string, text: string): ScalarValue {
  switch (tag) {
    case 'tag:yaml.org,2002:binary':
      return decodeBinary(text);
    case 'tag:yaml.org,2002:int':
      return expect(tag, text, (value) => typeof value === 'bigint' || Number.isInteger(value));
    case 'tag:yaml.org,2002:float':
      return expect(tag, text, (value) => typeof value === 'bigint' || typeof value === 'number');
    case 'tag:yaml.org,2002:bool':
      return expect(tag, text, (value) => typeof value === 'boolean');
    case 'tag:yaml.org,2002:null':
      return expect(tag, text, (value) => value === null);
    case 'tag:yaml.org,2002:timestamp':
      if (!isTimestamp(text)) throw new YamlError(`yaml: cannot decode !!str \`${text}\` as a !!timestamp`);
      return text;
    default:
      return text;
  }
}

/** Whether text looks like a timestamp of YAML 1.1: such text must be quoted to stay text elsewhere. */
export function isTimestamp(text: string): boolean {
  return /^[0-9]{4}-(?:[0-9]{2}-[0-9]{2}$|[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|\s+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|\s?[-+][0-9]{1,2}:[0-9]{1,2})?$)/.test(
    text,
  );
}

function resolveNumber(text: string): number | bigint | undefined {
  const special = SPECIAL_FLOATS.get(text);
  if (special !== undefined) return special;
  const plain = text.replaceAll('_', '');
  const integer = text.startsWith('_') ? undefined : parseInteger(plain);
  if (integer !== undefined) return integer;
  if (!FLOAT.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

function parseInteger(text: string): number | bigint | undefined {
  const negative = text.startsWith('-');
  const digits = negative || text.startsWith('+') ? text.slice(1) : text;
  for (const { pattern, prefix } of BASES) {
    const match = pattern.exec(digits);
    if (match === null) continue;
    // More digits than any base needs for 64 bits are no integer, and would take long to turn into one.
    const significant = (match[1] ?? '').replace(/^0+(?=.)/, '');
    if (significant.length > MOST_DIGITS) return undefined;
    const magnitude = BigInt(prefix + significant);
    const value = negative ? -magnitude : magnitude;
    if (value < MIN_INTEGER || value > MAX_INTEGER) return undefined;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  return undefined;
}

function expect(tag: string, text: string, fits: (value: ScalarValue) => boolean): ScalarValue {
  const value = resolvePlain(text);
  if (fits(value)) return value;
  throw new YamlError(
    `yaml: cannot decode !!${kindOf(value)} \`${text}\` as a !!${tag.slice(tag.lastIndexOf(':') + 1)}`,
  );
}

function kindOf(value: ScalarValue): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  return typeof value === 'bigint' || Number.isInteger(value) ? 'int' : 'float';
}

function decodeBinary(text: string): string {
  const base64 = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(base64)) throw new YamlError('yaml: !!binary value contains invalid base64 data');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function pairs(text: string, value: number): [string, number][] {
  return text.split(' ').map((word) => [word, value]);
}
