import type { Pod } from '../api/core.ts';
import type { KubeObject, OwnerReference } from '../api/meta.ts';
import { POD } from '../api/well-known.ts';
import type { Lister } from './controller.ts';
import { kindKey, kindKeyOf } from './kind-key.ts';

/** A change of one object in the index. */
export interface ObjectChange {
  readonly previous: KubeObject | undefined;
  readonly current: KubeObject | undefined;
}

/** A lister whose content can be changed. Objects go in and come out as they are: nothing is copied. */
export interface ObjectIndex extends Lister {
  /** The object with the same kind, namespace and name. */
  peer(object: KubeObject): KubeObject | undefined;
  put(object: KubeObject): void;
  /** Removes the object with the same kind, namespace and name. */
  remove(object: KubeObject): void;
  /** Every object of every kind. */
  all(): Iterable<KubeObject>;
}

/** Objects of one namespace (or the cluster-scoped ones) by name, with a sorted view that is made when asked for. */
interface NamespaceShelf {
  readonly byName: Map<string, KubeObject>;
  /** Sorted names; dropped when a name comes or goes. */
  names: string[] | undefined;
  /** Objects in the order of `names`; dropped when anything changes. */
  listed: readonly KubeObject[] | undefined;
}

interface KindShelf {
  readonly namespaces: Map<string, NamespaceShelf>;
  /** All namespaces' objects in order; dropped when anything changes. */
  listed: readonly KubeObject[] | undefined;
  /** By namespace, then name: objects without a controller reference. */
  readonly uncontrolled: Map<string, Map<string, KubeObject>>;
}

const none: readonly never[] = [];
const podKind = kindKey(POD);

const namespaceOf = (object: KubeObject): string => object.metadata.namespace ?? '';
const nameOf = (object: KubeObject): string => object.metadata.name ?? '';
const ownersOf = (object: KubeObject): readonly OwnerReference[] => object.metadata.ownerReferences ?? none;

/** The values of `map.get(key)`, made on first use. */
function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Removes `inner` from the map of maps, and the inner map when it became empty. */
function dropFrom<K, L, V>(map: Map<K, Map<L, V>>, key: K, inner: L): void {
  const found = map.get(key);
  if (found === undefined) return;
  found.delete(inner);
  if (found.size === 0) map.delete(key);
}

/** Whether two states of an object are found under the same keys, so that one may simply take the other's place. */
function haveSameLinks(a: KubeObject, b: KubeObject, kind: string): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    a.metadata.ownerReferences === b.metadata.ownerReferences &&
    (kind !== podKind || (a as Pod).spec.nodeName === (b as Pod).spec.nodeName)
  );
}

