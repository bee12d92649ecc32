import type { Client, PropagationPolicy, WriteOutcome, WriteRequest } from '../api/client.ts';
import type { Json, KubeObject, ObjectKey, ObjectList } from '../api/meta.ts';
import { type Status, StatusError } from '../api/status.ts';
import type { ServedKind } from '../registry/served-kind.ts';
import { methodNotAllowed } from '../registry/status-errors.ts';
import { at } from '../registry/strategies/generic.ts';
import { notSupported } from '../registry/validation/field-error.ts';
import { type DeleteCollectionOptions, deleteCollection } from '../registry/verbs/delete-collection.ts';
import type { ApiRequest } from './http-messages.ts';
import { patchType } from './media-types.ts';
import { fieldValidationOf, flagOf, invalidOptions, isDryRun, listQuery, numberOf } from './query.ts';
import { parseBody, readBody } from './request-body.ts';
import type { ResourcePath } from './resource-path.ts';

/** What a write answers. */
export interface Written {
  readonly status: number;
  readonly object: KubeObject | Status;
  readonly warnings: readonly string[];
}

/** Options that all writes take from the query. */
function writeOptions(query: URLSearchParams) {
  const fieldManager = query.get('fieldManager') ?? '';
  return {
    dryRun: isDryRun(query.getAll('dryRun')),
    fieldValidation: fieldValidationOf(query),
    ...(fieldManager === '' ? {} : { fieldManager }),
  };
}

const keyOf = ({ namespace, name }: ResourcePath): ObjectKey => ({ namespace, name });

/** Sends one write. Throws what it was refused with; warnings of refused writes are lost, as they are upstream. */
async function commitOne(client: Client, request: WriteRequest): Promise<WriteOutcome & { ok: true }> {
  const [outcome] = await client.commit([request]);
  if (outcome === undefined) throw new Error('server: a write was left without an outcome');
  if (!outcome.ok) throw new StatusError(outcome.error);
  return outcome;
}

/** POST to a collection, or below an object. */
export async function createObject(
  client: Client,
  kind: ServedKind,
  path: ResourcePath,
  request: ApiRequest,
): Promise<Written> {
  requireNamespace(kind, path);
  // What is no object is refused by the registry, in the words of the API.
  const object = readBody(request.body, request.headers['content-type']) as unknown as KubeObject;
  const { warnings, ...outcome } = await commitOne(client, {
    verb: 'create',
    kind: kind.ref,
    namespace: path.namespace,
    object,
    ...writeOptions(request.query),
  });
  return { status: 201, object: outcome.object, warnings };
}

/** A namespaced object can be made only below a namespace. */
function requireNamespace(kind: ServedKind, { namespace }: ResourcePath): void {
  if (kind.info.namespaced && namespace === '') {
    throw methodNotAllowed('the server does not allow this method on the requested resource');
  }
}

/** PUT of an object or one of its subresources. */
export async function updateObject(
  client: Client,
  kind: ServedKind,
  path: ResourcePath,
  request: ApiRequest,
): Promise<Written> {
  const object = readBody(request.body, request.headers['content-type']) as unknown as KubeObject;
  const { did, warnings, ...outcome } = await commitOne(client, {
    verb: 'update',
    kind: kind.ref,
    key: keyOf(path),
    object,
    ...subresourceOf(path),
    ...writeOptions(request.query),
  });
  return { status: did === 'created' ? 201 : 200, object: outcome.object, warnings };
}

const subresourceOf = ({ subresource }: ResourcePath) => (subresource === '' ? {} : { subresource });

/** PATCH of an object or one of its subresources. */
export async function patchObject(
  client: Client,
  kind: ServedKind,
  path: ResourcePath,
  request: ApiRequest,
): Promise<Written> {
  const type = patchType(request.headers['content-type']);
  const patch: Json = parseBody(request.body, type === 'apply' ? 'yaml' : 'json');
  const force = flagOf(request.query, 'force');
  const { did, warnings, ...outcome } = await commitOne(client, {
    verb: 'patch',
    kind: kind.ref,
    key: keyOf(path),
    patchType: type,
    patch,
    ...(force === undefined ? {} : { force }),
    ...subresourceOf(path),
    ...writeOptions(request.query),
  });
  return { status: did === 'created' ? 201 : 200, object: outcome.object, warnings };
}

