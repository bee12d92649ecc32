import type { Json } from '../../api/meta.ts';
import { goPrinted, goTypeName, isGoInteger } from '../go-values/print.ts';
import { FunctionError } from './function-error.ts';

/** Whether the first equals one of the others. Throws FunctionError. */
export function isEqualToOne(values: readonly (Json | undefined)[]): boolean {
  const [first, ...others] = values;
  if (others.length === 0) throw new FunctionError('missing argument for comparison');
  requireBasic(first);
  return others.some((other) => isEqual(first, other));
}

/** Whether two values are the same. Throws FunctionError for values of different types. */
export function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  requireBasic(a);
  requireBasic(b);
  if (isNothing(a) || isNothing(b)) return isNothing(a) === isNothing(b);
  requireSameType(a, b);
  return a === b;
}

/** Whether the first is less than the second. Throws FunctionError for values that have no order. */
export function isLess(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === 'object' || typeof b === 'object' || a === undefined || b === undefined) {
    throw new FunctionError('invalid type for comparison');
  }
  requireSameType(a, b);
  if (typeof a === 'boolean') throw new FunctionError('invalid type for comparison');
  return a < b;
}

const isNothing = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null;

function requireBasic(value: Json | undefined): void {
  if (typeof value === 'object' && value !== null) {
    throw new FunctionError(`non-comparable type ${goPrinted(value)}: ${goTypeName(value)}`);
  }
}

function requireSameType(a: Json, b: Json): void {
  if (typeof a !== typeof b || (typeof a === 'number' && isGoInteger(a) !== isGoInteger(Number(b)))) {
    throw new FunctionError(`incompatible types for comparison: ${goTypeName(a)} and ${goTypeName(b)}`);
  }
}
