import { structOf } from './builtin-types.ts';
import { DecodeAbort, DecodeContext } from './decode-context.ts';
import {
  decodeBytes,
  decodeInteger,
  decodeIntOrString,
  decodeQuantity,
  decodeTime,
  refuse,
} from './decode-scalar.ts';
import type { FieldNode, StructNode, TypeNode } from './type-node.ts';
import { zeroOf } from './zero-value.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Decodes a value into its Go type and says what Go would encode it as. Returns the value itself where it is
 * already in that form, so that canonical objects cost no copies. Problems go to the context.
 */
function decodeValue(type: TypeNode, value: unknown, context: DecodeContext): unknown {
  if (value === null || value === undefined) return zeroOf(type);
  switch (type.shape) {
    case 'struct':
      return decodeStruct(type, value, context);
    case 'list':
      return decodeList(type, value, context);
    case 'map':
      return decodeMap(type, value, context);
    case 'string':
      return typeof value === 'string' ? value : refuse(type, value, context);
    case 'bool':
      return typeof value === 'boolean' ? value : refuse(type, value, context);
    case 'int32':
    case 'int64':
      return decodeInteger(type, value, context);
    case 'float':
      return typeof value === 'number' ? value : refuse(type, value, context);
    case 'bytes':
      return decodeBytes(type, value, context);
    case 'quantity':
      return decodeQuantity(value);
    case 'intOrString':
      return decodeIntOrString(value, context);
    case 'time':
    case 'microTime':
      return decodeTime(type, value, context);
    case 'raw':
      return value;
    case 'schemaOrBool':
    case 'schemaOrArray':
    case 'schemaOrStrings':
      return decodeSchemaUnion(type, value);
  }
}

function decodeStruct(type: TypeNode, value: unknown, context: DecodeContext): unknown {
  if (typeof value !== 'object' || Array.isArray(value)) return refuse(type, value, context);
  return decodeFields(structOf(type.structName ?? ''), value as JsonObject, context);
}

/** Decodes the fields of a struct. See `decodeValue`. Those that are fields of `known`, by identity, are canonical. */
export function decodeFields(
  struct: StructNode,
  source: JsonObject,
  context: DecodeContext,
  known?: JsonObject,
): JsonObject {
  const outer = context.struct;
  const keys = Object.keys(source);
  let result: Record<string, unknown> | undefined;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string; // i < keys.length
    const field = struct.fields.get(key);
    if (field === undefined) {
      context.unknownField(key);
      result ??= copyOfFirst(source, keys, i);
      continue;
    }
    const given = source[key];
    if (isPlain(field.type, given) || (known !== undefined && given === known[key])) {
      if (result !== undefined) setOwn(result, key, given);
      continue;
    }
    context.struct = struct;
    context.fieldStack.push(field.goPath);
    context.path.push(key);
    let decoded = decodeValue(field.type, given, context);
    if (isEmpty(field.type, decoded) && !(context.keepsEmpty && !field.omitEmpty)) decoded = null;
    context.path.pop();
    context.fieldStack.pop();
    const kept = !vanishes(field, decoded);
    if (result === undefined && (!kept || decoded !== given)) result = copyOfFirst(source, keys, i);
    if (result !== undefined && kept) setOwn(result, key, decoded);
  }
  context.struct = outer;
  for (const field of struct.always) {
    if (Object.hasOwn(source, field.name)) continue;
    result ??= { ...source };
    result[field.name] = zeroOf(field.type);
  }
  return result ?? source;
}

/** Whether it is a scalar that Go keeps as it is, whatever the field's options are: most values are. */
function isPlain({ shape }: TypeNode, value: unknown): boolean {
  switch (shape) {
    case 'string':
      return typeof value === 'string' && value !== '';
    case 'bool':
      return value === true;
    case 'int32':
      return typeof value === 'number' && value > 0 && value < 2 ** 31 && Number.isInteger(value);
    default:
      return false;
  }
}

