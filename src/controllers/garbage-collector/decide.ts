import type { WriteRequest } from '../../api/client.ts';
import type { Json, KubeObject, OwnerReference } from '../../api/meta.ts';
import { FINALIZER_FOREGROUND, FINALIZER_ORPHAN } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import type { Lister } from '../../runtime/controller.ts';
import { deletion, mergePatch } from '../../runtime/write-requests.ts';
import { isWaitingForDependents, sortOwners } from './owners.ts';

const hasFinalizer = (object: KubeObject, name: string): boolean =>
  object.metadata.finalizers?.includes(name) === true;

/** What the garbage collector does about one object, as things stand. Nothing for an object that may stay. */
export function collectGarbage(object: KubeObject, lister: Lister): readonly WriteRequest[] {
  if (!isDeleting(object)) return releaseOrDelete(object, lister);
  if (isWaitingForDependents(object)) return finishForeground(object, lister);
  if (hasFinalizer(object, FINALIZER_ORPHAN)) return orphanDependents(object, lister);
  return [];
}

/** An object lives as long as one of its owners does. */
function releaseOrDelete(object: KubeObject, lister: Lister): readonly WriteRequest[] {
  const { solid, dangling, waiting } = sortOwners(object, lister);
  if (dangling.length === 0 && waiting.length === 0) return [];
  if (solid.length > 0) return [setOwners(object, solid)];
  if (waiting.length > 0 && lister.dependentsOf(object.metadata.uid ?? '').length > 0) {
    return [deletion(object, { propagationPolicy: 'Foreground', unchanged: true })];
  }
  const propagationPolicy = hasFinalizer(object, FINALIZER_ORPHAN)
    ? 'Orphan'
    : hasFinalizer(object, FINALIZER_FOREGROUND)
      ? 'Foreground'
      : 'Background';
  return [deletion(object, { propagationPolicy, unchanged: true })];
}

/** An owner deleted in the foreground goes when no dependent blocks it any more. */
function finishForeground(owner: KubeObject, lister: Lister): readonly WriteRequest[] {
  const uid = owner.metadata.uid ?? '';
  const blocking = lister
    .dependentsOf(uid)
    .some(({ metadata }) =>
      metadata.ownerReferences?.some((own) => own.uid === uid && own.blockOwnerDeletion === true),
    );
  return blocking ? [] : [dropFinalizer(owner, FINALIZER_FOREGROUND)];
}

/** An owner deleted as `Orphan` goes when no dependent names it any more. */
function orphanDependents(owner: KubeObject, lister: Lister): readonly WriteRequest[] {
  const uid = owner.metadata.uid ?? '';
  const dependents = lister.dependentsOf(uid);
  if (dependents.length === 0) return [dropFinalizer(owner, FINALIZER_ORPHAN)];
  return dependents.map((dependent) =>
    setOwners(
      dependent,
      dependent.metadata.ownerReferences?.filter((reference) => reference.uid !== uid) ?? [],
    ),
  );
}

function setOwners(object: KubeObject, owners: readonly OwnerReference[]): WriteRequest {
  const ownerReferences: Json = owners.length === 0 ? null : owners.map((owner) => ({ ...owner }));
  return mergePatch(object, { metadata: { ownerReferences } });
}

function dropFinalizer(object: KubeObject, name: string): WriteRequest {
  const rest = object.metadata.finalizers?.filter((finalizer) => finalizer !== name) ?? [];
  return mergePatch(object, { metadata: { finalizers: rest.length === 0 ? null : rest } });
}
