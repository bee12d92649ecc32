import type { Json } from '../../api/meta.ts';

/** What a field of ObjectMeta must be: Go's type, the JSON type that fits it, and what its members must be. */
interface FieldType {
  readonly go: string;
  readonly json: string;
  readonly members?: FieldType;
}

const TEXT: FieldType = { go: 'string', json: 'string' };
const INTEGER: FieldType = { go: 'int64', json: 'number' };
const TEXTS: FieldType = { go: '[]string', json: 'array', members: TEXT };
const TEXT_MAP: FieldType = { go: 'map[string]string', json: 'object', members: TEXT };

const FIELDS: Readonly<Record<string, FieldType>> = {
  annotations: TEXT_MAP,
  deletionGracePeriodSeconds: INTEGER,
  finalizers: TEXTS,
  generateName: TEXT,
  generation: INTEGER,
  labels: TEXT_MAP,
  managedFields: { go: '[]v1.ManagedFieldsEntry', json: 'array' },
  name: TEXT,
  namespace: TEXT,
  ownerReferences: { go: '[]v1.OwnerReference', json: 'array' },
  resourceVersion: TEXT,
  selfLink: TEXT,
  uid: { go: 'types.UID', json: 'string' },
};

/**
 * The first field of an object's head that kubectl cannot decode, in Go's words; undefined where it can. kubectl reads
 * the metadata of everything that it sends, so a label of 1 (and not "1") fails before the server sees it.
 */
export function metadataProblem(object: { readonly [field: string]: Json }): string | undefined {
  const { apiVersion, metadata } = object;
  if (apiVersion !== undefined && apiVersion !== null && typeof apiVersion !== 'string') {
    return mismatch(apiVersion, 'metadataOnlyObject.apiVersion', 'string');
  }
  if (metadata === undefined || metadata === null) return undefined;
  if (jsonType(metadata) !== 'object')
    return mismatch(metadata, 'metadataOnlyObject.metadata', 'v1.ObjectMeta');
  for (const [field, value] of Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const type = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    const problem =
      type === undefined ? undefined : fieldProblem(value, `ObjectMeta.metadata.${field}`, type);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldProblem(value: Json, path: string, { go, json, members }: FieldType): string | undefined {
  if (value === null) return undefined;
  if (jsonType(value) !== json) return mismatch(value, path, go);
  if (members === undefined) return undefined;
  for (const member of Object.values(value)) {
    const problem = fieldProblem(member, path, members);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function mismatch(value: Json, path: string, type: string): string {
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${path} of type ${type}`;
}

/** The type of a JSON value, as Go's decoder names it. */
export function jsonType(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