function copyOfFirst(source: JsonObject, keys: readonly string[], count: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const key = keys[i] as string; // i < count ≤ keys.length
    setOwn(copy, key, source[key]);
  }
  return copy;
}

/** Assigns, also to a key such as `__proto__` that assignment would not make a property of. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

function isEmpty(type: TypeNode, value: unknown): boolean {
  if (value === null) return false;
  if (type.shape === 'list') return (value as readonly unknown[]).length === 0;
  return type.shape === 'map' && Object.keys(value as JsonObject).length === 0;
}

/** Whether Go leaves a field with this (canonical) value out. */
function vanishes(field: FieldNode, value: unknown): boolean {
  if (field.omitZero && value === null) return true;
  if (!field.omitEmpty) return false;
  if (value === null) return field.type.pointer || isNilable(field.type);
  if (field.type.pointer) return false;
  switch (field.type.shape) {
    case 'string':
    case 'bytes':
      return value === '';
    case 'bool':
      return value === false;
    case 'int32':
    case 'int64':
    case 'float':
      return value === 0;
    default:
      return false;
  }
}

function isNilable(type: TypeNode): boolean {
  return type.shape === 'list' || type.shape === 'map' || type.shape === 'bytes';
}

function decodeList(type: TypeNode, value: unknown, context: DecodeContext): unknown {
  const { element } = type;
  if (!Array.isArray(value) || element === undefined) return refuse(type, value, context);
  let result: unknown[] | undefined;
  for (let i = 0; i < value.length; i++) {
    context.path.push(i);
    const decoded = decodeValue(element, value[i], context);
    context.path.pop();
    if (result === undefined && decoded !== value[i]) result = value.slice(0, i);
    result?.push(decoded);
  }
  return result ?? value;
}

function decodeMap(type: TypeNode, value: unknown, context: DecodeContext): unknown {
  const { element } = type;
  if (typeof value !== 'object' || Array.isArray(value) || element === undefined) {
    return refuse(type, value, context);
  }
  const source = value as JsonObject;
  const keys = Object.keys(source);
  let result: Record<string, unknown> | undefined;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string; // i < keys.length
    context.path.push(key);
    const decoded = decodeValue(element, source[key], context);
    context.path.pop();
    if (result === undefined && decoded !== source[key]) result = copyOfFirst(source, keys, i);
    if (result !== undefined) setOwn(result, key, decoded);
  }
  return result ?? source;
}

const SCHEMA: TypeNode = {
  goType: 'v1.JSONSchemaProps',
  shape: 'struct',
  pointer: false,
  element: undefined,
  structName: 'apiextensions/v1.JSONSchemaProps',
};
const SCHEMA_LIST: TypeNode = { ...SCHEMA, goType: '[]v1.JSONSchemaProps', shape: 'list', element: SCHEMA };
const STRINGS: TypeNode = {
  goType: '[]string',
  shape: 'list',
  pointer: false,
  structName: undefined,
  element: { goType: 'string', shape: 'string', pointer: false, element: undefined, structName: undefined },
};

/** The three unions of JSON schema: a schema or a boolean, a schema or a list of them, a schema or strings. */
function decodeSchemaUnion(type: TypeNode, value: unknown): unknown {
  if (Array.isArray(value)) {
    if (type.shape === 'schemaOrArray') return inner(SCHEMA_LIST, value);
    if (type.shape === 'schemaOrStrings') return inner(STRINGS, value);
  } else if (typeof value === 'object') {
    return inner(SCHEMA, value);
  } else if (typeof value === 'boolean' && type.shape === 'schemaOrBool') {
    return value;
  }
  if (type.shape === 'schemaOrBool') throw new DecodeAbort('boolean or JSON schema expected');
  return null;
}

/** Decodes as a decoder of its own inside a type that decodes itself does: unknown fields pass, mismatches abort. */
function inner(type: TypeNode, value: unknown): unknown {
  const nested = new DecodeContext(true);
  const decoded = decodeValue(type, value, nested);
  if (nested.mismatch !== undefined) throw new DecodeAbort(nested.mismatch);
  return decoded;
}
