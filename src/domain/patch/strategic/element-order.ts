import type { Json } from '../../../api/meta.ts';
import { goText, isObject, own } from '../json-object.ts';

/** What tells two items of a merged list apart: the merge key's value, or a scalar itself, as text with its type. */
export function identity(item: Json, mergeKey: string | undefined): string {
  const value = mergeKey !== undefined && isObject(item) ? own(item, mergeKey) : item;
  return `${typeof value} ${goText(value)}`;
}

/** Position of each item of a list, by identity; the first one where an identity repeats. */
function positions(list: readonly Json[], mergeKey: string | undefined): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  list.forEach((item, index) => {
    const id = identity(item, mergeKey);
    if (!result.has(id)) result.set(id, index);
  });
  return result;
}

/**
 * The order of a list after a merge. Items that the patch names (all in `patchOrder`) come in the patch's order, the
 * server's own in the order that they had. The two rows are woven together: an item of the server's comes first only
 * if both fronts were in the list before and it stood before the other; in doubt the patch's comes first. So items
 * that are new come before those that the patch does not name.
 *
 * @param merged the items after the merge, in any order
 * @param patchOrder the list in the patch, or its `$setElementOrder`
 * @param serverOrder the list as it was before
 */
export function orderElements(
  merged: readonly Json[],
  patchOrder: readonly Json[],
  serverOrder: readonly Json[],
  mergeKey: string | undefined,
): readonly Json[] {
  const inPatch = positions(patchOrder, mergeKey);
  const onServer = positions(serverOrder, mergeKey);
  const patched: Json[] = [];
  const others: Json[] = [];
  for (const item of merged) (inPatch.has(identity(item, mergeKey)) ? patched : others).push(item);
  const rank = (item: Json | undefined, order: ReadonlyMap<string, number>): number | undefined =>
    item === undefined ? undefined : order.get(identity(item, mergeKey));
  const by = (order: ReadonlyMap<string, number>) => (a: Json, b: Json) =>
    (rank(a, order) ?? order.size) - (rank(b, order) ?? order.size);
  patched.sort(by(inPatch));
  others.sort(by(onServer));

  const result: Json[] = [];
  let next = 0;
  for (const item of patched) {
    const place = rank(item, onServer);
    while (place !== undefined && next < others.length) {
      const other = others[next];
      const otherPlace = rank(other, onServer);
      if (other === undefined || otherPlace === undefined || otherPlace >= place) break;
      result.push(other);
      next++;
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}
