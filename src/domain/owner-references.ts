import type { KindRef, KubeObject, OwnerReference } from '../api/meta.ts';

/** The owner that manages an object: the reference with `controller: true`. There can be only one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences;
  return owners === undefined ? undefined : owners.find((owner) => owner.controller === true);
}

/** Whether the object's controller is the one with this UID. */
export function isControlledBy(object: KubeObject, ownerUid: string): boolean {
  return controllerOf(object)?.uid === ownerUid;
}

/** The reference with which a controller marks an object as its own. It blocks foreground deletion of the owner. */
export function controllerReference(owner: KubeObject, kind: KindRef): OwnerReference {
  return {
    apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
    kind: kind.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}
