import type { KubeObject } from '../../api/meta.ts';
import type { Dumpable } from '../../domain/yaml/dump.ts';

/** JSON as `kubectl -o json` prints it: keys sorted, four blanks, Go's escapes, a line break at the end. */
export function jsonText(value: unknown): string {
  return `${goEscapes(JSON.stringify(sortKeys(value), null, 4))}\n`;
}

/** JSON on one line with sorted keys and Go's escapes, without a line break. */
export function compactJson(value: unknown): string {
  return goEscapes(JSON.stringify(sortKeys(value)));
}

/** YAML as `kubectl -o yaml` prints it. */
export async function yamlText(value: unknown): Promise<string> {
  const { dumpYaml } = await import('../../domain/yaml/dump.ts');
  return dumpYaml(value as Dumpable); // objects of the API are JSON
}

/** Several objects as the one List that kubectl prints. */
export function listOf(items: readonly unknown[]): unknown {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

/** The object without managedFields, which kubectl hides. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _hidden, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const goEscapes = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(members.map(([key, member]) => [key, sortKeys(member)]));
}
