import type { SchemaNode } from '../../registry/schema/schema-node.ts';

/** Says what a place in an object is for; undefined where nothing is known. `path` are the fields down to it. */
export type Describe = (path: readonly string[]) => string | undefined;

/** What is explained: a kind, or a field of it. */
export interface Explained {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The fields below the kind; none for the kind itself. */
  readonly path: readonly string[];
  readonly node: SchemaNode;
}

/** Where a field was asked for that its kind does not have; `field` is the first that is missing. */
export interface MissingField {
  readonly missing: string;
}

/** The place at a path of fields; lists and maps stand for what they hold. */
export function placeAt(root: SchemaNode, path: readonly string[]): SchemaNode | MissingField {
  let node = root;
  for (const name of path) {
    const field = structIn(node)?.field(name);
    if (field === undefined) return { missing: name };
    node = field;
  }
  return node;
}

/** The lines on which a kind is named. */
export function headText({ group, version, kind }: Omit<Explained, 'path' | 'node'>): string {
  return `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
}

/** What `kubectl explain` prints below the head: the place, and its fields. */
export function bodyText({ path, node }: Explained, describe: Describe, recursive: boolean): string {
  const name = path.at(-1);
  const enums = node.enum.length === 0 ? '\n' : `ENUM:\n${node.enum.map((one) => `    ${one}\n`).join('')}`;
  const field = name === undefined ? '' : `FIELD: ${name} <${typeName(node)}>\n${enums}\n`;
  const description = `DESCRIPTION:\n${indented(describe(path) ?? '<empty>')}`;
  const struct = structIn(node);
  if (struct === undefined || struct.fieldNames.length === 0) return `${field}${description}\n`;
  const fields = recursive ? fieldTree(struct, '  ', new Set()) : fieldList(struct, path, describe);
  return `${field}${description}FIELDS:\n${fields}\n`;
}

function fieldList(struct: SchemaNode, path: readonly string[], describe: Describe): string {
  return sortedFields(struct)
    .map(([name, node]) => {
      const description = describe([...path, name]) ?? '<no description>';
      return `${fieldLine(name, node, '  ')}${indented(description)}\n`;
    })
    .join('');
}

/** All fields below, each deeper by two blanks; a type that holds itself is opened once. */
function fieldTree(struct: SchemaNode, indent: string, open: ReadonlySet<string>): string {
  return sortedFields(struct)
    .map(([name, node]) => {
      const line = fieldLine(name, node, indent);
      const inner = structIn(node);
      if (inner === undefined || open.has(inner.typeName)) return line;
      return line + fieldTree(inner, `${indent}  `, new Set([...open, inner.typeName]));
    })
    .join('');
}

function fieldLine(name: string, node: SchemaNode, indent: string): string {
  const { enum: enums } = node;
  const shown = [...enums.slice(0, SHOWN_ENUMS), ...(enums.length > SHOWN_ENUMS ? ['....'] : [])];
  return `${indent}${name}\t<${typeName(node)}>${node.required ? ' -required-' : ''}\n${
    enums.length === 0 ? '' : `${indent}enum: ${shown.map((one) => one || '""').join(', ')}\n`
  }`;
}

/** Longer enums are cut. */
const SHOWN_ENUMS = 4;

function sortedFields(struct: SchemaNode): readonly (readonly [string, SchemaNode])[] {
  return [...struct.fieldNames].sort().flatMap((name) => {
    const node = struct.field(name);
    return node === undefined ? [] : [[name, node] as const];
  });
}

/** The struct that a place is, or holds in lists and maps. */
function structIn(node: SchemaNode): SchemaNode | undefined {
  let inner: SchemaNode | undefined = node;
  while (inner !== undefined && inner.shape !== 'struct') {
    inner = inner.shape === 'list' ? inner.items : inner.shape === 'map' ? inner.field('') : undefined;
  }
  return inner;
}

/** Times are texts to whoever writes them. */
function typeName(node: SchemaNode): string {
  return node.typeName.replace(/\b(?:Micro)?Time$/, 'string');
}

const WIDTH = 76;

/** A text below its heading: four blanks before each line, broken between words. */
function indented(text: string): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > WIDTH) {
        lines.push(line);
        line = '';
      }
      line += (line === '' ? '' : ' ') + word;
    }
    lines.push(line);
  }
  return lines.map((line) => `    ${line}\n`).join('');
}
