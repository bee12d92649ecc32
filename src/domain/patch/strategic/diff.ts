import type { Json } from '../../../api/meta.ts';
import { deepEqual } from '../../deep-equal.ts';
import { fromEntries, isEmpty, isList, isObject, type JsonObject, own } from '../json-object.ts';
import { PatchError } from '../patch-error.ts';
import type { PatchSchema } from '../patch-schema.ts';
import { DELETE_FROM_PRIMITIVE_LIST, PATCH, RETAIN_KEYS, SET_ELEMENT_ORDER } from './directives.ts';
import { identity, orderElements } from './element-order.ts';

/** Which differences go into a patch. */
export interface DiffOptions {
  /** What `to` has and `from` has not, or has otherwise. */
  readonly changes: boolean;
  /** What `from` has and `to` has not. */
  readonly deletions: boolean;
  /** State the order of merged lists with `$setElementOrder`. */
  readonly elementOrder: boolean;
}

/**
 * The strategic merge patch that turns `from` into `to`, as far as `options` lets it.
 *
 * @param retain lists the keys of `to` in `$retainKeys` when there is something to say (strategy `retainKeys`)
 */
export function diffObjects(
  from: JsonObject,
  to: JsonObject,
  schema: PatchSchema | undefined,
  options: DiffOptions,
  retain = false,
): JsonObject {
  const patch = new Map<string, Json>();
  for (const [key, after] of Object.entries(to)) {
    const before = own(from, key);
    if (key === PATCH) {
      if (before !== undefined && !deepEqual(before, after)) {
        throw new PatchError('InternalError', `${PATCH} differs between the two documents`);
      }
    } else if (before === undefined) {
      if (options.changes) patch.set(key, after);
    } else diffField(patch, key, before, after, schema?.field(key), options);
  }
  if (options.deletions)
    for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch.set(key, null);
  const kept = retain ? Object.keys(to).filter((key) => to[key] !== null) : [];
  const someGo = Object.keys(from).some((key) => !Object.hasOwn(to, key));
  if (kept.length > 0 && (patch.size > 0 || someGo)) patch.set(RETAIN_KEYS, kept.sort());
  return fromEntries(patch);
}

function diffField(
  patch: Map<string, Json>,
  key: string,
  before: Json,
  after: Json,
  field: PatchSchema | undefined,
  options: DiffOptions,
): void {
  const strategy = field?.patchStrategy ?? [];
  const retain = strategy.includes('retainKeys');
  if (isObject(before) && isObject(after) && !strategy.includes('replace')) {
    const inner = diffObjects(before, after, field, options, retain);
    if (!isEmpty(inner)) patch.set(key, inner);
  } else if (isList(before) && isList(after) && strategy.includes('merge')) {
    const { changed, removed, order } = diffLists(before, after, field, options, retain);
    if (changed.length > 0) patch.set(key, changed);
    if (removed.length > 0) patch.set(DELETE_FROM_PRIMITIVE_LIST + key, removed);
    if (order.length > 0) patch.set(SET_ELEMENT_ORDER + key, order);
  } else if (options.changes && !deepEqual(before, after)) patch.set(key, after);
}

interface ListDiff {
  /** Items for the patch's list, deletions of objects included. */
  readonly changed: readonly Json[];
  /** Scalars for `$deleteFromPrimitiveList`. */
  readonly removed: readonly Json[];
  /** Content of `$setElementOrder`. */
  readonly order: readonly Json[];
}

const NOTHING: readonly Json[] = [];

function diffLists(
  before: readonly Json[],
  after: readonly Json[],
  field: PatchSchema | undefined,
  options: DiffOptions,
  retain: boolean,
): ListDiff {
  if (before.length === 0)
    return { changed: options.changes ? after : NOTHING, removed: NOTHING, order: NOTHING };
  const objects = [...before, ...after].filter(isObject).length;
  if (objects === 0) return diffScalars(before, after, options);
  if (objects !== before.length + after.length || [...before, ...after].some(isList)) {
    throw new PatchError('InternalError', 'list of different types');
  }
  const mergeKey = field?.mergeKey;
  if (mergeKey === undefined) throw new PatchError('InternalError', 'cannot merge lists without merge key');
  const diffItem = (a: JsonObject, b: JsonObject) => diffObjects(a, b, field?.items, options, retain);
  return diffItems(before.filter(isObject), after.filter(isObject), mergeKey, diffItem, options);
}

function diffScalars(before: readonly Json[], after: readonly Json[], options: DiffOptions): ListDiff {
  const had = new Set(before.map((item) => identity(item, undefined)));
  const has = new Set(after.map((item) => identity(item, undefined)));
  const added = new Map<string, Json>();
  for (const item of after) {
    const id = identity(item, undefined);
    if (!had.has(id)) added.set(id, item);
  }
  const changed = options.changes ? [...added.values()] : NOTHING;
  const removed = options.deletions ? before.filter((item) => !has.has(identity(item, undefined))) : NOTHING;
  const ordered =
    options.elementOrder && (removed.length > 0 || (options.changes && !deepEqual(before, after)));
  return { changed, removed, order: ordered ? after : NOTHING };
}

function diffItems(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  mergeKey: string,
  diffItem: (before: JsonObject, after: JsonObject) => JsonObject,
  options: DiffOptions,
): ListDiff {
  const keyOf = (item: JsonObject): Json => {
    const key = own(item, mergeKey);
    if (key === undefined) {
      throw new PatchError(
        'InternalError',
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`,
      );
    }
    return key;
  };
  const had = new Map(before.map((item) => [identity(keyOf(item), undefined), item]));
  const has = new Set(after.map((item) => identity(keyOf(item), undefined)));
  const changed: Json[] = [];
  for (const item of after) {
    const previous = had.get(identity(keyOf(item), undefined));
    if (previous === undefined) {
      if (options.changes) changed.push(item);
      continue;
    }
    const inner = diffItem(previous, item);
    if (!isEmpty(inner)) changed.push({ ...inner, [mergeKey]: keyOf(item) });
  }
  const gone = options.deletions ? before.filter((item) => !has.has(identity(keyOf(item), undefined))) : [];
  const sameOrder = deepEqual(before.map(keyOf), after.map(keyOf));
  const ordered =
    options.elementOrder && (gone.length > 0 || (options.changes && (changed.length > 0 || !sameOrder)));
  return {
    changed: [
      ...orderElements(changed, after, [], mergeKey),
      ...gone.map((item) => ({ [PATCH]: 'delete', [mergeKey]: keyOf(item) })),
    ],
    removed: NOTHING,
    order: ordered ? after.map((item) => ({ [mergeKey]: keyOf(item) })) : NOTHING,
  };
}
