import { structOf } from './builtin-types.ts';
import type { TypeNode } from './type-node.ts';

/** What Go encodes for a value that was absent or null. Shared and frozen by convention: callers never mutate. */
export function zeroOf(type: TypeNode): unknown {
  if (type.pointer) return null;
  switch (type.shape) {
    case 'struct':
      return zeroStruct(type);
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'float':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'schemaOrBool':
      return false;
    default:
      return null;
  }
}

const zeroStructs = new Map<string, Readonly<Record<string, unknown>>>();

function zeroStruct(type: TypeNode): Readonly<Record<string, unknown>> {
  const name = type.structName ?? '';
  let zero = zeroStructs.get(name);
  if (zero === undefined) {
    zero = Object.fromEntries(structOf(name).always.map((field) => [field.name, zeroOf(field.type)]));
    zeroStructs.set(name, zero);
  }
  return zero;
}
