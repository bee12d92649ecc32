import type { KubeObject } from '../../api/meta.ts';
import { isDeleting } from '../../domain/conditions.ts';
import { BoundedMap } from '../../runtime/bounded-map.ts';
import type { Controller, Lister } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { collectGarbage } from './decide.ts';
import { namedObject, nameOf, uidOf } from './object-name.ts';
import { isWaitingForDependents, ownerOf } from './owners.ts';

const nothing: readonly string[] = [];
const nobody: readonly KubeObject[] = [];
/** How many owners are remembered as gone. */
const REMEMBERED_AS_GONE = 512;

/**
 * Deletes objects whose owners are all gone, in the background or in the foreground, and frees the dependents of
 * owners that are deleted as `Orphan`. It looks at every kind but Event. Its keys are names of objects.
 */
export function garbageCollector(): Controller {
  /** UIDs of owners that are not there. A UID never comes back. */
  const gone = new BoundedMap<string, true>(REMEMBERED_AS_GONE);

  /** An owner that references misname. Only its UID finds it, and looking for that may be a lot of work. */
  function misnamedOwner(uid: string, lister: Lister): KubeObject | undefined {
    if (gone.get(uid) !== undefined) return undefined;
    const owner = lister.byUid(uid);
    if (owner === undefined) gone.set(uid, true);
    return owner;
  }

  /** Owners on their way out that an object named. They may have waited for it to go, or to be freed. */
  function leavingOwners(dependent: KubeObject, lister: Lister): readonly KubeObject[] {
    const { ownerReferences } = dependent.metadata;
    if (ownerReferences === undefined) return nobody;
    let owners: KubeObject[] | undefined;
    for (const reference of ownerReferences) {
      // An owner waits for all that have its UID in a reference, be the rest of it right or wrong.
      const owner = ownerOf(dependent, reference, lister) ?? misnamedOwner(reference.uid, lister);
      if (owner === undefined || !isDeleting(owner)) continue;
      owners ??= [];
      owners.push(owner);
    }
    return owners ?? nobody;
  }

  /** The objects that a change of one may concern: itself, its dependents, or an owner that waits for it. */
  function affected(
    previous: KubeObject | undefined,
    current: KubeObject | undefined,
    lister: Lister,
  ): readonly KubeObject[] {
    const owners = previous === undefined ? nobody : leavingOwners(previous, lister);
    if (current === undefined) {
      if (previous === undefined) return owners;
      const dependents = lister.dependentsOf(uidOf(previous));
      if (dependents.length > 0) gone.set(uidOf(previous), true);
      return dependents.length === 0 ? owners : [...owners, ...dependents];
    }
    if (!isDeleting(current)) return hasLostOwner(current, lister) ? [...owners, current] : owners;
    const waits = isWaitingForDependents(current);
    const beginsToWait = waits && (previous === undefined || !isWaitingForDependents(previous));
    return [
      ...owners,
      ...((current.metadata.finalizers?.length ?? 0) > 0 ? [current] : []),
      ...(beginsToWait ? lister.dependentsOf(uidOf(current)) : []),
    ];
  }

  return {
    name: 'garbage-collector-controller',
    batch: 500,
    watches: [
      {
        kind: '*',
        enqueue(previous, current, lister) {
          const objects = affected(previous, current, lister);
          return objects.length === 0 ? nothing : objects.map(nameOf);
        },
      },
    ],
    async reconcile(keys, { client, lister }) {
      const requests = keys.flatMap((name) => {
        const object = namedObject(name, lister);
        return object === undefined ? [] : collectGarbage(object, lister);
      });
      if (requests.length > 0) retryRefused(await client.commit(requests));
      return [];
    },
  };
}

/** Whether one of the object's owners is not there, or waits for it to go. */
function hasLostOwner(object: KubeObject, lister: Lister): boolean {
  const { ownerReferences } = object.metadata;
  if (ownerReferences === undefined) return false;
  return ownerReferences.some((reference) => {
    const owner = ownerOf(object, reference, lister);
    return owner === undefined || isWaitingForDependents(owner);
  });
}
