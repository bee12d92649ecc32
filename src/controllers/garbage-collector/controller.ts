import type { KubeObject } from '../../api/meta.ts';
import { isDeleting } from '../../domain/conditions.ts';
import type { Controller, Lister } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { collectGarbage } from './decide.ts';
import { isWaitingForDependents, sortOwners } from './owners.ts';

const uidOf = (object: KubeObject): string => object.metadata.uid ?? '';

/**
 * Deletes objects whose owners are all gone, in the background or in the foreground, and frees the dependents of
 * owners that are deleted as `Orphan`. It looks at every kind but Event. Its keys are UIDs.
 */
export function garbageCollector(): Controller {
  return {
    name: 'garbage-collector-controller',
    batch: 500,
    watches: [{ kind: '*', enqueue: (previous, current, lister) => affected(previous, current, lister) }],
    async reconcile(keys, { client, lister }) {
      const requests = keys.flatMap((uid) => {
        const object = lister.byUid(uid);
        return object === undefined ? [] : collectGarbage(object, lister);
      });
      if (requests.length > 0) retryRefused(await client.commit(requests));
      return [];
    },
  };
}

/** The objects that a change of one may concern: itself, its dependents, or an owner that waits for it. */
function affected(
  previous: KubeObject | undefined,
  current: KubeObject | undefined,
  lister: Lister,
): readonly string[] {
  const uids: string[] = [];
  for (const { uid } of previous?.metadata.ownerReferences ?? []) {
    const owner = lister.byUid(uid);
    if (owner !== undefined && isDeleting(owner)) uids.push(uid);
  }
  if (current === undefined) {
    if (previous !== undefined) for (const one of lister.dependentsOf(uidOf(previous))) uids.push(uidOf(one));
    return uids;
  }
  if (isDeleting(current)) {
    if ((current.metadata.finalizers?.length ?? 0) > 0) uids.push(uidOf(current));
    if (isWaitingForDependents(current) && (previous === undefined || !isWaitingForDependents(previous))) {
      for (const one of lister.dependentsOf(uidOf(current))) uids.push(uidOf(one));
    }
  } else if (hasLostOwner(current, lister)) {
    uids.push(uidOf(current));
  }
  return uids;
}

function hasLostOwner(object: KubeObject, lister: Lister): boolean {
  if ((object.metadata.ownerReferences?.length ?? 0) === 0) return false;
  const { dangling, waiting } = sortOwners(object, lister);
  return dangling.length > 0 || waiting.length > 0;
}
