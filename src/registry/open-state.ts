import type { KubeObject, ObjectMeta } from '../api/meta.ts';
import { withResourceVersion } from './stored-object.ts';

type Open = Omit<ObjectMeta, 'resourceVersion'> & { resourceVersion: string | undefined };

/**
 * Metadata of a state that is made to be written: they keep a place open for the revision, which only the store knows.
 * The object that gets them must be made for this one write, and given to nobody before `atRevision` has closed it.
 */
export function openMetadata(metadata: ObjectMeta): ObjectMeta {
  const open: Open = { ...metadata, resourceVersion: undefined };
  return open as ObjectMeta; // which it is as soon as it is closed
}

/** The state as it was written as `revision`: in place where it was open, so that no write copies its object twice. */
export function atRevision(object: KubeObject, revision: number): KubeObject {
  if (!isOpen(object.metadata)) return withResourceVersion(object, revision);
  (object.metadata as Open).resourceVersion = String(revision);
  return object;
}

function isOpen(metadata: ObjectMeta): boolean {
  return metadata.resourceVersion === undefined && 'resourceVersion' in metadata;
}
