import type { Json } from '../../api/meta.ts';
import { formatRfc3339 } from '../../domain/rfc3339.ts';
import { structOf } from '../../registry/schema/builtin-types.ts';
import type { StructNode, TypeNode } from '../../registry/schema/type-node.ts';
import { numberedFields } from './field-numbers.ts';
import { bytesOf, integerOf, WireError, type WireValue, wireFields } from './wire.ts';

/** A JSON object under construction. */
interface Building {
  [field: string]: Json;
}

/** Reads the message of a struct (`core/v1.PodSpec`) as the JSON of the same object. Throws WireError. */
export function decodeMessage(structName: string, bytes: Buffer): Json {
  const object: Building = {};
  readInto(object, structOf(structName), structName, bytes);
  return object;
}

/** Reads the fields of `messageName` into the object of `struct`: the same, or one that embeds it. */
function readInto(object: Building, struct: StructNode, messageName: string, bytes: Buffer): void {
  const numbered = numberedFields(messageName);
  for (const { number, value } of wireFields(bytes)) {
    const what = numbered.get(number);
    // Fields of newer versions are overlooked, as protobuf has it.
    if (what === undefined) continue;
    if ('embedded' in what) {
      readInto(object, struct, what.embedded, bytesOf(value));
      continue;
    }
    const type = struct.fields.get(what.field)?.type;
    if (type !== undefined) put(object, what.field, type, value);
  }
}

/** Lists and maps come one element at a time. */
function put(object: Building, field: string, type: TypeNode, value: WireValue): void {
  const { element } = type;
  if (type.shape === 'list' && element !== undefined) {
    const list = object[field];
    const one = decodeValue(element, value);
    if (Array.isArray(list)) list.push(one);
    else object[field] = [one];
  } else if (type.shape === 'map' && element !== undefined) {
    const { key, entry } = mapEntry(element, bytesOf(value));
    const map = (object[field] ?? {}) as Building; // only this branch writes the field
    object[field] = map;
    Object.defineProperty(map, key, { value: entry, enumerable: true, configurable: true, writable: true });
  } else {
    object[field] = decodeValue(type, value);
  }
}

function mapEntry(element: TypeNode, bytes: Buffer): { readonly key: string; readonly entry: Json } {
  let key = '';
  let entry: Json | undefined;
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1) key = bytesOf(value).toString('utf8');
    if (number === 2)
      entry = element.shape === 'list' ? items(element, bytesOf(value)) : decodeValue(element, value);
  }
  return { key, entry: entry ?? (element.shape === 'struct' ? {} : '') };
}

/** A list that is a map's value is a message of its own, with the elements in its first field. */
function items({ element }: TypeNode, bytes: Buffer): Json {
  const list: Json[] = [];
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1 && element !== undefined) list.push(decodeValue(element, value));
  }
  return list;
}

function decodeValue(type: TypeNode, value: WireValue): Json {
  switch (type.shape) {
    case 'struct':
      if (type.structName === undefined) throw new WireError(`proto: no message for ${type.goType}`);
      return decodeMessage(type.structName, bytesOf(value));
    case 'string':
      return bytesOf(value).toString('utf8');
    case 'bool':
      return integerOf(value) !== 0;
    case 'int32':
    case 'int64':
      return integerOf(value);
    case 'float':
      return bytesOf(value).readDoubleLE(0);
    case 'bytes':
      return bytesOf(value).toString('base64');
    case 'quantity':
      return firstText(bytesOf(value)) ?? '0';
    case 'raw': {
      const text = firstText(bytesOf(value));
      return text === undefined ? null : parsed(text);
    }
    case 'intOrString':
      return intOrString(bytesOf(value));
    case 'time':
      return timeText(bytesOf(value), 'seconds');
    case 'microTime':
      return timeText(bytesOf(value), 'microseconds');
    default:
      throw new WireError(`proto: ${type.goType} is only read as JSON`);
  }
}

/** The first field of a message, where it is all that the message has. */
function firstText(bytes: Buffer): string | undefined {
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1) return bytesOf(value).toString('utf8');
  }
  return undefined;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new WireError('proto: a raw value is no JSON');
  }
}

/** A message of type (1), number (2) and text (3); type 1 is text. */
function intOrString(bytes: Buffer): Json {
  let isText = false;
  let number = 0;
  let text = '';
  for (const field of wireFields(bytes)) {
    if (field.number === 1) isText = integerOf(field.value) === 1;
    if (field.number === 2) number = integerOf(field.value);
    if (field.number === 3) text = bytesOf(field.value).toString('utf8');
  }
  return isText ? text : number;
}

/** A message of seconds (1) and nanoseconds (2); nothing at all is no time. */
function timeText(bytes: Buffer, precision: 'seconds' | 'microseconds'): Json {
  let seconds = 0;
  let nanoseconds = 0;
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1) seconds = integerOf(value);
    if (number === 2) nanoseconds = integerOf(value);
  }
  if (seconds === 0 && nanoseconds === 0) return null;
  const ms = seconds * 1000;
  if (Math.abs(ms) > 8.64e15 || nanoseconds < 0 || nanoseconds >= 1e9)
    throw new WireError('proto: time out of range');
  const text = formatRfc3339(ms);
  if (precision === 'seconds') return text;
  return text.replace('Z', `.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}Z`);
}
