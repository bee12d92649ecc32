import type { Json } from '../../../api/meta.ts';
import { goText, isList, isObject, type JsonObject, own } from '../json-object.ts';
import { PatchError } from '../patch-error.ts';
import { PATCH } from './directives.ts';
import { identity } from './element-order.ts';

/** How the items of a list merge. */
export interface ItemMerge {
  /** Absent for a list that has none: then only scalars can be merged. */
  readonly mergeKey: string | undefined;
  /** Merges a change into the item with the same merge key. */
  merge(item: JsonObject, change: JsonObject): JsonObject;
  /** An item that was not in the list before, as it goes in; undefined when it stays out. */
  add(item: JsonObject): Json | undefined;
}

/**
 * Merges a patch's list into a list whose strategy is `merge`: objects by merge key, scalars as a set. The result is
 * in no particular order yet (see `orderElements`).
 *
 * @throws PatchError for mixed lists, lists of lists, items without their merge key, and unknown directives
 */
export function mergeList(
  original: readonly Json[],
  patch: readonly Json[],
  how: ItemMerge,
): readonly Json[] {
  const all = [...original, ...patch];
  if (all.some(isList)) throw new PatchError('Invalid', 'lists of lists are not supported');
  const objects = all.filter(isObject).length;
  if (objects === 0) return [...new Map(all.map((item) => [identity(item, undefined), item])).values()];
  if (objects !== all.length) throw new PatchError('InternalError', 'list of different types');
  if (how.mergeKey === undefined)
    throw new PatchError('InternalError', 'cannot merge lists without merge key');
  return mergeItems(original.filter(isObject), patch.filter(isObject), how.mergeKey, how);
}

function mergeItems(
  original: readonly JsonObject[],
  patch: readonly JsonObject[],
  mergeKey: string,
  how: ItemMerge,
): readonly Json[] {
  const { replaced, deleted, content } = directivesOf(patch, mergeKey);
  const merged: JsonObject[] = [];
  const places = new Map<string, number>();
  const push = (item: JsonObject, id: string) => {
    if (!places.has(id)) places.set(id, merged.length);
    merged.push(item);
  };
  for (const item of replaced ? [] : original) {
    const id = identity(requireKey(item, mergeKey), mergeKey);
    if (!deleted.has(id)) push(item, id);
  }
  for (const change of content) {
    const id = identity(replaced ? change : requireKey(change, mergeKey), mergeKey);
    const place = replaced ? undefined : places.get(id);
    const before = place === undefined ? undefined : merged[place];
    if (place !== undefined && before !== undefined) merged[place] = how.merge(before, change);
    else {
      const item = how.add(change);
      if (isObject(item)) push(item, id);
    }
  }
  return merged;
}

function directivesOf(patch: readonly JsonObject[], mergeKey: string) {
  let replaced = false;
  const deleted = new Set<string>();
  const content: JsonObject[] = [];
  for (const item of patch) {
    const directive = own(item, PATCH);
    if (directive === undefined) content.push(item);
    else if (directive === 'delete') deleted.add(identity(requireKey(item, mergeKey), mergeKey));
    else if (directive === 'replace') replaced = true;
    else if (directive === 'merge') {
      throw new PatchError('InternalError', 'merging lists cannot yet be specified in the patch');
    } else {
      throw new PatchError(
        'InternalError',
        `unknown patch type: ${goText(directive)} in map: ${goText(item)}`,
      );
    }
  }
  return { replaced, deleted, content };
}

function requireKey(item: JsonObject, mergeKey: string): JsonObject {
  if (Object.hasOwn(item, mergeKey)) return item;
  throw new PatchError(
    'InternalError',
    `map: ${goText(item)} does not contain declared merge key: ${mergeKey}`,
  );
}
