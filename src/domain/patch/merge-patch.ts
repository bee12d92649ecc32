import type { Json } from '../../api/meta.ts';
import { deepEqual } from '../deep-equal.ts';
import { fromEntries, isEmpty, isList, isObject, type JsonObject, own, setOwn } from './json-object.ts';
import { PatchError } from './patch-error.ts';

/**
 * Applies a JSON merge patch (RFC 7386). Null removes a key; objects merge; anything else replaces. As the API
 * server's library does, nulls inside a replaced list's objects are dropped too.
 */
export function applyMergePatch(doc: Json, patch: Json): Json {
  if (!isObject(patch) || !isObject(doc)) return withoutNulls(patch);
  const result: { [key: string]: Json } = {};
  for (const key of Object.keys(doc)) {
    const before = doc[key];
    const change = own(patch, key);
    if (before === undefined || change === null) continue;
    setOwn(result, key, change === undefined ? before : applyMergePatch(before, change));
  }
  for (const key of Object.keys(patch)) {
    const added = patch[key];
    if (added === undefined || added === null || own(doc, key) !== undefined) continue;
    setOwn(result, key, withoutNulls(added));
  }
  return result;
}

/** A value with every null property of every object in it removed: itself where there is none. Null items of lists stay. */
function withoutNulls(value: Json): Json {
  if (isList(value)) {
    const items = value.map(withoutNulls);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  let isSame = true;
  const entries: (readonly [string, Json])[] = [];
  for (const [key, item] of Object.entries(value)) {
    const kept = withoutNulls(item);
    if (kept !== null) entries.push([key, kept]);
    isSame &&= kept === item && kept !== null;
  }
  return isSame ? value : fromEntries(entries);
}

/** The JSON merge patch that turns `from` into `to`. Lists are replaced whole. `{}` when they are equal. */
export function createMergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch = new Map<string, Json>();
  for (const [key, after] of Object.entries(to)) {
    const before = own(from, key);
    if (before === undefined) patch.set(key, after);
    else if (isObject(before) && isObject(after)) {
      const inner = createMergePatch(before, after);
      if (!isEmpty(inner)) patch.set(key, inner);
    } else if (!deepEqual(before, after)) patch.set(key, after);
  }
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch.set(key, null);
  return fromEntries(patch);
}

/**
 * The merge patch that `kubectl apply` sends for kinds without merge keys, that is custom resources: what `modified`
 * adds to or changes in `current`, and the removal of what was in `original` (the last applied) and no longer is in
 * `modified`. Fields that others set stay.
 *
 * @throws PatchError `PreconditionFailed` when apiVersion, kind or metadata.name would change.
 */
export function createThreeWayJsonMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
): JsonObject {
  const changes = changesOf(createMergePatch(current, modified));
  const removals = removalsOf(createMergePatch(original, modified));
  const patch = combineMergePatches(removals, changes);
  const metadata = own(patch, 'metadata');
  if (
    Object.hasOwn(patch, 'apiVersion') ||
    Object.hasOwn(patch, 'kind') ||
    (isObject(metadata) && Object.hasOwn(metadata, 'name'))
  ) {
    throw new PatchError('PreconditionFailed', 'At least one of apiVersion, kind and name was changed');
  }
  return patch;
}

/** The patch without its removals. */
function changesOf(patch: JsonObject): JsonObject {
  const kept = new Map<string, Json>();
  for (const [key, value] of Object.entries(patch)) {
    const inner = isObject(value) ? changesOf(value) : value;
    const emptied = isObject(value) && isObject(inner) && isEmpty(inner) && !isEmpty(value);
    if (inner !== null && !emptied) kept.set(key, inner);
  }
  return fromEntries(kept);
}

/** The patch's removals alone. */
function removalsOf(patch: JsonObject): JsonObject {
  const kept = new Map<string, Json>();
  for (const [key, value] of Object.entries(patch)) {
    const inner = isObject(value) ? removalsOf(value) : value;
    if (value === null || (isObject(inner) && !isEmpty(inner))) kept.set(key, inner);
  }
  return fromEntries(kept);
}

/** One patch that does what `first` and then `second` do. */
function combineMergePatches(first: JsonObject, second: JsonObject): JsonObject {
  const combined = new Map(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const before = combined.get(key);
    combined.set(key, isObject(before) && isObject(value) ? combineMergePatches(before, value) : value);
  }
  return fromEntries(combined);
}
