import type { FieldValidation } from '../../api/client.ts';
import type { KubeObject, ObjectKey, ObjectMeta } from '../../api/meta.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { objectKey } from '../object-keys.ts';
import { type Decoded, groupResource, hasSubresource, type ServedKind } from '../served-kind.ts';
import { badRequest, conflict, MODIFIED, noSuchResource, notFound } from '../status-errors.ts';
import { at, fieldOf, withField, withMetadata } from '../strategies/generic.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import { invalid } from '../validation/field-error.ts';
import { create } from './create.ts';
import { invalidObject } from './invalid-object.ts';
import { carriedManagers, type Writer, withManagers } from './managed-fields.ts';
import { rememberStatus, repeatedStatus } from './repeated-writes.ts';
import { changesStatusAlone, updateStatusAlone } from './status-alone.ts';
import type { Transition } from './transition.ts';

/** A PUT as it reaches the verb. */
export interface UpdateRequest extends Writer {
  readonly key: ObjectKey;
  readonly object: unknown;
  readonly fieldValidation: FieldValidation;
  /** `status`, or `finalize` for namespaces. */
  readonly subresource?: string | undefined;
}

/** PUT: replaces what the subresource covers. Throws StatusError. */
export function update(
  kind: ServedKind,
  request: UpdateRequest,
  existing: KubeObject | null,
  context: WriteContext,
): Transition {
  requireSubresource(kind, request.subresource);
  const isStatusAlone =
    existing !== null && request.subresource === 'status' && request.fieldManager === undefined;
  if (isStatusAlone) {
    const repeated = repeatedStatus(kind, request.object, existing, context);
    if (repeated !== undefined) return repeated;
    const { object, fieldValidation } = request;
    const alone = changesStatusAlone(kind, object, existing)
      ? updateStatusAlone(kind, object as object, existing, fieldValidation) // what differs in its status is an object
      : undefined;
    if (alone !== undefined) {
      rememberStatus(kind, object, existing, alone, context);
      return alone;
    }
  }
  const decoded = kind.decode(request.object, request.fieldValidation, existing);
  requireSameName(decoded.object, request.key);
  if (existing === null) {
    if (!kind.strategy.createOnUpdate || request.subresource !== undefined) {
      throw notFound(groupResource(kind), request.key.name);
    }
    const { namespace } = request.key;
    return create(
      kind,
      {
        namespace,
        object: request.object,
        fieldValidation: request.fieldValidation,
        fieldManager: request.fieldManager,
      },
      null,
      context,
    );
  }
  requireLock(kind, decoded.object, existing);
  requireSameUid(kind, decoded.object, existing);
  const { object: body, subresource, fieldManager } = request;
  const replaced = replace(kind, { body, decoded, subresource, fieldManager }, existing, context);
  if (isStatusAlone) rememberStatus(kind, body, existing, replaced, context);
  return replaced;
}

/** Throws 404 when the kind has no such subresource. */
export function requireSubresource(kind: ServedKind, subresource: string | undefined): void {
  if (subresource !== undefined && !hasSubresource(kind, subresource)) throw noSuchResource();
}

/** Throws 400 when a body does not carry the name and namespace that the request has. */
export function requireSameName(object: KubeObject, key: ObjectKey): void {
  const { name = '', namespace = '' } = object.metadata;
  if (name === '') {
    throw badRequest(
      `the name of the object (${key.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (name !== key.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${key.name})`);
  }
  if (key.namespace !== '' && namespace !== '' && namespace !== key.namespace) {
    throw badRequest(
      `the namespace of the object (${namespace}) does not match the namespace on the request (${key.namespace})`,
    );
  }
}

