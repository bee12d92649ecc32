import type { Json } from '../../../api/meta.ts';
import { isList, isObject, type JsonObject } from '../json-object.ts';
import type { PatchSchema } from '../patch-schema.ts';

/**
 * How apply looks at a place: as one value (`leaf`), as an object whose fields are owned one by one, or as a list
 * whose items are.
 */
export type Granularity = 'leaf' | 'object' | 'items';

/**
 * The granularity that the schema gives a place. Where there is no schema it is read off the values: objects field
 * by field, lists whole.
 */
export function granularity(
  schema: PatchSchema | undefined,
  ...values: readonly (Json | undefined)[]
): Granularity {
  if (schema === undefined) return values.some(isObject) ? 'object' : 'leaf';
  switch (schema.shape) {
    case 'struct':
    case 'map':
      return schema.mapType === 'atomic' ? 'leaf' : 'object';
    case 'list':
      return schema.listType === 'map' || schema.listType === 'set' ? 'items' : 'leaf';
    default:
      return 'leaf';
  }
}

/** A value as an object, null and absence as the empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** A value as a list, null and absence as the empty one. */
export function asList(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
