import type { Json } from '../../api/meta.ts';
import { goPrinted, goTypeName, isGoInteger, isList, isMap } from '../go-values/print.ts';
import { isEqual, isEqualToOne, isLess } from './compare.ts';
import { FunctionError } from './function-error.ts';
import { sprint, sprintf } from './printf.ts';

type Value = Json | undefined;

/** A function that templates may call, with the number of its arguments. */
export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  /** Throws FunctionError. */
  call(values: readonly Value[]): Value;
}

/** Whether a value counts as true: everything but nothing, false, zero and what is empty. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

const any = Number.POSITIVE_INFINITY;
const between = (least: number, most: number, call: TemplateFunction['call']): TemplateFunction => ({
  least,
  most,
  call,
});
const ofTwo = (holds: (a: Value, b: Value) => boolean): TemplateFunction =>
  between(2, 2, ([a, b]) => holds(a, b));
const ofText = (change: (text: string) => string): TemplateFunction =>
  between(0, any, (values) => change(asText(values)));

/** The functions of Go's templates, and kubectl's own `exists` and `base64decode`. */
export const TEMPLATE_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  // These two are answered where their arguments are, because they need not look at all of them.
  ['and', between(1, any, ([first]) => first)],
  ['or', between(1, any, ([first]) => first)],
  ['not', between(1, 1, ([value]) => !isTrue(value))],
  ['eq', between(1, any, isEqualToOne)],
  ['ne', ofTwo((a, b) => !isEqual(a, b))],
  ['lt', ofTwo(isLess)],
  ['le', ofTwo((a, b) => isLess(a, b) || isEqual(a, b))],
  ['gt', ofTwo((a, b) => !isLess(a, b) && !isEqual(a, b))],
  ['ge', ofTwo((a, b) => !isLess(a, b))],
  ['len', between(1, 1, ([value]) => lengthOf(value))],
  ['index', between(1, any, ([value, ...keys]) => memberBelow(value, keys))],
  ['slice', between(1, any, ([value, ...bounds]) => sliceOf(value, bounds))],
  ['print', between(0, any, sprint)],
  ['printf', between(1, any, ([format, ...values]) => sprintf(String(format), values))],
  ['println', between(0, any, (values) => `${values.map(goPrinted).join(' ')}\n`)],
  ['html', ofText(escapeHtml)],
  ['js', ofText(escapeScript)],
  ['urlquery', ofText(escapeQuery)],
  ['base64decode', between(1, 1, ([text]) => decodeBase64(String(text)))],
  ['exists', between(1, any, ([value, ...keys]) => exists(value, keys))],
]);

function asText(values: readonly Value[]): string {
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : sprint(values);
}

function lengthOf(value: Value): number {
  if (value === undefined || value === null) throw new FunctionError('len of nil pointer');
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (isList(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  throw new FunctionError(`len of type ${goTypeName(value)}`);
}

/** What is at the end of a path of keys and indexes. */
function memberBelow(value: Value, keys: readonly Value[]): Value {
  if (value === undefined) throw new FunctionError('index of untyped nil');
  return keys.reduce<Value>(memberAt, value);
}

function memberAt(value: Value, key: Value): Value {
  if (value === undefined || value === null) throw new FunctionError('index of nil pointer');
  if (isMap(value)) {
    if (typeof key !== 'string')
      throw new FunctionError(`value has type ${argumentType(key)}; should be string`);
    return Object.hasOwn(value, key) ? value[key] : undefined;
  }
  if (isList(value) || typeof value === 'string') {
    const items = typeof value === 'string' ? [...Buffer.from(value)] : value;
    const at = indexIn(key, items.length - 1);
    return items[at];
  }
  throw new FunctionError(`can't index item of type ${goTypeName(value)}`);
}

const argumentType = (value: Value): string =>
  typeof value === 'number' && isGoInteger(value) ? 'int' : goTypeName(value);

function indexIn(key: Value, last: number): number {
  if (key === undefined || key === null) throw new FunctionError('cannot index slice/array with nil');
  if (typeof key !== 'number' || !isGoInteger(key)) {
    throw new FunctionError(`cannot index slice/array with type ${argumentType(key)}`);
  }
  if (key < 0 || key > last) {
    throw new FunctionError(`index out of range: ${key}`);
  }
  return key;
}

function sliceOf(value: Value, bounds: readonly Value[]): Value {
  if (value === undefined || value === null) throw new FunctionError('slice of untyped nil');
  if (bounds.length > 3) throw new FunctionError(`too many slice indexes: ${bounds.length}`);
  if (typeof value === 'string') {
    if (bounds.length === 3) throw new FunctionError('cannot 3-index slice a string');
    const bytes = Buffer.from(value);
    const [from, to] = range(bounds, bytes.length);
    return bytes.subarray(from, to).toString('utf8');
  }
  if (!isList(value)) throw new FunctionError(`can't slice item of type ${goTypeName(value)}`);
  const [from, to] = range(bounds, value.length);
  return value.slice(from, to);
}

function range(bounds: readonly Value[], length: number): readonly [number, number] {
  const [from = 0, to = length] = bounds.map((bound) => indexIn(bound, length));
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  return [from, to];
}

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\ufffd',
};

function escapeHtml(text: string): string {
  return text.replace(/["'&<>\0]/g, (char) => HTML[char] ?? char);
}

function escapeScript(text: string): string {
  return text.replace(/[\\'"<>&=]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (char) => {
    if (char === '\\' || char === "'" || char === '"') return `\\${char}`;
    return `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function decodeBase64(text: string): string {
  const bare = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bare)) {
    const wrong = text.search(/[^A-Za-z0-9+/\r\n]/);
    throw new FunctionError(
      `base64 decode failed: illegal base64 data at input byte ${wrong < 0 ? Math.floor(bare.length / 4) * 4 : wrong}`,
    );
  }
  return Buffer.from(bare, 'base64').toString('utf8');
}

/** Whether there is something at the end of a path of keys and indexes. */
function exists(value: Value, keys: readonly Value[]): boolean {
  try {
    const found = memberBelow(value, keys);
    return found !== undefined && found !== null;
  } catch (error) {
    if (error instanceof FunctionError) return false;
    throw error;
  }
}
