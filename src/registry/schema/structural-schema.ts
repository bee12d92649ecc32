/** A structural schema: the part of OpenAPI v3 that CustomResourceDefinitions may use, as it stands in the object. */
export interface StructuralSchema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: boolean | StructuralSchema;
  readonly items?: StructuralSchema;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly StructuralSchema[];
  readonly anyOf?: readonly StructuralSchema[];
  readonly oneOf?: readonly StructuralSchema[];
  readonly not?: StructuralSchema;
  readonly description?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
}

/** A JSON object that is only read. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema of a map's values; undefined where the map is closed or its values are free. */
export function valueSchema(schema: StructuralSchema): StructuralSchema | undefined {
  return isObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

/** The schema of an object's field; undefined where it has none of its own. */
export function fieldSchemaOf(schema: StructuralSchema, name: string): StructuralSchema | undefined {
  const { properties } = schema;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : valueSchema(schema);
}

/** `path.name`, or the name alone at the root. */
export function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** Path of a field as the checks beyond the schema's own write it: `path.name` for fields, `path[key]` in maps. */
export function keyedPath(schema: StructuralSchema, path: string, name: string): string {
  const { properties } = schema;
  const isMap =
    valueSchema(schema) !== undefined && !(properties !== undefined && Object.hasOwn(properties, name));
  return isMap ? `${path}[${name}]` : joined(path, name);
}

/** Replaces the values of an object by what `change` makes of them, `undefined` removing one; shares what stays. */
export function mapFields(object: JsonObject, change: (value: unknown, name: string) => unknown): JsonObject {
  let result: [string, unknown][] | undefined;
  const entries = Object.entries(object);
  for (const [index, [name, value]] of entries.entries()) {
    const changed = change(value, name);
    if (result === undefined && changed !== value) result = entries.slice(0, index);
    if (result !== undefined && changed !== undefined) result.push([name, changed]);
  }
  return result === undefined ? object : Object.fromEntries(result);
}

/** Replaces the items of a list by what `change` makes of them; shares what stays. */
export function mapItems(
  list: readonly unknown[],
  change: (item: unknown, index: number) => unknown,
): readonly unknown[] {
  const changed = list.map(change);
  return changed.every((item, index) => item === list[index]) ? list : changed;
}
