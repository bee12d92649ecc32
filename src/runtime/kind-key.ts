import type { KindRef, KubeObject } from '../api/meta.ts';

/** A kind as objects name it, and what is made of that once. */
interface KnownKind {
  readonly key: string;
  readonly ref: KindRef;
}

/** Kinds by `apiVersion`, then `kind`: a new text each time would have to be hashed anew at each look-up. */
const known = new Map<string, Map<string, KnownKind>>();
/** Keys of references, which are mostly constants. */
const keysOfRefs = new WeakMap<KindRef, string>();

/** Names a kind across its versions: `DaemonSet.apps`, `Pod.`. */
export function kindKey(kind: KindRef): string {
  let key = keysOfRefs.get(kind);
  if (key === undefined) {
    key = `${kind.kind}.${kind.group}`;
    keysOfRefs.set(kind, key);
  }
  return key;
}

function readKind(apiVersion: string, kind: string): KindRef {
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), kind };
}

function knownKind(apiVersion: string, kind: string): KnownKind {
  const found = known.get(apiVersion)?.get(kind);
  if (found !== undefined) return found;
  const ref = readKind(apiVersion, kind);
  const entry = { key: kindKey(ref), ref };
  const ofVersion = known.get(apiVersion) ?? new Map<string, KnownKind>();
  known.set(apiVersion, ofVersion.set(kind, entry));
  return entry;
}

/** What names a kind in an object, and in a reference to one. */
type NamesKind = Pick<KubeObject, 'apiVersion' | 'kind'>;

/** The kind key of an object. */
export function kindKeyOf({ apiVersion, kind }: NamesKind): string {
  return knownKind(apiVersion, kind).key;
}

/** The kind of an object as a reference, always the same one. */
export function kindRefOf({ apiVersion, kind }: NamesKind): KindRef {
  return knownKind(apiVersion, kind).ref;
}

/** The kind that an owner reference names. Anybody may write anything there: what no object has is not remembered. */
export function ownerKindOf({ apiVersion, kind }: NamesKind): KindRef {
  return known.get(apiVersion)?.get(kind)?.ref ?? readKind(apiVersion, kind);
}
