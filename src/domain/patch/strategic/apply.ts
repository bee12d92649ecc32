import type { Json } from '../../../api/meta.ts';
import { deepEqual } from '../../deep-equal.ts';
import { fromEntries, goText, isList, isObject, type JsonObject, own } from '../json-object.ts';
import { PatchError } from '../patch-error.ts';
import type { PatchSchema } from '../patch-schema.ts';
import {
  DELETE_FROM_PRIMITIVE_LIST,
  PATCH,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
  withoutDirectives,
} from './directives.ts';
import { orderElements } from './element-order.ts';
import { type ItemMerge, mergeList } from './lists.ts';

/**
 * `apply`: a patch onto an object; directives act and vanish, nulls remove.
 * `combine`: a patch onto another patch; directives and nulls are kept for whoever applies the result.
 */
export type MergeMode = 'apply' | 'combine';

/**
 * Applies a strategic merge patch (`application/strategic-merge-patch+json`) as the API server does. Objects merge
 * by key, lists with a merge key by item, other lists are replaced. The document is not changed; parts that the
 * patch does not touch are shared with the result.
 *
 * @param schema the document's type; without it every list is replaced
 * @throws PatchError `BadRequest` for malformed directives, `InternalError` for items without their merge key
 */
export function applyStrategicMergePatch(doc: Json, patch: Json, schema: PatchSchema | undefined): Json {
  if (!isObject(doc) || !isObject(patch)) throw new PatchError('BadRequest', 'invalid JSON document');
  return mergeObject(doc, patch, schema, 'apply');
}

/** Merges a patch into an object (or into another patch, see {@link MergeMode}). */
export function mergeObject(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema | undefined,
  mode: MergeMode,
): JsonObject {
  const directive = own(patch, PATCH);
  if (directive !== undefined) return replaceOrDelete(directive, patch, mode);
  const merged = new Map(Object.entries(original));
  const fields = new Map(Object.entries(patch));
  retainKeys(merged, fields, mode);
  setElementOrders(merged, fields, schema, mode);
  for (const [key, value] of fields) mergeField(merged, key, value, schema, mode);
  return fromEntries(merged);
}

function replaceOrDelete(directive: Json, patch: JsonObject, mode: MergeMode): JsonObject {
  if (directive === 'delete') return {};
  if (directive !== 'replace') {
    throw new PatchError(
      'InternalError',
      `unknown patch type: ${goText(directive)} in map: ${goText(patch)}`,
    );
  }
  const content = fromEntries(Object.entries(patch).filter(([key]) => key !== PATCH));
  if (mode === 'combine') return content;
  const kept = withoutDirectives(content);
  return isObject(kept) ? kept : {};
}

/** `$retainKeys` lists all keys that may stay; the patch itself may set no other. */
function retainKeys(merged: Map<string, Json>, fields: Map<string, Json>, mode: MergeMode): void {
  const list = fields.get(RETAIN_KEYS);
  if (list === undefined) return;
  fields.delete(RETAIN_KEYS);
  if (mode === 'combine') {
    const before = merged.get(RETAIN_KEYS);
    if (before !== undefined && !deepEqual(before, list)) {
      throw new PatchError('InternalError', `${goText(before)} and ${goText(list)} are not deep equal`);
    }
    merged.set(RETAIN_KEYS, list);
    return;
  }
  if (!isList(list)) throw new PatchError('BadRequest', 'invalid patch format of retainKeys');
  const kept = new Set(list);
  for (const [key, value] of fields) {
    const free =
      value === null || key.startsWith(DELETE_FROM_PRIMITIVE_LIST) || key.startsWith(SET_ELEMENT_ORDER);
    if (!free && !kept.has(key)) throw new PatchError('BadRequest', 'invalid patch format of retainKeys');
  }
  for (const key of [...merged.keys()]) if (!kept.has(key)) merged.delete(key);
}

/**
 * Handles every `$setElementOrder/x` together with the patch's list `x` and its deletions, which it takes out of
 * `fields`, so that the ordinary merge does not see them again.
 */
