import { structOf } from '../../registry/schema/builtin-types.ts';
import type { FieldNode, TypeNode } from '../../registry/schema/type-node.ts';

/** A schema of an OpenAPI document. */
export type Schema = Readonly<Record<string, unknown>>;

/** Which OpenAPI a schema is written for; they differ in where definitions lie and in what `oneOf` may do. */
export type Dialect = 'v2' | 'v3';

const PREFIXES: Readonly<Record<string, string>> = {
  'meta/v1': 'io.k8s.apimachinery.pkg.apis.meta.v1',
  'apiextensions/v1': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  'apiregistration/v1': 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
};

/** `apps/v1.DaemonSet` as OpenAPI documents name it: `io.k8s.api.apps.v1.DaemonSet`. */
function schemaName(structName: string): string {
  const dot = structName.lastIndexOf('.');
  const home = structName.slice(0, dot);
  return `${PREFIXES[home] ?? `io.k8s.api.${home.replaceAll('/', '.')}`}${structName.slice(dot)}`;
}

/** Where a document keeps the schema of this name. */
export function reference(name: string, dialect: Dialect): string {
  return dialect === 'v2' ? `#/definitions/${name}` : `#/components/schemas/${name}`;
}

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.Time';
const MICRO_TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime';

const NAMED_SCALARS: Readonly<Record<Dialect, Readonly<Record<string, Schema>>>> = {
  v2: {
    [QUANTITY]: { type: 'string' },
    [INT_OR_STRING]: { type: 'string', format: 'int-or-string' },
    [TIME]: { type: 'string', format: 'date-time' },
    [MICRO_TIME]: { type: 'string', format: 'date-time' },
  },
  v3: {
    [QUANTITY]: { oneOf: [{ type: 'string' }, { type: 'number' }] },
    [INT_OR_STRING]: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
    [TIME]: { type: 'string', format: 'date-time' },
    [MICRO_TIME]: { type: 'string', format: 'date-time' },
  },
};

/** Collects the schemas of built-in kinds for one document, each struct once. */
export class SchemaCollector {
  readonly #dialect: Dialect;
  readonly #schemas = new Map<string, Schema>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** All that was collected, by name and in the order of names. */
  all(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.#schemas.entries()].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Keeps a schema under a name of its own. */
  add(name: string, schema: Schema): void {
    this.#schemas.set(name, schema);
  }

  /** Adds a struct and everything that it refers to; answers its name. */
  addStruct(structName: string, extensions: Schema = {}): string {
    const name = schemaName(structName);
    if (this.#schemas.has(name)) {
      if (Object.keys(extensions).length > 0)
        this.#schemas.set(name, { ...this.#schemas.get(name), ...extensions });
      return name;
    }
    // Structs may hold themselves: the name has to be taken before their fields are looked at.
    this.#schemas.set(name, {});
    const struct = structOf(structName);
    const fields = [...struct.fields.values()];
    const required = fields.filter((field) => field.required).map((field) => field.name);
    this.#schemas.set(name, {
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      ...(fields.length === 0
        ? {}
        : { properties: Object.fromEntries(fields.map((field) => [field.name, this.#field(field)])) }),
      ...(struct.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
      ...extensions,
    });
    return name;
  }

  #field(field: FieldNode): Schema {
    const extensions = {
      ...(field.enum.length === 0 ? {} : { enum: field.enum }),
      ...(field.listType === undefined ? {} : { 'x-kubernetes-list-type': field.listType }),
      ...(field.listMapKeys.length === 0 ? {} : { 'x-kubernetes-list-map-keys': field.listMapKeys }),
      ...(field.mapType === undefined ? {} : { 'x-kubernetes-map-type': field.mapType }),
      ...(field.mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': field.mergeKey }),
      ...(field.patchStrategy.length === 0
        ? {}
        : { 'x-kubernetes-patch-strategy': field.patchStrategy.join(',') }),
    };
    return withExtensions(this.#type(field.type), extensions, this.#dialect);
  }

  #named(name: string, schema?: Schema): Schema {
    if (schema !== undefined && !this.#schemas.has(name)) this.#schemas.set(name, schema);
    return { $ref: reference(name, this.#dialect) };
  }

  #scalar(name: string): Schema {
    return this.#named(name, NAMED_SCALARS[this.#dialect][name] ?? {});
  }

  #type(type: TypeNode): Schema {
    switch (type.shape) {
      case 'struct':
        return type.structName === undefined
          ? { type: 'object' }
          : this.#named(this.addStruct(type.structName));
      case 'list':
      case 'schemaOrStrings':
        return {
          type: 'array',
          items: type.element === undefined ? { type: 'string' } : this.#type(type.element),
        };
      case 'map':
        return {
          type: 'object',
          additionalProperties: type.element === undefined ? { type: 'string' } : this.#type(type.element),
        };
      case 'string':
        return { type: 'string' };
      case 'bool':
        return { type: 'boolean' };
      case 'int32':
        return { type: 'integer', format: 'int32' };
      case 'int64':
        return { type: 'integer', format: 'int64' };
      case 'float':
        return { type: 'number', format: 'double' };
      case 'bytes':
        return { type: 'string', format: 'byte' };
      case 'quantity':
        return this.#scalar(QUANTITY);
      case 'intOrString':
        return this.#scalar(INT_OR_STRING);
      case 'time':
        return this.#scalar(TIME);
      case 'microTime':
        return this.#scalar(MICRO_TIME);
      case 'raw':
      case 'schemaOrBool':
      case 'schemaOrArray':
        return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    }
  }
}

/** Nothing may stand beside a reference in OpenAPI v3: it goes into `allOf` then. */
function withExtensions(schema: Schema, extensions: Schema, dialect: Dialect): Schema {
  if (Object.keys(extensions).length === 0) return schema;
  if (schema.$ref === undefined || dialect === 'v2') return { ...schema, ...extensions };
  return { allOf: [schema], ...extensions };
}
