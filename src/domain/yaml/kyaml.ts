import type { Dumpable } from './dump.ts';
import { NAMED_ESCAPES } from './scalar-text.ts';

const STEP = 2;

/**
 * Writes a value as `kubectl get -o kyaml` does: YAML in braces and brackets behind a `---`, keys sorted, all text in
 * double quotes, keys in quotes only where another reader could take them for something else. Ends with a line break.
 */
export function dumpKyaml(value: Dumpable): string {
  return `---\n${rendered(value, 0)}\n`;
}

/** The text of a value whose first line stands on a line that is indented by `indent`. */
function rendered(value: Dumpable, indent: number): string {
  if (typeof value === 'string') return quoted(value, indent);
  if (isList(value)) return list(value, indent);
  if (isMap(value)) return map(value, indent);
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function map(value: { readonly [key: string]: Dumpable | undefined }, indent: number): string {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (keys.length === 0) return '{}';
  const inner = indent + STEP;
  const lines = keys
    .sort()
    .map((key) => `${blanks(inner)}${keyText(key)}: ${rendered(value[key] ?? null, inner)},\n`);
  return `{\n${lines.join('')}${blanks(indent)}}`;
}

/** Maps and lists that fill a list share the lines of its brackets. */
function list(items: readonly Dumpable[], indent: number): string {
  if (items.length === 0) return '[]';
  if (items.every((item) => isMap(item) || isList(item))) {
    return `[${items.map((item) => rendered(item, indent)).join(', ')}]`;
  }
  const inner = indent + STEP;
  const lines = items.map((item) => `${blanks(inner)}${rendered(item, inner)},\n`);
  return `[\n${lines.join('')}${blanks(indent)}]`;
}

const isList = (value: Dumpable): value is readonly Dumpable[] => Array.isArray(value);
const isMap = (value: Dumpable): value is { readonly [key: string]: Dumpable | undefined } =>
  typeof value === 'object' && value !== null && !isList(value);
const blanks = (count: number): string => ' '.repeat(count);

/** Text on one line, or line by line between escaped line breaks, where a blank that leads a line is escaped. */
function quoted(text: string, indent: number): string {
  if (!text.includes('\n')) return `"${escaped(text)}"`;
  const lines = text.split('\n');
  const isBroken = lines.at(-1) === '';
  if (isBroken) lines.pop();
  const inner = blanks(indent + STEP);
  const body = lines.map((line, at) => {
    const lead = /^\p{White_Space}/u.test(line) ? '\\' : ' ';
    const ending = at < lines.length - 1 || isBroken ? '\\n' : '';
    return `${inner}${lead}${escaped(line)}${ending}\\\n`;
  });
  return `"\\\n${body.join('')}${inner}"`;
}

/** As elsewhere in YAML, but that a tab stays as it is. */
const ESCAPES: Readonly<Record<string, string>> = { ...NAMED_ESCAPES, '\t': '\t' };

function escaped(text: string): string {
  return text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (char) => {
    const known = ESCAPES[char];
    if (known !== undefined) return known;
    const code = (char.codePointAt(0) ?? 0).toString(16);
    if (char < '\x80') return `\\x${code.padStart(2, '0')}`;
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
  });
}

const PLAIN_KEY = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_./-]*[\p{L}\p{N}_])?$/u;
const OTHER_MEANING = /^(?:null|true|false|t|f|yes|no|y|n|on|off|nan|inf|infinity)$/i;
const NUMBER = /^(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|0x[0-9a-f]+|0o[0-7]+|0b[01]+)$/i;
const DATE = /^\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])$/;

function keyText(key: string): string {
  const isPlain =
    PLAIN_KEY.test(key) &&
    !OTHER_MEANING.test(key) &&
    !NUMBER.test(key.replaceAll('_', '')) &&
    !DATE.test(key);
  return isPlain ? key : `"${escaped(key).replaceAll('\t', '\\t')}"`;
}
