import type { KubeObject } from '../api/meta.ts';
import { LAST_APPLIED } from '../api/well-known.ts';
import { compactJson } from './printers/object-text.ts';

/**
 * The object with the annotation that client-side apply compares with: the manifest as one line of JSON with sorted
 * keys and a line break, with `annotations` in it even when there are none. The bytes are those of kubectl.
 */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _old, ...annotations } = object.metadata.annotations ?? {};
  const plain = { ...object, metadata: { ...object.metadata, annotations } };
  const text = `${compactJson(plain)}\n`;
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}
