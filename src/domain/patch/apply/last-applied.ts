import { LAST_APPLIED } from '../../../api/well-known.ts';
import { isObject, type JsonObject, own } from '../json-object.ts';
import type { PatchSchema } from '../patch-schema.ts';
import { compareFields } from './compare.ts';
import { difference, type FieldSet, NO_FIELDS } from './field-set.ts';
import { ownedFields } from './owned-fields.ts';

/** The manager that `kubectl apply --server-side` uses, for which the server keeps client-side apply's annotation. */
export const KUBECTL = 'kubectl';

/**
 * The fields that client-side apply set and that still are as it set them, by its annotation. kubectl's server-side
 * apply may change those without a conflict. None where the object has no annotation that can be read.
 */
export function fieldsLastApplied(live: JsonObject, schema: PatchSchema | undefined): FieldSet {
  const text = lastAppliedText(live);
  if (text === undefined) return NO_FIELDS;
  try {
    const manifest: unknown = JSON.parse(text);
    if (!isJsonObject(manifest)) return NO_FIELDS;
    const { added, modified, removed } = compareFields(manifest, live, schema);
    return [added, modified, removed].reduce(difference, ownedFields(manifest, schema));
  } catch {
    return NO_FIELDS;
  }
}

/** The object with the configuration in its annotation, where client-side apply has left one. */
export function withLastAppliedConfiguration(object: JsonObject, applied: JsonObject): JsonObject {
  if (lastAppliedText(object) === undefined) return object;
  const text = `${sortedJson(withoutAnnotation(applied))}\n`;
  return withAnnotations(object, { ...annotationsOf(object), [LAST_APPLIED]: text });
}

function lastAppliedText(object: JsonObject): string | undefined {
  const text = annotationsOf(object)?.[LAST_APPLIED];
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function withoutAnnotation(object: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  if (annotations === undefined || !Object.hasOwn(annotations, LAST_APPLIED)) return object;
  const { [LAST_APPLIED]: _itself, ...others } = annotations;
  return withAnnotations(object, others);
}

function annotationsOf(object: JsonObject): JsonObject | undefined {
  const metadata = own(object, 'metadata');
  const annotations = isObject(metadata) ? own(metadata, 'annotations') : undefined;
  return isObject(annotations) ? annotations : undefined;
}

function withAnnotations(object: JsonObject, annotations: JsonObject): JsonObject {
  const metadata = own(object, 'metadata');
  return { ...object, metadata: { ...(isObject(metadata) ? metadata : {}), annotations } };
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON as Go writes maps: sorted keys, and nothing that HTML would read. */
function sortedJson(value: JsonObject): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
  return text.replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
