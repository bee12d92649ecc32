import type { Json, KubeObject } from '../../api/meta.ts';
import type { Status } from '../../api/status.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { isList, isObject } from '../../domain/patch/json-object.ts';
import { loadYaml } from '../../domain/yaml/load.ts';
import { YamlError } from '../../domain/yaml/yaml-error.ts';
import { jsonText, listOf, withoutManagedFields, yamlText } from '../printers/object-text.ts';

const HEADER =
  "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";

/** Why a file is opened again: a line, and what is below it. */
export interface EditReason {
  readonly head: string;
  readonly details: readonly string[];
}

/** The comment at the top of a file to be edited; `reasons` say why it is opened again. */
export function headerText(reasons: readonly EditReason[]): string {
  const texts = reasons.map(({ head, details }) => {
    const listed = details.map((detail) => `# * ${detail}\n`).join('');
    return `${head.replace(/^/gm, '# ')}${details.length > 0 ? ':' : ''}\n${listed}`;
  });
  return HEADER + texts.join('') + (texts.length > 0 ? '#\n' : '');
}

/** Objects as they are edited: one as it is, several as a List, without managedFields. */
export async function editableText(objects: readonly KubeObject[], format: 'yaml' | 'json'): Promise<string> {
  const shown = objects.map(withoutManagedFields);
  const value = shown.length === 1 ? shown[0] : listOf(shown);
  return format === 'json' ? jsonText(value) : await yamlText(value);
}

/** The text without lines that are comments. */
export function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
}

/** Whether there is anything in a file but comments and blanks. */
export function hasContent(text: string): boolean {
  return withoutComments(text).trim() !== '';
}

/** Whether two files say the same, comments aside. */
export function saysTheSame(a: string, b: string): boolean {
  const [left, right] = [readValue(a), readValue(b)];
  if (typeof left === 'string' || typeof right === 'string') return withoutComments(a) === withoutComments(b);
  return deepEqual(left.value, right.value);
}

function readValue(text: string): { readonly value: Json } | string {
  try {
    return loadYaml(text);
  } catch (error) {
    if (error instanceof YamlError) return error.message;
    throw error;
  }
}

/** The objects of an edited file; a text says why it can't be read. */
export function objectsIn(text: string): readonly KubeObject[] | string {
  const loaded = readValue(withoutComments(text));
  if (typeof loaded === 'string') return loaded;
  const { value } = loaded;
  const items = isObject(value) && value.kind === 'List' && isList(value.items) ? value.items : [value];
  if (!items.every((item) => isObject(item) && isObject(item.metadata))) return 'Object has no metadata';
  // Their metadata is there; the rest is the server's to check.
  return items as unknown as readonly KubeObject[];
}

/** The lines below `… was not valid`, one for each cause. */
export function causeLines({ details, message = '' }: Status): readonly string[] {
  const causes = details?.causes ?? [];
  if (causes.length === 0) return [message];
  return causes.map(({ field, message: text = '' }) => (field === undefined ? text : `${field}: ${text}`));
}
