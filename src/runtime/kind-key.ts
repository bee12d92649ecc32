import type { KindRef, KubeObject } from '../api/meta.ts';

/** Names a kind across its versions: `DaemonSet.apps`, `Pod.`. */
export function kindKey(kind: KindRef): string {
  return `${kind.kind}.${kind.group}`;
}

/** Kind keys by `apiVersion`, then kind: a new text each time would have to be hashed anew at each look-up. */
const known = new Map<string, Map<string, string>>();

/** The kind key of an object. */
export function kindKeyOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  const found = known.get(apiVersion)?.get(kind);
  if (found !== undefined) return found;
  const slash = apiVersion.indexOf('/');
  const key = `${kind}.${slash < 0 ? '' : apiVersion.slice(0, slash)}`;
  const ofVersion = known.get(apiVersion) ?? new Map<string, string>();
  known.set(apiVersion, ofVersion.set(kind, key));
  return key;
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
