import type { FieldValidation } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { formatRfc3339 } from '../../domain/rfc3339.ts';
import { admitToNamespace } from '../admission/namespace-lifecycle.ts';
import { groupResource, type ServedKind } from '../served-kind.ts';
import { alreadyExists, badRequest, methodNotAllowed, refusal } from '../status-errors.ts';
import { withMetadata } from '../strategies/generic.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import { invalidObject } from './invalid-object.ts';
import { type Writer, withManagers } from './managed-fields.ts';
import { generateName, needsName } from './names.ts';
import { rememberCreate, repeatedCreate } from './repeated-writes.ts';
import type { Transition } from './transition.ts';

/** A resourceVersion that upstream takes for one; what is no number it overlooks. */
const SET_VERSION = /^0*[1-9][0-9]*$/;

/** A create as it reaches the verb. */
export interface CreateRequest extends Writer {
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  readonly object: unknown;
  readonly fieldValidation: FieldValidation;
}

/**
 * POST: decode, default, prepare and admit, validate; then the name must be free. `existing` is what lies under the
 * name now, or null; a generated name is taken to be free, and the store's precondition says when it is not.
 * Throws StatusError.
 */
export function create(
  kind: ServedKind,
  request: CreateRequest,
  existing: KubeObject | null,
  context: WriteContext,
): Transition {
  const isTracked = request.fieldManager !== undefined || request.applied === true;
  const repeated = isTracked || existing !== null ? undefined : repeatedCreate(kind, request, context);
  if (repeated !== undefined) return repeated;
  refuseWhileTerminating(kind);
  const decoded = kind.decode(request.object, request.fieldValidation);
  const placed = inNamespace(decoded.object, request.namespace);
  const generated = needsName(placed.metadata);
  const named = generated ? withGeneratedName(placed, context) : placed;
  if (kind.info.namespaced) admitToNamespace(kind, named, context.lookups);
  const prepared = prepare(kind, kind.applyDefaults(named), request, context);
  const errors = kind.validateCreate(prepared);
  if (errors.length > 0) throw invalidObject(kind, prepared.metadata.name ?? '', errors, request.object);
  if (SET_VERSION.test(decoded.object.metadata.resourceVersion ?? '')) {
    throw refusal(500, undefined, 'resourceVersion should not be set on objects to be created');
  }
  if (existing !== null && !generated) throw alreadyExists(groupResource(kind), prepared.metadata.name ?? '');
  const warnings = [...decoded.warnings, ...kind.warnings(prepared, null)];
  const created: Transition = { did: 'created', object: prepared, warnings };
  if (!isTracked) rememberCreate(kind, request, created, context);
  return created;
}

function refuseWhileTerminating(kind: ServedKind): void {
  if (kind.definition?.metadata.deletionTimestamp === undefined) return;
  throw methodNotAllowed('create not allowed while custom resource definition is terminating', {
    group: kind.info.group,
    kind: kind.info.plural,
  });
}

/** The object in the request's namespace; 400 when it names another. Cluster-scoped requests clear the field. */
function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const own = object.metadata.namespace ?? '';
  if (own === namespace) return object;
  if (namespace === '') {
    const { namespace: _dropped, ...metadata } = object.metadata;
    return withMetadata(object, metadata);
  }
  if (own === '') return withMetadata(object, { ...object.metadata, namespace });
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

function withGeneratedName(object: KubeObject, context: WriteContext): KubeObject {
  const name = generateName(object.metadata.generateName ?? '', context.random);
  return withMetadata(object, { ...object.metadata, name });
}

/** Sets what only the system may set, then lets the kind have its say. */
function prepare(kind: ServedKind, object: KubeObject, writer: Writer, context: WriteContext): KubeObject {
  const {
    resourceVersion: _resourceVersion,
    deletionTimestamp: _deletionTimestamp,
    deletionGracePeriodSeconds: _deletionGracePeriodSeconds,
    managedFields,
    ...metadata
  } = object.metadata;
  const fresh = withMetadata(object, {
    ...metadata,
    ...(writer.applied === true && managedFields !== undefined ? { managedFields } : {}),
    uid: context.random.uuid(),
    creationTimestamp: formatRfc3339(context.now),
  });
  const next = kind.strategy.prepareForCreate(fresh, kind, context);
  const { fieldManager, applied } = writer;
  return withManagers(kind, { fieldManager, applied, previous: null, next, now: context.now });
}

/** The name that a create's body asks for; undefined when it has none or is no object at all. */
export function nameInBody(body: unknown): string | undefined {
  // Anything can be asked for fields that it may lack.
  const name = (body as { readonly metadata?: { readonly name?: unknown } | null } | null)?.metadata?.name;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