/** metav1.DeleteOptions: from the body, else from the query. */
function deleteOptions(request: ApiRequest): DeleteCollectionOptions & {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
} {
  const body = request.body.length === 0 ? {} : readBody(request.body, request.headers['content-type']);
  const { query } = request;
  const grace = at(body, 'gracePeriodSeconds') ?? numberOf(query, 'gracePeriodSeconds');
  const uid = at(body, 'preconditions', 'uid');
  const resourceVersion = at(body, 'preconditions', 'resourceVersion');
  const preconditions = {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
  const dryRun = at(body, 'dryRun');
  const propagationPolicy = policyOf(body, query);
  return {
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(Object.keys(preconditions).length > 0 ? { preconditions } : {}),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    dryRun: isDryRun([...query.getAll('dryRun'), ...(Array.isArray(dryRun) ? dryRun.map(String) : [])]),
  };
}

function policyOf(body: Json, query: URLSearchParams): PropagationPolicy | undefined {
  const asked = at(body, 'propagationPolicy') ?? query.get('propagationPolicy');
  if (asked === 'Background' || asked === 'Foreground' || asked === 'Orphan') return asked;
  if (typeof asked === 'string' && asked !== '') {
    const error = notSupported('propagationPolicy', asked, ['Foreground', 'Background', 'Orphan', 'nil']);
    throw invalidOptions('DeleteOptions', error);
  }
  const orphan = at(body, 'orphanDependents') ?? flagOf(query, 'orphanDependents');
  return orphan === true ? 'Orphan' : orphan === false ? 'Background' : undefined;
}

/** Kinds whose DELETE answers with the object where others answer with a Status. */
const ANSWERS_OBJECT: ReadonlySet<string> = new Set([
  'Pod',
  'PodTemplate',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'ServiceAccount',
]);

/** DELETE of an object. */
export async function deleteObject(
  client: Client,
  kind: ServedKind,
  path: ResourcePath,
  request: ApiRequest,
): Promise<Written> {
  const { did, object, warnings } = await commitOne(client, {
    verb: 'delete',
    kind: kind.ref,
    key: keyOf(path),
    ...deleteOptions(request),
  });
  const answersObject = did !== 'deleted' || (kind.info.group === '' && ANSWERS_OBJECT.has(kind.info.kind));
  return { status: 200, object: answersObject ? object : deletedStatus(kind, object), warnings };
}

function deletedStatus({ info }: ServedKind, { metadata }: KubeObject): Status {
  return success({
    ...(metadata.name === undefined ? {} : { name: metadata.name }),
    ...(info.group === '' ? {} : { group: info.group }),
    kind: info.plural,
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
  });
}

/** A Status that says yes. */
export function success(details?: Status['details'], code = 200): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    ...(details === undefined ? {} : { details }),
    code,
  };
}

/** DELETE of a collection: resolves to what was deleted. Throws the first refusal. */
export async function deleteObjects(
  client: Client,
  kind: ServedKind,
  path: ResourcePath,
  request: ApiRequest,
): Promise<ObjectList> {
  requireNamespace(kind, path);
  const { labelSelector = '', fieldSelector = '' } = listQuery(request.query).options;
  const { preconditions: _none, ...options } = deleteOptions(request);
  const selection = { namespace: path.namespace, labelSelector, fieldSelector };
  const outcomes = await deleteCollection(client, kind.ref, selection, options);
  const items = outcomes.map((outcome) => {
    if (!outcome.ok) throw new StatusError(outcome.error);
    return outcome.object;
  });
  return { items, resourceVersion: await client.revision() };
}
