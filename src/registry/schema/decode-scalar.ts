import { canonicalQuantity } from '../../domain/quantity.ts';
import { DecodeAbort, type DecodeContext, jsonKindOf } from './decode-context.ts';
import { canonicalTime } from './go-time.ts';
import type { TypeNode } from './type-node.ts';
import { zeroOf } from './zero-value.ts';

/** Go's zero time, which is written as null. */
const ZERO_TIME = /^0001-01-01T00:00:00(\.000000)?Z$/;

/** Records that a value does not fit; Go then leaves the zero value. */
export function refuse(type: TypeNode, value: unknown, context: DecodeContext): unknown {
  context.mismatched(jsonKindOf(value), type.goType);
  return zeroOf(type);
}

/** The commonest canonical quantities, recognized without reading them. */
const CANONICAL_QUANTITY = /^[1-9]\d{0,2}(?:m|Mi|Gi)?$/;

const INT32_MAX = 2 ** 31 - 1;
const INT64_LIMIT = 2 ** 63;

export function decodeInteger(type: TypeNode, value: unknown, context: DecodeContext): unknown {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number') return refuse(type, value, context);
  const fits =
    Number.isInteger(number) &&
    (type.shape === 'int32'
      ? number <= INT32_MAX && number >= -INT32_MAX - 1
      : number < INT64_LIMIT && number >= -INT64_LIMIT);
  if (fits) return Object.is(number, -0) ? 0 : number;
  context.mismatched(`number ${String(value)}`, type.goType);
  return zeroOf(type);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** []byte is base64 in JSON; Go's decoder passes over line breaks. */
export function decodeBytes(type: TypeNode, value: unknown, context: DecodeContext): unknown {
  if (Array.isArray(value)) return decodeByteList(type, value, context);
  if (typeof value !== 'string') return refuse(type, value, context);
  const text = /[\r\n]/.test(value) ? value.replaceAll(/[\r\n]/g, '') : value;
  if (!BASE64.test(text)) {
    context.mismatch ??= `illegal base64 data at input byte ${corruptByte(value)}`;
    return zeroOf(type);
  }
  // Bits that the last characters carry beyond the last byte do not survive.
  return text.endsWith('=') ? Buffer.from(text, 'base64').toString('base64') : text;
}

/** A list of numbers is as good as base64 to Go. */
function decodeByteList(type: TypeNode, value: readonly unknown[], context: DecodeContext): unknown {
  const bytes = value.map((item) => item ?? 0);
  const wrong = bytes.find(
    (item) => !(typeof item === 'number' && Number.isInteger(item) && item >= 0 && item < 256),
  );
  if (wrong === undefined) return Buffer.from(bytes as number[]).toString('base64');
  context.mismatched(typeof wrong === 'number' ? `number ${wrong}` : jsonKindOf(wrong), 'uint8');
  return zeroOf(type);
}

/** Where Go's base64 reader stops: at the first character out of place. */
function corruptByte(text: string): number {
  let quantum = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\n' || char === '\r') continue;
    if (char === '=') {
      if (quantum < 2) return i;
      let next = i + 1;
      const skipBreaks = () => {
        while (text[next] === '\n' || text[next] === '\r') next++;
      };
      skipBreaks();
      if (quantum === 2) {
        if (next === text.length) return text.length;
        if (text[next] !== '=') return next - 1;
        next++;
        skipBreaks();
      }
      return next;
    }
    if (!/[A-Za-z0-9+/]/.test(char)) return i;
    quantum = (quantum + 1) % 4;
  }
  return text.length - quantum;
}

/** A quantity in the form in which the API server gives it back. */
export function decodeQuantity(value: unknown): string {
  if (typeof value === 'string' && CANONICAL_QUANTITY.test(value)) return value;
  try {
    return canonicalQuantity(value);
  } catch (error) {
    throw new DecodeAbort((error as Error).message);
  }
}

export function decodeIntOrString(value: unknown, context: DecodeContext): unknown {
  if (typeof value === 'string') return value;
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number') throw new DecodeAbort(context.mismatchText(jsonKindOf(value), 'int32'));
  if (!Number.isInteger(number) || number > INT32_MAX || number < -INT32_MAX - 1) {
    throw new DecodeAbort(context.mismatchText(`number ${String(value)}`, 'int32'));
  }
  return number;
}

export function decodeTime(type: TypeNode, value: unknown, context: DecodeContext): unknown {
  if (typeof value !== 'string') {
    throw new DecodeAbort(context.mismatchText(jsonKindOf(value), 'string'));
  }
  try {
    const time = canonicalTime(value, type.shape === 'time' ? 'seconds' : 'micros');
    return ZERO_TIME.test(time) ? null : time;
  } catch (error) {
    throw new DecodeAbort((error as Error).message);
  }
}
