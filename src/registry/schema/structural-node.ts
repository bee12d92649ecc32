import type { SchemaNode } from './schema-node.ts';
import { fieldSchemaOf, isObject, type StructuralSchema, valueSchema } from './structural-schema.ts';

function shapeOf(schema: StructuralSchema): SchemaNode['shape'] {
  if (schema.type === 'array') return 'list';
  if (schema.properties !== undefined) return 'struct';
  if (valueSchema(schema) !== undefined) return 'map';
  if (schema.type === 'object' || schema.type === undefined) return 'any';
  return 'scalar';
}

function typeNameOf(schema: StructuralSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return 'IntOrString';
  if (schema.type === 'array') return `[]${schema.items === undefined ? 'Object' : typeNameOf(schema.items)}`;
  const values = valueSchema(schema);
  if (values !== undefined && schema.properties === undefined) return `map[string]${typeNameOf(values)}`;
  return schema.type === undefined || schema.type === 'object' ? 'Object' : schema.type;
}

/** Metadata is no part of a definition's schema; apply merges what matters of it by these rules. */
const METADATA: StructuralSchema = {
  type: 'object',
  properties: {
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
    finalizers: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    ownerReferences: {
      type: 'array',
      items: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
    },
  },
};

class StructuralSchemaNode implements SchemaNode {
  readonly shape: SchemaNode['shape'];
  readonly required: boolean;
  /** Custom resources know no strategic merge. */
  readonly mergeKey = undefined;
  readonly patchStrategy: readonly string[] = [];
  readonly listType: SchemaNode['listType'];
  readonly listMapKeys: readonly string[];
  readonly mapType: SchemaNode['mapType'];
  readonly enum: readonly string[];
  readonly #schema: StructuralSchema;

  constructor(schema: StructuralSchema, isRequired: boolean) {
    this.#schema = schema;
    this.shape = shapeOf(schema);
    this.required = isRequired;
    this.listType = schema['x-kubernetes-list-type'];
    this.listMapKeys = schema['x-kubernetes-list-map-keys'] ?? [];
    this.mapType = schema['x-kubernetes-map-type'];
    this.enum = (schema.enum ?? []).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  }

  get typeName(): string {
    return typeNameOf(this.#schema);
  }

  get fieldNames(): readonly string[] {
    return Object.keys(this.#schema.properties ?? {});
  }

  get items(): SchemaNode | undefined {
    const { items } = this.#schema;
    return items === undefined ? undefined : new StructuralSchemaNode(items, false);
  }

  field(name: string): SchemaNode | undefined {
    const field = fieldSchemaOf(this.#schema, name);
    const isRequired = this.#schema.required?.includes(name) === true;
    return isObject(field) ? new StructuralSchemaNode(field, isRequired) : undefined;
  }
}

/** The schema of a custom resource for patches, apply and explain, from that of its definition. */
export function structuralNode(schema: StructuralSchema): SchemaNode {
  const properties = { ...schema.properties, metadata: METADATA };
  return new StructuralSchemaNode({ ...schema, properties }, false);
}
