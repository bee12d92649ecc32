import type { PropagationPolicy, WriteRequest } from '../api/client.ts';
import type { Json, KubeObject, ObjectKey } from '../api/meta.ts';
import { kindRefOf } from './kind-key.ts';

/** The key of an object. */
export function keyOf(object: KubeObject): ObjectKey {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
}

/** `namespace/name`, or the name of a cluster-scoped object: how work queues name objects. */
export function keyText(object: KubeObject): string {
  const { namespace, name } = keyOf(object);
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** The key that `keyText` wrote. */
export function parseKeyText(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return { namespace: text.slice(0, Math.max(slash, 0)), name: text.slice(slash + 1) };
}

/** How an object is to be deleted. */
export interface DeletionOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: PropagationPolicy;
  /** Refuse (Conflict) when the object has changed since it was read. */
  readonly unchanged?: boolean;
}

/** Deletes exactly this object: one that took its name meanwhile is left alone. */
export function deletion(
  object: KubeObject,
  { unchanged = false, ...options }: DeletionOptions = {},
): WriteRequest {
  const { uid, resourceVersion } = object.metadata;
  const preconditions = {
    ...(uid === undefined ? {} : { uid }),
    ...(unchanged && resourceVersion !== undefined ? { resourceVersion } : {}),
  };
  return { verb: 'delete', kind: kindRefOf(object), key: keyOf(object), preconditions, ...options };
}

/** Writes the status of an object as it stands; refused (Conflict) when the object has changed since it was read. */
export function statusUpdate(object: KubeObject & { readonly status?: object | undefined }): WriteRequest {
  return { verb: 'update', kind: kindRefOf(object), key: keyOf(object), subresource: 'status', object };
}

/** Merges a patch into exactly the state that was read; refused (Conflict) when the object has changed since. */
export function mergePatch(object: KubeObject, patch: { readonly [field: string]: Json }): WriteRequest {
  const { metadata } = patch;
  const { resourceVersion = null, uid = null } = object.metadata;
  const given = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {};
  return {
    verb: 'patch',
    kind: kindRefOf(object),
    key: keyOf(object),
    patchType: 'merge',
    patch: { ...patch, metadata: { ...given, uid, resourceVersion } },
  };
}
