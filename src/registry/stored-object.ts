import type { KubeObject } from '../api/meta.ts';
import type { FormText } from '../store/store.ts';
import type { FormPaths } from './form-paths.ts';
import { formOf } from './object-text.ts';

/** The object with this resourceVersion; everything else is shared. */
export function withResourceVersion<T extends KubeObject>(object: T, revision: number | string): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

/** The object without a resourceVersion, as it is compared and stored. */
function withoutResourceVersion<T extends KubeObject>(object: T): T {
  if (object.metadata.resourceVersion === undefined) return object;
  const { resourceVersion: _revision, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The store's text of an object. The resourceVersion is the store's own revision and is not part of it. */
export function encodeObject(object: KubeObject, paths?: FormPaths): string | FormText {
  return formOf(object, paths) ?? JSON.stringify(withoutResourceVersion(object));
}
