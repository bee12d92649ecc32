import type { KubeObject } from '../../api/meta.ts';
import { goJson } from '../../domain/go-values/json.ts';
import type { Dumpable } from '../../domain/yaml/dump.ts';

/** JSON as `kubectl -o json` prints it: keys sorted, four blanks, Go's escapes, a line break at the end. */
export function jsonText(value: unknown): string {
  return `${goJson(value, 4)}\n`;
}

/** JSON on one line with sorted keys and Go's escapes, without a line break. */
export function compactJson(value: unknown): string {
  return goJson(value);
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
