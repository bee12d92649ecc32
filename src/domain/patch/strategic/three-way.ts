import type { Json } from '../../../api/meta.ts';
import { deepEqual } from '../../deep-equal.ts';
import { goText, isList, isObject, type JsonObject, own } from '../json-object.ts';
import { PatchError } from '../patch-error.ts';
import type { PatchSchema } from '../patch-schema.ts';
import { mergeObject } from './apply.ts';
import { diffObjects } from './diff.ts';
import { DELETE_FROM_PRIMITIVE_LIST, PATCH, SET_ELEMENT_ORDER } from './directives.ts';
import { identity } from './element-order.ts';

/** The strategic merge patch that turns `original` into `modified`. `{}` when they are equal. */
export function createTwoWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema | undefined,
): JsonObject {
  return diffObjects(original, modified, schema, { changes: true, deletions: true, elementOrder: true });
}

/**
 * The strategic merge patch that `kubectl apply` sends: what `modified` adds to or changes in `current`, and the
 * removal of what was in `original` (the last applied) and is no longer in `modified`. Fields that others set stay.
 *
 * @param overwrite false refuses to change what somebody else changed since `original`
 * @throws PatchError `Conflict` for such changes without `overwrite`
 */
export function createThreeWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  schema: PatchSchema | undefined,
  overwrite = true,
): JsonObject {
  const changes = diffObjects(current, modified, schema, {
    changes: true,
    deletions: false,
    elementOrder: true,
  });
  const removals = diffObjects(original, modified, schema, {
    changes: false,
    deletions: true,
    elementOrder: true,
  });
  const patch = mergeObject(removals, changes, schema, 'combine');
  if (!overwrite) {
    const theirs = diffObjects(original, current, schema, {
      changes: true,
      deletions: true,
      elementOrder: false,
    });
    if (conflicts(patch, theirs, schema)) {
      throw new PatchError(
        'Conflict',
        `patch:\n${goText(patch)}\nconflicts with changes made from original to current:\n${goText(theirs)}\n`,
      );
    }
  }
  return patch;
}

/** Whether two patches of one document set the same thing differently. */
function conflicts(
  ours: Json | undefined,
  theirs: Json | undefined,
  schema: PatchSchema | undefined,
): boolean {
  if (isObject(ours) && isObject(theirs)) {
    if (!deepEqual(own(ours, PATCH), own(theirs, PATCH))) return true;
    return Object.keys(ours).some((key) => {
      if (!Object.hasOwn(theirs, key) || key.startsWith(SET_ELEMENT_ORDER)) return false;
      if (key.startsWith(DELETE_FROM_PRIMITIVE_LIST)) return false;
      return conflicts(own(ours, key), own(theirs, key), schema?.field(key));
    });
  }
  const mergeKey = schema?.mergeKey;
  if (isList(ours) && isList(theirs) && schema?.patchStrategy.includes('merge')) {
    if (mergeKey === undefined) return false;
    const others = new Map(theirs.map((item) => [identity(item, mergeKey), item]));
    return ours.some((item) => {
      const other = others.get(identity(item, mergeKey));
      return other !== undefined && conflicts(item, other, schema.items);
    });
  }
  return !deepEqual(ours, theirs);
}
