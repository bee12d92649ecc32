import { duplicate, type FieldErrors } from '../validation/field-error.ts';
import { fieldSchemaOf, isObject, keyedPath, type StructuralSchema } from './structural-schema.ts';
import { valueIdentity } from './value-identity.ts';

/** Lists that are sets, or maps by some of their items' fields, hold nothing twice. */
export function checkLists(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: string,
  errors: FieldErrors,
): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    checkUnique(value, schema, path, errors);
    for (const [index, item] of value.entries()) checkLists(item, schema.items, `${path}[${index}]`, errors);
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      checkLists(inner, fieldSchemaOf(schema, name), keyedPath(schema, path, name), errors);
    }
  }
}

function checkUnique(
  list: readonly unknown[],
  schema: StructuralSchema,
  path: string,
  errors: FieldErrors,
): void {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const identities = list.map((item) => (listType === 'set' ? item : keyOf(item, keys)));
  const timesSeen = new Map<string, number>();
  for (const [index, identity] of identities.entries()) {
    const key = valueIdentity(identity);
    const times = timesSeen.get(key) ?? 0;
    timesSeen.set(key, times + 1);
    if (times === 1) errors.push(duplicate(`${path}[${index}]`, identity));
  }
}

function keyOf(item: unknown, keys: readonly string[]): unknown {
  if (!isObject(item)) return item;
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]));
}
