import type { KindRef } from '../../api/meta.ts';
import { DEFINITIONS_JSON } from './definitions.generated.ts';
import { parseStruct, parseType, type StructNode, type TypeNode } from './type-node.ts';

interface Definitions {
  /** `group/version/Kind` to the name of its struct. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly named: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

let loaded: Definitions | undefined;
const structs = new Map<string, StructNode>();
const roots = new Map<string, TypeNode | undefined>();

function definitions(): Definitions {
  loaded ??= JSON.parse(DEFINITIONS_JSON) as Definitions;
  return loaded;
}

/** The struct of this name (`core/v1.PodSpec`). The generated text refers to no struct that it does not hold. */
export function structOf(name: string): StructNode {
  let struct = structs.get(name);
  if (struct === undefined) {
    const record = definitions().types[name];
    if (record === undefined) throw new Error(`schema: no struct ${name}`);
    struct = parseStruct(name, record, definitions().named);
    structs.set(name, struct);
  }
  return struct;
}

/** The type of a built-in kind; undefined for custom resources and unknown kinds. */
export function builtinType(kind: KindRef): TypeNode | undefined {
  const id = `${kind.group}/${kind.version}/${kind.kind}`;
  if (!roots.has(id)) {
    const name = definitions().kinds[id];
    roots.set(id, name === undefined ? undefined : parseType(name, {}));
  }
  return roots.get(id);
}