/** An empty index. */
export function createObjectIndex(): ObjectIndex {
  const kinds = new Map<string, KindShelf>();
  const uids = new Map<string, KubeObject>();
  /** By owner UID, then by the dependent's UID. */
  const dependents = new Map<string, Map<string, KubeObject>>();
  const podsByNode = new Map<string, Map<string, Pod>>();

  const shelfOf = (kind: string): KindShelf =>
    entryOf(kinds, kind, () => ({ namespaces: new Map(), listed: undefined, uncontrolled: new Map() }));

  function peer(object: KubeObject): KubeObject | undefined {
    return kinds.get(kindKeyOf(object))?.namespaces.get(namespaceOf(object))?.byName.get(nameOf(object));
  }

  function unlink(object: KubeObject, kind: string, shelf: KindShelf): void {
    const uid = object.metadata.uid ?? '';
    if (uids.get(uid) === object) uids.delete(uid);
    for (const owner of ownersOf(object)) dropFrom(dependents, owner.uid, uid);
    dropFrom(shelf.uncontrolled, namespaceOf(object), nameOf(object));
    if (kind === podKind) dropFrom(podsByNode, (object as Pod).spec.nodeName ?? '', uid);
  }

  function put(object: KubeObject): void {
    const kind = kindKeyOf(object);
    const shelf = shelfOf(kind);
    const uid = object.metadata.uid ?? '';
    const space = entryOf(shelf.namespaces, namespaceOf(object), () => ({
      byName: new Map<string, KubeObject>(),
      names: undefined,
      listed: undefined,
    }));
    const previous = space.byName.get(nameOf(object));
    if (previous === undefined) space.names = undefined;
    else if (!haveSameLinks(previous, object, kind)) unlink(previous, kind, shelf);
    space.byName.set(nameOf(object), object);
    space.listed = undefined;
    shelf.listed = undefined;
    uids.set(uid, object);
    let controlled = false;
    for (const owner of ownersOf(object)) {
      if (owner.controller === true) controlled = true;
      entryOf(dependents, owner.uid, () => new Map<string, KubeObject>()).set(uid, object);
    }
    if (!controlled) {
      entryOf(shelf.uncontrolled, namespaceOf(object), () => new Map<string, KubeObject>()).set(
        nameOf(object),
        object,
      );
    }
    if (kind === podKind) {
      const pod = object as Pod;
      entryOf(podsByNode, pod.spec.nodeName ?? '', () => new Map<string, Pod>()).set(uid, pod);
    }
  }

  function remove(object: KubeObject): void {
    const kind = kindKeyOf(object);
    const shelf = kinds.get(kind);
    const space = shelf?.namespaces.get(namespaceOf(object));
    const previous = space?.byName.get(nameOf(object));
    if (shelf === undefined || space === undefined || previous === undefined) return;
    unlink(previous, kind, shelf);
    space.byName.delete(nameOf(object));
    space.names = undefined;
    space.listed = undefined;
    shelf.listed = undefined;
    if (space.byName.size === 0) shelf.namespaces.delete(namespaceOf(object));
  }

  function listShelf(space: NamespaceShelf): readonly KubeObject[] {
    if (space.listed === undefined) {
      space.names ??= [...space.byName.keys()].sort();
      const listed: KubeObject[] = [];
      for (const name of space.names) {
        const object = space.byName.get(name);
        if (object !== undefined) listed.push(object);
      }
      space.listed = listed;
    }
    return space.listed;
  }

  function list(kind: string, namespace: string | undefined): readonly KubeObject[] {
    const shelf = kinds.get(kind);
    if (shelf === undefined) return none;
    if (namespace !== undefined) {
      const space = shelf.namespaces.get(namespace);
      return space === undefined ? none : listShelf(space);
    }
    if (shelf.listed === undefined) {
      const spaces = [...shelf.namespaces].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, space]) => space);
      const [only] = spaces;
      shelf.listed = spaces.length === 1 && only !== undefined ? listShelf(only) : spaces.flatMap(listShelf);
    }
    return shelf.listed;
  }

  // The kind decides the type of what lies on its shelf; the maps cannot say so, hence the casts below.
  return {
    peer,
    put,
    remove,
    *all() {
      for (const shelf of kinds.values())
        for (const space of shelf.namespaces.values()) yield* space.byName.values();
    },
    get: <T extends KubeObject>(kind: Parameters<Lister['get']>[0], key: Parameters<Lister['get']>[1]) =>
      kinds.get(kindKey(kind))?.namespaces.get(key.namespace)?.byName.get(key.name) as T | undefined,
    list: <T extends KubeObject>(kind: Parameters<Lister['list']>[0], namespace?: string) =>
      list(kindKey(kind), namespace) as readonly T[],
    ownedBy: <T extends KubeObject>(kind: Parameters<Lister['ownedBy']>[0], ownerUid: string) => {
      const found = dependents.get(ownerUid);
      if (found === undefined) return none;
      const wanted = kindKey(kind);
      const owned: KubeObject[] = [];
      for (const object of found.values()) if (kindKeyOf(object) === wanted) owned.push(object);
      return owned as unknown as readonly T[];
    },
    uncontrolled: <T extends KubeObject>(kind: Parameters<Lister['uncontrolled']>[0], namespace: string) => {
      const found = kinds.get(kindKey(kind))?.uncontrolled.get(namespace);
      return (found === undefined ? none : [...found.values()]) as unknown as readonly T[];
    },
    dependentsOf: (ownerUid) => [...(dependents.get(ownerUid)?.values() ?? none)],
    byUid: (uid) => uids.get(uid),
    inNamespace: (namespace) =>
      [...kinds.values()].flatMap((shelf) => {
        const space = shelf.namespaces.get(namespace);
        return namespace === '' || space === undefined ? none : listShelf(space);
      }),
    podsOnNode: (nodeName) => [...(podsByNode.get(nodeName)?.values() ?? none)],
  };
}
