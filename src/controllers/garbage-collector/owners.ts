import type { KubeObject, OwnerReference } from '../../api/meta.ts';
import { FINALIZER_FOREGROUND } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import type { Lister } from '../../runtime/controller.ts';

/** An object's owner references, by the state of the owner. */
export interface SortedOwners {
  /** The owner is there, and not waiting for this object to go. */
  readonly solid: readonly OwnerReference[];
  /** No such owner exists (any more). */
  readonly dangling: readonly OwnerReference[];
  /** The owner is being deleted in the foreground: it waits for its dependents to go first. */
  readonly waiting: readonly OwnerReference[];
}

/** Whether an object is being deleted in the foreground. */
export function isWaitingForDependents(object: KubeObject): boolean {
  return isDeleting(object) && object.metadata.finalizers?.includes(FINALIZER_FOREGROUND) === true;
}

/** Sorts an object's owner references. */
export function sortOwners(object: KubeObject, lister: Lister): SortedOwners {
  const solid: OwnerReference[] = [];
  const dangling: OwnerReference[] = [];
  const waiting: OwnerReference[] = [];
  for (const reference of object.metadata.ownerReferences ?? []) {
    const owner = lister.byUid(reference.uid);
    if (owner === undefined || !isNamedBy(owner, reference, object)) dangling.push(reference);
    else if (isWaitingForDependents(owner)) waiting.push(reference);
    else solid.push(reference);
  }
  return { solid, dangling, waiting };
}

/** Whether a reference means this owner: same kind and name, and in the dependent's namespace or in none. */
function isNamedBy(owner: KubeObject, reference: OwnerReference, dependent: KubeObject): boolean {
  const namespace = owner.metadata.namespace ?? '';
  return (
    owner.kind === reference.kind &&
    groupOf(owner.apiVersion) === groupOf(reference.apiVersion) &&
    owner.metadata.name === reference.name &&
    (namespace === '' || namespace === dependent.metadata.namespace)
  );
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
