import type { KindRef, KubeObject } from '../api/meta.ts';

/** Names a kind across its versions: `DaemonSet.apps`, `Pod.`. */
export function kindKey(kind: KindRef): string {
  return `${kind.kind}.${kind.group}`;
}

/** The kind key of an object. */
export function kindKeyOf(object: KubeObject): string {
  const slash = object.apiVersion.indexOf('/');
  return `${object.kind}.${slash < 0 ? '' : object.apiVersion.slice(0, slash)}`;
}

/** The kind of an object, as a reference. */
export function kindRefOf(object: KubeObject): KindRef {
  const slash = object.apiVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : object.apiVersion.slice(0, slash),
    version: object.apiVersion.slice(slash + 1),
    kind: object.kind,
  };
}
