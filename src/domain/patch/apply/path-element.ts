import type { Json } from '../../../api/meta.ts';
import { fromEntries, isObject, own } from '../json-object.ts';
import { PatchError } from '../patch-error.ts';
import type { PatchSchema } from '../patch-schema.ts';

/** Keys of map lists that need not be stated, and their value: `protocol` of container and service ports. */
const KEY_DEFAULTS: Readonly<Record<string, Json>> = { protocol: 'TCP' };

/** The path element of a field. */
export function fieldElement(name: string): string {
  return `f:${name}`;
}

/**
 * The path element of an item of a set or map list.
 *
 * @throws PatchError `InternalError` (as upstream) for an item without one of the list's keys
 */
export function itemElement(item: Json, list: PatchSchema): string {
  if (list.listType !== 'map') return `v:${JSON.stringify(item)}`;
  const keys = list.listMapKeys.map((name): [string, Json] => {
    const value = (isObject(item) ? own(item, name) : undefined) ?? KEY_DEFAULTS[name];
    if (value === undefined) {
      throw new PatchError(
        'InternalError',
        `associative list with keys has an element that omits key field "${name}" (and doesn't have default value)`,
      );
    }
    return [name, value];
  });
  return `k:${JSON.stringify(fromEntries(keys.sort(([a], [b]) => (a < b ? -1 : 1))))}`;
}

/** A path as upstream's errors print it: `.spec.containers[name="x"].image`, `.metadata.finalizers[="y"]`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const keys: unknown = JSON.parse(rest);
  const pairs = typeof keys === 'object' && keys !== null ? Object.entries(keys) : [];
  return `[${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
