import {
  fieldSchemaOf,
  isObject,
  type JsonObject,
  joined,
  mapFields,
  mapItems,
  type StructuralSchema,
} from './structural-schema.ts';

/** Fields that every resource has, whatever its schema says. */
const ENVELOPE: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Removes the fields of a custom resource that its schema does not know. `unknown` receives their paths
 * (`spec.list[0].x`), sorted.
 */
export function pruneUnknown(object: JsonObject, schema: StructuralSchema, unknown: string[]): JsonObject {
  const found: string[] = [];
  const pruned = pruneObject(object, schema, '', true, found);
  for (const path of found.sort()) unknown.push(path);
  return pruned;
}

function prune(value: unknown, schema: StructuralSchema | undefined, path: string, found: string[]): unknown {
  if (Array.isArray(value)) {
    if (schema?.items === undefined && schema?.['x-kubernetes-preserve-unknown-fields'] === true)
      return value;
    return mapItems(value, (item, index) => prune(item, schema?.items, `${path}[${index}]`, found));
  }
  return isObject(value) ? pruneObject(value, schema, path, false, found) : value;
}

function pruneObject(
  object: JsonObject,
  schema: StructuralSchema = {},
  path: string,
  isResource: boolean,
  found: string[],
): JsonObject {
  const enveloped = isResource || schema['x-kubernetes-embedded-resource'] === true;
  return mapFields(object, (value, name) => {
    if (enveloped && ENVELOPE.has(name)) return value;
    const fieldPath = joined(path, name);
    const field = fieldSchemaOf(schema, name);
    if (field !== undefined) return prune(value, field, fieldPath, found);
    if (schema.additionalProperties === true) return prune(value, undefined, fieldPath, found);
    if (schema['x-kubernetes-preserve-unknown-fields'] === true) return value;
    found.push(fieldPath);
    return undefined;
  });
}

/** Removes nulls where the schema allows none and has no default to put there. */
export function pruneNulls(value: unknown, schema: StructuralSchema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return mapItems(value, (item) => pruneNulls(item, schema.items));
  if (!isObject(value)) return value;
  return mapFields(value, (inner, name) => {
    const field = fieldSchemaOf(schema, name);
    const dropped =
      inner === null && field !== undefined && field.nullable !== true && field.default === undefined;
    return dropped ? undefined : pruneNulls(inner, field);
  });
}
