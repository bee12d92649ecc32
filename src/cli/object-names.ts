import type { ResourceInfo } from '../api/client.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';

/** The kind of an object, taken from its apiVersion and kind. */
export function kindOf(object: { readonly apiVersion: string; readonly kind: string }): KindRef {
  const slash = object.apiVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : object.apiVersion.slice(0, slash),
    version: object.apiVersion.slice(slash + 1),
    kind: object.kind,
  };
}

/** How kubectl names an object after a change: `daemonset.apps/x`, `node/n`. */
export function qualifiedName(resource: ResourceInfo, name: string): string {
  return `${resource.singular}${resource.group === '' ? '' : `.${resource.group}`}/${name}`;
}

/** The same for an object whose resource is not at hand. */
export function qualifiedNameOf(object: KubeObject): string {
  const { group } = kindOf(object);
  return `${object.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${object.metadata.name ?? ''}`;
}
