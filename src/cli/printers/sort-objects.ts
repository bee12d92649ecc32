import type { Json, KubeObject } from '../../api/meta.ts';
import { compareQuantities, parseQuantity, type Quantity } from '../../domain/quantity.ts';
import { firstAtPath } from '../../registry/tables/column-path.ts';
import { CommandError } from '../errors.ts';

/**
 * Sorts objects by the value at a path such as `.metadata.name` or `{.status.phase}`, as `kubectl get --sort-by` does:
 * numbers and quantities by their size, text in natural order (`a2` before `a10`), objects without the field first.
 * Throws CommandError when no object has it.
 */
export function sortObjects(objects: readonly KubeObject[], path: string): readonly KubeObject[] {
  // Objects of the API are JSON.
  const keyed = objects.map((object) => ({ object, value: firstAtPath(object as unknown as Json, path) }));
  if (objects.length > 0 && keyed.every(({ value }) => value === undefined)) {
    const bare = path.replace(/^\{|\}$/g, '');
    const shown = `{${bare.startsWith('.') || bare.startsWith('[') ? bare : `.${bare}`}}`;
    throw new CommandError(
      `couldn't find any field with path ${JSON.stringify(shown)} in the list of objects`,
    );
  }
  return keyed.sort((a, b) => compare(a.value, b.value)).map(({ object }) => object);
}

function compare(a: Json | undefined, b: Json | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  const [x, y] = [quantityOf(left), quantityOf(right)];
  return x !== undefined && y !== undefined ? compareQuantities(x, y) : compareNaturally(left, right);
}

function quantityOf(text: string): Quantity | undefined {
  try {
    return parseQuantity(text);
  } catch {
    return undefined;
  }
}

/** Runs of digits count as the number that they are. */
function compareNaturally(a: string, b: string): number {
  const [left, right] = [chunks(a), chunks(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [x = '', y = ''] = [left[at], right[at]];
    if (x === y) continue;
    const bySize = DIGITS.test(x) && DIGITS.test(y) ? Number(x) - Number(y) : 0;
    return bySize || (x < y ? -1 : 1);
  }
  return left.length - right.length;
}

const DIGITS = /^[0-9]/;
const chunks = (text: string): readonly string[] => text.match(/[0-9]+|[^0-9]+/g) ?? [];
