import type { Json } from '../../api/meta.ts';
import { isObject, type JsonObject } from '../../domain/patch/json-object.ts';
import { goJson } from '../../registry/validation/go-text.ts';
import { jsonType, metadataProblem } from './metadata-problem.ts';

/** An object as a file has it: its kind is a text that is not empty, nothing else is checked. */
export type ManifestObject = JsonObject & { readonly kind: string };

/**
 * Why kubectl cannot make objects of a document, in the words that it puts behind `unable to decode "FILE": `.
 * Undefined where it can. Anything with a field `items` is a list.
 */
export function decodingProblem(document: Json): string | undefined {
  if (!isObject(document)) {
    return `json: cannot unmarshal ${jsonType(document)} into Go value of type unstructured.detector`;
  }
  const { apiVersion, items } = document;
  if (!hasKind(document) || (typeof apiVersion === 'string' && apiVersion.split('/').length > 2)) {
    return `Object 'Kind' is missing in '${goJson(sorted(document))}'`;
  }
  if (items === undefined) return metadataProblem(document);
  if (items === null) return undefined;
  if (!Array.isArray(items)) {
    return `json: cannot unmarshal ${jsonType(items)} into Go struct field decodeList.items of type []json.RawMessage`;
  }
  const stray = items.find((item) => !isObject(item));
  return stray === undefined
    ? undefined
    : `json: cannot unmarshal ${jsonType(stray)} into Go value of type map[string]interface {}`;
}

/**
 * The objects of a document that decodes: itself, or the items of a list. An item of a list of one kind need not name
 * its kind. A text is what is wrong with an item.
 */
export function flattenLists(document: Json): readonly (ManifestObject | string)[] {
  if (!isObject(document) || !hasKind(document)) {
    const missing = "Object 'Kind' is missing in 'object has no kind field '";
    return [`unable to get type info from the object "*unstructured.Unstructured": ${missing}`];
  }
  const { items } = document;
  if (items === undefined) return [document];
  return Array.isArray(items)
    ? items.flatMap((item: Json) => flattenLists(withKindOfList(item, document)))
    : [];
}

function withKindOfList(item: Json, list: ManifestObject): Json {
  const kind = list.kind.replace(/List$/, '');
  if (!isObject(item) || kind === '' || kind === list.kind) return item;
  const { apiVersion } = item;
  if (hasKind(item) || (apiVersion ?? '') !== '') return item;
  return { ...item, apiVersion: list.apiVersion ?? '', kind };
}

function hasKind(value: JsonObject): value is ManifestObject {
  const { kind } = value;
  return typeof kind === 'string' && kind !== '';
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
