import { fieldSchemaOf, isObject, mapFields, mapItems, type StructuralSchema } from './structural-schema.ts';

/** Fills in a schema's defaults, also in place of nulls that it does not allow. Shares what does not change. */
export function withSchemaDefaults(value: unknown, schema: StructuralSchema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) {
    return mapItems(value, (item) => withSchemaDefaults(replacedNull(item, schema.items), schema.items));
  }
  if (!isObject(value)) return value;
  const { properties = {} } = schema;
  const missing = Object.entries(properties).filter(
    ([name, property]) => property.default !== undefined && !Object.hasOwn(value, name),
  );
  const complete =
    missing.length === 0
      ? value
      : { ...value, ...Object.fromEntries(missing.map(([name, property]) => [name, property.default])) };
  return mapFields(complete, (inner, name) => {
    const field = fieldSchemaOf(schema, name);
    return withSchemaDefaults(replacedNull(inner, field), field);
  });
}

function replacedNull(value: unknown, schema: StructuralSchema | undefined): unknown {
  return value === null && schema?.nullable !== true ? (schema?.default ?? null) : value;
}
