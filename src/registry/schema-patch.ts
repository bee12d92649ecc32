import type { Json, KindRef, KubeObject } from '../api/meta.ts';
import { applyStrategicMergePatch } from '../domain/patch/strategic/apply.ts';
import { lookupType } from './schema/schema-node.ts';

/**
 * Applies a strategic merge patch to an object of a built-in kind, by the kind's schema. A patch cannot change what
 * kind the object is: as upstream's typed patching, it is silently ignored there.
 *
 * @throws PatchError as `applyStrategicMergePatch` does
 */
export function patchStrategically(kind: KindRef, object: KubeObject, patch: unknown): unknown {
  // Objects of the registry and request bodies are JSON through and through.
  const patched = applyStrategicMergePatch(object as unknown as Json, patch as Json, lookupType(kind));
  return { ...(patched as object), apiVersion: object.apiVersion, kind: object.kind };
}
