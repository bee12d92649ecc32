import type { KubeObject, OwnerReference } from '../../api/meta.ts';
import { FINALIZER_FOREGROUND } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import type { Lister } from '../../runtime/controller.ts';
import { ownerKindOf } from '../../runtime/kind-key.ts';
import { find } from './object-name.ts';

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
    const owner = ownerOf(object, reference, lister);
    if (owner === undefined) dangling.push(reference);
    else if (isWaitingForDependents(owner)) waiting.push(reference);
    else solid.push(reference);
  }
  return { solid, dangling, waiting };
}

/**
 * The owner that a reference means: of that kind, name and UID, in the dependent's namespace or in none. An owner in
 * another namespace is not meant: a reference cannot name it.
 */
export function ownerOf(
  dependent: KubeObject,
  reference: OwnerReference,
  lister: Lister,
): KubeObject | undefined {
  const { namespace = '' } = dependent.metadata;
  const { name, uid } = reference;
  const kind = ownerKindOf(reference);
  const beside = namespace === '' ? undefined : find(lister, kind, { namespace, name }, uid);
  return beside ?? find(lister, kind, { namespace: '', name }, uid);
}