function setElementOrders(
  merged: Map<string, Json>,
  fields: Map<string, Json>,
  schema: PatchSchema | undefined,
  mode: MergeMode,
): void {
  for (const [key, order] of [...fields]) {
    if (!key.startsWith(SET_ELEMENT_ORDER)) continue;
    fields.delete(key);
    if (mode === 'combine') {
      const before = merged.get(key);
      if (before !== undefined && !deepEqual(before, order)) throw badElementOrder();
      merged.set(key, order);
      continue;
    }
    const name = key.slice(SET_ELEMENT_ORDER.length);
    const original = merged.get(name);
    const patch = fields.get(name);
    if (!isList(order)) throw badElementOrder();
    if (patch === null) continue;
    if (patch !== undefined && !isList(patch)) throw badElementOrder();
    if (original !== undefined && !isList(original)) throw badElementOrder();
    fields.delete(name);
    const field = schema?.field(name);
    const mergeKey = order.some(isObject) ? field?.mergeKey : undefined;
    let list = original ?? [];
    const deletions = fields.get(DELETE_FROM_PRIMITIVE_LIST + name);
    if (deletions !== undefined) {
      fields.delete(DELETE_FROM_PRIMITIVE_LIST + name);
      if (!isList(deletions)) throw new PatchError('BadRequest', 'invalid patch format of primitive list');
      list = list.filter((item) => !deletions.some((deleted) => deepEqual(item, deleted)));
    }
    if (patch !== undefined)
      list = mergeList(list, withinOrder(patch, order, mergeKey, key), itemMerge(field, mode));
    if (original === undefined && patch === undefined) continue;
    merged.set(name, orderElements(list, order, original ?? [], mergeKey));
  }
}

function badElementOrder(): PatchError {
  return new PatchError('BadRequest', 'invalid patch format of setElementOrder list');
}

/** The patch's list, after checking that what it sets appears in `$setElementOrder` in the same order. */
function withinOrder(
  patch: readonly Json[],
  order: readonly Json[],
  mergeKey: string | undefined,
  directive: string,
): readonly Json[] {
  const idOf = (item: Json) => (mergeKey !== undefined && isObject(item) ? own(item, mergeKey) : item);
  let next = 0;
  for (const item of patch) {
    if (isObject(item) && Object.hasOwn(item, PATCH)) continue;
    while (next < order.length && !deepEqual(idOf(order[next] ?? null), idOf(item))) next++;
    if (next === order.length) {
      throw new PatchError(
        'InternalError',
        `The order in patch list:\n${goText(patch)}\n doesn't match ${directive} list:\n${goText(order)}\n`,
      );
    }
    next++;
  }
  return patch;
}

function mergeField(
  merged: Map<string, Json>,
  key: string,
  value: Json,
  schema: PatchSchema | undefined,
  mode: MergeMode,
): void {
  if (key.startsWith(DELETE_FROM_PRIMITIVE_LIST)) {
    if (mode === 'combine') merged.set(key, value);
    else deleteScalars(merged, key.slice(DELETE_FROM_PRIMITIVE_LIST.length), value);
    return;
  }
  if (value === null) {
    if (mode === 'combine') merged.set(key, null);
    else merged.delete(key);
    return;
  }
  const before = merged.get(key);
  const field = schema?.field(key);
  if (isObject(before) && isObject(value) && !field?.patchStrategy.includes('replace')) {
    merged.set(key, mergeObject(before, value, field, mode));
  } else if (isList(before) && isList(value) && field?.patchStrategy.includes('merge')) {
    merged.set(
      key,
      orderElements(mergeList(before, value, itemMerge(field, mode)), value, before, field.mergeKey),
    );
  } else {
    const kept = mode === 'combine' ? value : withoutDirectives(value);
    if (kept === undefined) merged.delete(key);
    else merged.set(key, kept);
  }
}

function itemMerge(field: PatchSchema | undefined, mode: MergeMode): ItemMerge {
  return {
    mergeKey: field?.mergeKey,
    merge: (item, change) => mergeObject(item, change, field?.items, mode),
    add: (item) => (mode === 'combine' ? item : withoutDirectives(item)),
  };
}

function deleteScalars(merged: Map<string, Json>, name: string, deletions: Json): void {
  const before = merged.get(name);
  if (!isList(deletions)) throw new PatchError('BadRequest', 'invalid patch format of primitive list');
  if (!isList(before)) return;
  merged.set(
    name,
    before.filter((item) => !deletions.some((deleted) => deepEqual(item, deleted))),
  );
}