/** Optimistic lock of a PUT: its resourceVersion, where given, is the current one; some kinds demand it. */
function requireLock(kind: ServedKind, next: KubeObject, existing: KubeObject): void {
  const asked = next.metadata.resourceVersion ?? '';
  if ((asked === '' || asked === '0') && !kind.strategy.unconditionalUpdate) {
    const missing = invalid('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalidObject(kind, existing.metadata.name ?? '', [missing], next);
  }
  requireCurrent(kind, asked, existing);
}

/** Throws 409 when a resourceVersion was given ('' is none) and the object has moved on. */
export function requireCurrent(kind: ServedKind, asked: string, existing: KubeObject): void {
  if (asked !== '' && asked !== '0' && asked !== existing.metadata.resourceVersion) {
    throw conflict(groupResource(kind), existing.metadata.name ?? '', MODIFIED);
  }
}

/** A PUT with a UID is meant for that object only. The text is that of upstream's storage layer. */
function requireSameUid(kind: ServedKind, next: KubeObject, existing: KubeObject): void {
  const asked = next.metadata.uid ?? '';
  const actual = existing.metadata.uid ?? '';
  if (asked === '' || asked === actual) return;
  const { namespace = '', name = '' } = existing.metadata;
  const place = objectKey(kind.storedAs, { namespace, name })
    .replace(/^(core|apps)\//, '')
    .replace('//', '/');
  throw conflict(
    groupResource(kind),
    name,
    `StorageError: invalid object, Code: 4, Key: /registry/${place}, ResourceVersion: 0, AdditionalErrorMsg: ` +
      `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${actual}`,
  );
}

/** What a PUT or PATCH wants an object to be. */
export interface Proposal extends Writer {
  /** As it was written, or as the patch made it. */
  readonly body: unknown;
  readonly decoded: Decoded;
  readonly subresource: string | undefined;
}

/**
 * What PUT and PATCH share: the proposal, defaulted, becomes the new state, as far as the kind lets it. Nothing
 * is written when nothing changed; a deleted object goes when this took its last finalizer.
 */
export function replace(
  kind: ServedKind,
  { body, decoded, subresource, fieldManager, applied }: Proposal,
  existing: KubeObject,
  context: WriteContext,
): Transition {
  const defaulted = kind.applyDefaults(decoded.object);
  const carried = withMetadata(defaulted, carriedMetadata(defaulted.metadata, existing.metadata));
  const next = prepare(kind, carried, existing, subresource, context);
  const write = { fieldManager, applied, subresource, previous: existing, next, now: context.now };
  const prepared = withManagers(kind, write);
  const errors =
    subresource === 'status'
      ? kind.validateStatusUpdate(prepared, existing)
      : kind.validateUpdate(prepared, existing);
  if (errors.length > 0) throw invalidObject(kind, existing.metadata.name ?? '', errors, body);
  const warnings =
    subresource === undefined
      ? [...decoded.warnings, ...kind.warnings(prepared, existing)]
      : decoded.warnings;
  if (isGone(kind, prepared)) return { did: 'deleted', object: prepared, warnings };
  // Both have the resourceVersion that is there.
  if (deepEqual(prepared, existing)) {
    return { did: 'unchanged', object: existing, warnings };
  }
  return { did: 'updated', object: prepared, warnings };
}

function prepare(
  kind: ServedKind,
  next: KubeObject,
  existing: KubeObject,
  subresource: string | undefined,
  context: WriteContext,
): KubeObject {
  if (subresource === undefined) return kind.strategy.prepareForUpdate(next, existing, kind, context);
  if (subresource === 'status') return kind.strategy.prepareForStatusUpdate(next, existing, kind);
  if (subresource === 'finalize') {
    const finalizers = at(next, 'spec', 'finalizers');
    return withField(existing, 'spec', finalizers === undefined ? {} : { ...asRecord(existing), finalizers });
  }
  throw noSuchResource();
}

function asRecord(object: KubeObject): object {
  const spec = fieldOf(object, 'spec');
  return typeof spec === 'object' && spec !== null ? spec : {};
}

/** What no writer may change is taken over; what is left out and has a value keeps it. */
function carriedMetadata(next: ObjectMeta, previous: ObjectMeta): ObjectMeta {
  if (next === previous) return previous;
  const {
    managedFields: _managedFields,
    generation: _generation,
    resourceVersion: _revision,
    ...rest
  } = next;
  const managedFields = carriedManagers(next, previous);
  return {
    ...rest,
    ...keep(previous, 'namespace', next.namespace),
    ...keep(previous, 'uid', next.uid),
    ...keep(previous, 'creationTimestamp', next.creationTimestamp),
    ...keep(previous, 'deletionTimestamp', next.deletionTimestamp),
    ...keep(previous, 'deletionGracePeriodSeconds', next.deletionGracePeriodSeconds),
    ...(managedFields === undefined ? {} : { managedFields }),
    ...keep(previous, 'generation', undefined),
    ...keep(previous, 'resourceVersion', undefined),
  };
}

function keep(previous: ObjectMeta, field: keyof ObjectMeta, given: unknown): Partial<ObjectMeta> {
  const absent = given === undefined || given === null || given === '';
  return absent && previous[field] !== undefined ? { [field]: previous[field] } : {};
}

/** Whether a deleted object has nothing left that holds it. */
export function isGone(kind: ServedKind, object: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    finalizers.length === 0 &&
    deletionGracePeriodSeconds === 0 &&
    kind.strategy.holdsDeletion?.(object) !== true
  );
}
