import type { Json } from '../../../api/meta.ts';
import { fromEntries, isList, isObject, own } from '../json-object.ts';

/** `$patch: replace | delete | merge` on an object. */
export const PATCH = '$patch';
/** `$retainKeys: [names]`: all other keys of the object go. */
export const RETAIN_KEYS = '$retainKeys';
/** `$setElementOrder/field`: the order of a merged list. */
export const SET_ELEMENT_ORDER = '$setElementOrder/';
/** `$deleteFromPrimitiveList/field`: scalars to take out of a merged list. */
export const DELETE_FROM_PRIMITIVE_LIST = '$deleteFromPrimitiveList/';

function isDirective(key: string): boolean {
  return (
    key === PATCH ||
    key === RETAIN_KEYS ||
    key.startsWith(SET_ELEMENT_ORDER) ||
    key.startsWith(DELETE_FROM_PRIMITIVE_LIST)
  );
}

/**
 * A part of a patch as it is put where nothing was before: without directives and without nulls. Undefined when the
 * part says `$patch: delete`.
 */
export function withoutDirectives(value: Json): Json | undefined {
  if (isList(value)) {
    return value.flatMap((item) => {
      const kept = withoutDirectives(item);
      return kept === undefined ? [] : [kept];
    });
  }
  if (!isObject(value)) return value;
  if (own(value, PATCH) === 'delete') return undefined;
  return fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const kept = item === null || isDirective(key) ? undefined : withoutDirectives(item);
      return kept === undefined ? [] : [[key, kept] as const];
    }),
  );
}
