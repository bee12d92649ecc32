import type { Json, KubeObject } from '../../api/meta.ts';
import { type JsonPath, jsonPath, relaxedPath } from '../../domain/jsonpath/jsonpath.ts';
import { JsonPathError } from '../../domain/jsonpath/jsonpath-error.ts';
import { compareQuantities, parseQuantity, type Quantity } from '../../domain/quantity.ts';
import { CommandError } from '../errors.ts';

/**
 * Sorts objects by the value at a path such as `.metadata.name` or `{.status.phase}`, as `kubectl get --sort-by` does:
 * numbers and quantities by their size, text byte by byte (`a10` before `a2`), objects without the field first.
 * Throws CommandError when no object has it, and for a path that cannot be read.
 */
export function sortObjects(objects: readonly KubeObject[], path: string): readonly KubeObject[] {
  try {
    return sortBy(objects, relaxedPath(path));
  } catch (error) {
    throw error instanceof JsonPathError ? new CommandError(error.message) : error;
  }
}

function sortBy(objects: readonly KubeObject[], template: string): readonly KubeObject[] {
  const field: JsonPath = jsonPath(template, { allowMissing: true });
  // Objects of the API are JSON.
  const keyed = objects.map((object) => ({ object, value: field.find(object as unknown as Json)[0] }));
  if (objects.length > 0 && keyed.every(({ value }) => value === undefined)) {
    throw new CommandError(
      `couldn't find any field with path ${JSON.stringify(template)} in the list of objects`,
    );
  }
  // kubectl's sorting turns the order of objects without the field around.
  const without = keyed.filter(({ value }) => value === undefined).reverse();
  const others = keyed.filter(({ value }) => value !== undefined);
  return [...without, ...others.sort((a, b) => compare(a.value, b.value))].map(({ object }) => object);
}

function compare(a: Json | undefined, b: Json | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  const [x, y] = [quantityOf(left), quantityOf(right)];
  if (x !== undefined && y !== undefined) return compareQuantities(x, y);
  return left < right ? -1 : left > right ? 1 : 0;
}

function quantityOf(text: string): Quantity | undefined {
  try {
    return parseQuantity(text);
  } catch {
    return undefined;
  }
}
