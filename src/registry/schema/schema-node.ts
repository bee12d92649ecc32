import type { KindRef } from '../../api/meta.ts';
import { builtinType, structOf } from './builtin-types.ts';
import type { FieldNode, TypeNode } from './type-node.ts';

/** What patches, apply and explain ask of a place in an object. */
export interface SchemaNode {
  readonly shape: 'struct' | 'map' | 'list' | 'scalar' | 'any';
  /** As the API's documents name it: `string`, `integer`, `Container`, `[]Container`, `map[string]string`. */
  readonly typeName: string;
  /** The field of a struct, or the value at a map's key. */
  field(name: string): SchemaNode | undefined;
  /** A struct's fields, in Go's order; none for other shapes. */
  readonly fieldNames: readonly string[];
  /** A list's element. */
  readonly items: SchemaNode | undefined;
  readonly required: boolean;
  readonly mergeKey: string | undefined;
  /** Of `merge`, `replace`, `retainKeys`. */
  readonly patchStrategy: readonly string[];
  /** `atomic`, `set`, `map`; absent means atomic for lists. */
  readonly listType: 'atomic' | 'set' | 'map' | undefined;
  readonly listMapKeys: readonly string[];
  /** `atomic` where a struct or map is one value to server-side apply. */
  readonly mapType: 'atomic' | 'granular' | undefined;
  readonly enum: readonly string[];
}

type FieldFacts = Omit<FieldNode, 'name' | 'goPath' | 'type' | 'omitEmpty' | 'omitZero'>;

const NO_FACTS: FieldFacts = {
  required: false,
  mergeKey: undefined,
  patchStrategy: [],
  listType: undefined,
  listMapKeys: [],
  mapType: undefined,
  enum: [],
};

const SHAPES: Readonly<Partial<Record<TypeNode['shape'], SchemaNode['shape']>>> = {
  struct: 'struct',
  map: 'map',
  list: 'list',
  raw: 'any',
  schemaOrBool: 'any',
  schemaOrArray: 'any',
  schemaOrStrings: 'any',
};

const SCALAR_NAMES: Readonly<Partial<Record<TypeNode['shape'], string>>> = {
  string: 'string',
  bool: 'boolean',
  int32: 'integer',
  int64: 'integer',
  float: 'number',
  bytes: 'string',
  quantity: 'Quantity',
  intOrString: 'IntOrString',
  time: 'Time',
  microTime: 'MicroTime',
  raw: 'Object',
};

class BuiltinSchemaNode implements SchemaNode {
  readonly shape: SchemaNode['shape'];
  readonly required: boolean;
  readonly mergeKey: string | undefined;
  readonly patchStrategy: readonly string[];
  readonly listType: SchemaNode['listType'];
  readonly listMapKeys: readonly string[];
  readonly mapType: SchemaNode['mapType'];
  readonly enum: readonly string[];
  readonly #type: TypeNode;
  readonly #children = new Map<string, SchemaNode | undefined>();

  constructor(type: TypeNode, facts: FieldFacts) {
    this.#type = type;
    this.shape = SHAPES[type.shape] ?? 'scalar';
    this.required = facts.required;
    this.mergeKey = facts.mergeKey;
    this.patchStrategy = facts.patchStrategy;
    this.listType = facts.listType as SchemaNode['listType']; // The generated text holds no other words.
    this.listMapKeys = facts.listMapKeys;
    const atomicStruct = type.structName !== undefined && structOf(type.structName).atomic;
    this.mapType = atomicStruct ? 'atomic' : (facts.mapType as SchemaNode['mapType']);
    this.enum = facts.enum;
  }

  get typeName(): string {
    return printedType(this.#type);
  }

  get fieldNames(): readonly string[] {
    return this.#type.structName === undefined ? [] : [...structOf(this.#type.structName).fields.keys()];
  }

  get items(): SchemaNode | undefined {
    return this.shape === 'list' ? this.#child('', () => elementNode(this.#type)) : undefined;
  }

  field(name: string): SchemaNode | undefined {
    if (this.shape === 'map') return this.#child('', () => elementNode(this.#type));
    const { structName } = this.#type;
    if (structName === undefined) return undefined;
    return this.#child(name, () => {
      const field = structOf(structName).fields.get(name);
      return field === undefined ? undefined : new BuiltinSchemaNode(field.type, field);
    });
  }

  #child(name: string, make: () => SchemaNode | undefined): SchemaNode | undefined {
    if (!this.#children.has(name)) this.#children.set(name, make());
    return this.#children.get(name);
  }
}

function elementNode(type: TypeNode): SchemaNode | undefined {
  return type.element === undefined ? undefined : new BuiltinSchemaNode(type.element, NO_FACTS);
}

function printedType(type: TypeNode): string {
  if (type.element !== undefined) {
    return `${type.shape === 'list' ? '[]' : 'map[string]'}${printedType(type.element)}`;
  }
  if (type.structName !== undefined) return structOf(type.structName).goName;
  return SCALAR_NAMES[type.shape] ?? type.goType.slice(type.goType.lastIndexOf('.') + 1);
}

const roots = new Map<TypeNode, SchemaNode>();

/** The schema of a built-in kind; undefined for custom resources (see `structuralNode`) and unknown kinds. */
export function lookupType(kind: KindRef): SchemaNode | undefined {
  const type = builtinType(kind);
  if (type === undefined) return undefined;
  let root = roots.get(type);
  if (root === undefined) {
    root = new BuiltinSchemaNode(type, NO_FACTS);
    roots.set(type, root);
  }
  return root;
}

/** The schema at a path of field names; a list's elements are reached by any number. */
export function fieldSchema(kind: KindRef, path: readonly (string | number)[]): SchemaNode | undefined {
  let node = lookupType(kind);
  for (const step of path) node = typeof step === 'number' ? node?.items : node?.field(step);
  return node;
}
