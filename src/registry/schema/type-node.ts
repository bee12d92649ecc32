/**
 * The shape of one Go type, as far as JSON shows it.
 *
 * Notation of the generated text. A struct is a record from field name to `TYPE FLAGS…`; the pseudo field '' holds
 * `atomic` for structs that server-side apply treats as one value. TYPE is written as in Go (`*int32`,
 * `[]core/v1.Container`, `map[string]string`). Flags: `?` omitempty, `0` omitzero, `!` required, `M:` merge key,
 * `P:` patch strategies, `L:` list type, `K:` list map keys, `A:` map type, `E:` enum values,
 * `T:` the embedded structs that the field comes from.
 */
export interface TypeNode {
  /** As Go prints it in errors, without the pointer: `[]v1.Container`. */
  readonly goType: string;
  readonly shape: Shape;
  /** Whether null is kept apart from the zero value. */
  readonly pointer: boolean;
  /** Of a list or map. */
  readonly element: TypeNode | undefined;
  /** Name of the struct, for `structOf`. */
  readonly structName: string | undefined;
}

/** How a value is written in JSON. The last group are types that decode themselves. */
type Shape =
  | 'struct'
  | 'list'
  | 'map'
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'float'
  | 'bytes'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'microTime'
  | 'raw'
  | 'schemaOrBool'
  | 'schemaOrArray'
  | 'schemaOrStrings';

/** A field of a struct. */
export interface FieldNode {
  readonly name: string;
  /** As Go prints it in errors: the name, behind those of the embedded structs that it comes from. */
  readonly goPath: string;
  readonly type: TypeNode;
  /** Whether the zero value is left out of the JSON. */
  readonly omitEmpty: boolean;
  /** Whether a zero time is left out of the JSON. */
  readonly omitZero: boolean;
  readonly required: boolean;
  readonly mergeKey: string | undefined;
  /** `merge`, `replace`, `retainKeys`. */
  readonly patchStrategy: readonly string[];
  /** `atomic`, `set` or `map`. */
  readonly listType: string | undefined;
  readonly listMapKeys: readonly string[];
  /** `atomic` or `granular`. */
  readonly mapType: string | undefined;
  readonly enum: readonly string[];
}

/** A struct's fields by JSON name. */
export interface StructNode {
  /** Without the package: `PodSpec`. */
  readonly goName: string;
  readonly fields: ReadonlyMap<string, FieldNode>;
  /** Fields that appear in the JSON even when they hold their zero value. */
  readonly always: readonly FieldNode[];
  readonly atomic: boolean;
}

const BUILTIN_SHAPES: Readonly<Record<string, Shape>> = {
  string: 'string',
  bool: 'bool',
  int: 'int64',
  int32: 'int32',
  int64: 'int64',
  uint32: 'int64',
  float64: 'float',
  any: 'raw',
  'resource.Quantity': 'quantity',
  'intstr.IntOrString': 'intOrString',
  'meta/v1.Time': 'time',
  'meta/v1.MicroTime': 'microTime',
  'meta/v1.FieldsV1': 'raw',
  'runtime.RawExtension': 'raw',
  'apiextensions/v1.JSON': 'raw',
  'apiextensions/v1.JSONSchemaPropsOrBool': 'schemaOrBool',
  'apiextensions/v1.JSONSchemaPropsOrArray': 'schemaOrArray',
  'apiextensions/v1.JSONSchemaPropsOrStringArray': 'schemaOrStrings',
};

/** The package's last element and the name, as Go prints types: `v1.Pod` of `core/v1.Pod`. */
function goPrinted(expression: string): string {
  return expression.replaceAll(/[a-z0-9/]+\/(?=[a-z0-9]+\.)/g, '');
}

/**
 * Reads a TYPE of the notation. `named` maps names of types that are no structs to what they are made of
 * (`core/v1.Protocol` to `string`).
 */
export function parseType(expression: string, named: Readonly<Record<string, string>>): TypeNode {
  if (expression.startsWith('*')) return { ...parseType(expression.slice(1), named), pointer: true };
  const base = { goType: goPrinted(expression), pointer: false, element: undefined, structName: undefined };
  const builtin = BUILTIN_SHAPES[expression];
  if (builtin !== undefined) return { ...base, shape: builtin };
  if (expression === '[]uint8') return { ...base, shape: 'bytes' };
  if (expression.startsWith('[]')) {
    return { ...base, shape: 'list', element: parseType(expression.slice(2), named) };
  }
  if (expression.startsWith('map[')) {
    const end = expression.indexOf(']');
    return { ...base, shape: 'map', element: parseType(expression.slice(end + 1), named) };
  }
  const underlying = named[expression];
  if (underlying !== undefined) return { ...parseType(underlying, named), goType: base.goType };
  return { ...base, shape: 'struct', structName: expression };
}

/** Reads a `TYPE FLAGS…` of the notation. */
function parseField(name: string, text: string, named: Readonly<Record<string, string>>): FieldNode {
  const [type = '', ...flags] = text.split(' ');
  const flagOf = (letter: string): string | undefined =>
    flags.find((flag) => flag.startsWith(`${letter}:`))?.slice(2);
  const through = flagOf('T');
  return {
    name,
    goPath: through === undefined ? name : `${through}.${name}`,
    type: parseType(type, named),
    omitEmpty: flags.includes('?'),
    omitZero: flags.includes('0'),
    required: flags.includes('!'),
    mergeKey: flagOf('M'),
    patchStrategy: flagOf('P')?.split(',') ?? [],
    listType: flagOf('L'),
    listMapKeys: flagOf('K')?.split(',') ?? [],
    mapType: flagOf('A'),
    enum: flagOf('E')?.split('|') ?? [],
  };
}

/** Shapes whose zero value Go's omitempty leaves out. Structs of any sort never count as empty. */
const EMPTIABLE: ReadonlySet<Shape> = new Set([
  'list',
  'map',
  'string',
  'bool',
  'int32',
  'int64',
  'float',
  'bytes',
]);

/** Whether a field's zero value is left out of the JSON. */
function zeroVanishes(field: FieldNode): boolean {
  return (field.omitEmpty && (field.type.pointer || EMPTIABLE.has(field.type.shape))) || field.omitZero;
}

/** Reads a struct of the notation. `typeName` is `core/v1.PodSpec`. */
export function parseStruct(
  typeName: string,
  record: Readonly<Record<string, string>>,
  named: Readonly<Record<string, string>>,
): StructNode {
  const { '': marker, ...rest } = record;
  const fields = Object.entries(rest).map(([name, text]) => parseField(name, text, named));
  return {
    goName: typeName.slice(typeName.lastIndexOf('.') + 1),
    fields: new Map(fields.map((field) => [field.name, field])),
    always: fields.filter((field) => !zeroVanishes(field)),
    atomic: marker === 'atomic',
  };
}
