import type { FieldValidation, PatchType } from '../../api/client.ts';
import type { Json, KubeObject, ObjectKey } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { applyJsonPatch } from '../../domain/patch/json-patch.ts';
import { applyMergePatch } from '../../domain/patch/merge-patch.ts';
import { PatchError } from '../../domain/patch/patch-error.ts';
import { groupResource, type ServedKind } from '../served-kind.ts';
import { badRequest, notFound, refusal, unsupportedMediaType, unusableBody } from '../status-errors.ts';
import { at } from '../strategies/generic.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import { forbidden, invalid, invalidStatus } from '../validation/field-error.ts';
import { appliedBody } from './apply.ts';
import { create } from './create.ts';
import type { Transition } from './transition.ts';
import { replace, requireCurrent, requireSameName, requireSubresource } from './update.ts';

/** A PATCH as it reaches the verb. */
export interface PatchRequest {
  readonly key: ObjectKey;
  readonly patchType: PatchType;
  readonly patch: Json;
  readonly fieldValidation: FieldValidation;
  readonly subresource?: string | undefined;
  readonly fieldManager?: string | undefined;
  /** Server-side apply only: take fields from other managers. */
  readonly force?: boolean | undefined;
}

/**
 * PATCH: the patched object goes the way of a PUT, against the state that it was made from. A resourceVersion in the
 * patch is an optimistic lock. Throws StatusError: 404, 409, 415, and 400 or 422 for patches that do not fit.
 */
export function patch(
  kind: ServedKind,
  request: PatchRequest,
  existing: KubeObject | null,
  context: WriteContext,
): Transition {
  requireSubresource(kind, request.subresource);
  const applied = request.patchType === 'apply';
  if (!applied && request.force === true) throw forceIsForApply();
  const patched = proposedBody(kind, request, existing, context);
  if (!hasName(patched)) {
    throw badRequest(
      `the name of the object (${request.key.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  const decoded = decodePatched(kind, patched, request.fieldValidation, existing);
  requireSameName(decoded.object, request.key);
  if (existing === null) {
    const { fieldValidation } = request;
    const body = { namespace: request.key.namespace, object: patched, fieldValidation, applied };
    return create(kind, body, null, context);
  }
  requireCurrent(kind, decoded.object.metadata.resourceVersion ?? '', existing);
  const { subresource, fieldManager } = request;
  return replace(kind, { body: patched, decoded, subresource, fieldManager, applied }, existing, context);
}

function hasName(body: unknown): boolean {
  const name = at(body, 'metadata', 'name');
  return name !== undefined && name !== null && name !== '';
}

function forceIsForApply(): StatusError {
  const wrong = forbidden('force', 'may not be specified for non-apply patch');
  return new StatusError(invalidStatus({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [wrong]));
}

/** What the request makes of the object. Only apply makes one out of nothing. */
function proposedBody(
  kind: ServedKind,
  request: PatchRequest,
  existing: KubeObject | null,
  context: WriteContext,
): unknown {
  const { patchType } = request;
  if (patchType === 'apply') {
    if (existing === null && request.subresource !== undefined) throw missing(kind, request);
    return appliedBody(kind, request, existing, context);
  }
  if (existing === null) throw missing(kind, request);
  return patchedBody(kind, patchType, request.patch, existing);
}

function missing(kind: ServedKind, { key }: PatchRequest): StatusError {
  return notFound(groupResource(kind), key.name);
}

function patchedBody(
  kind: ServedKind,
  patchType: Exclude<PatchType, 'apply'>,
  change: Json,
  existing: KubeObject,
): unknown {
  // An object of the registry is JSON through and through.
  const body = existing as unknown as Json;
  try {
    switch (patchType) {
      case 'json':
        return applyJsonPatch(body, change);
      case 'merge':
        return applyMergePatch(body, change);
      case 'strategic':
        if (kind.applyStrategicMergePatch === undefined) throw takesNoStrategicPatch();
        return kind.applyStrategicMergePatch(existing, change);
    }
  } catch (error) {
    if (error instanceof PatchError) throw patchRefusal(error);
    throw error;
  }
}

function takesNoStrategicPatch(): StatusError {
  return unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: ' +
      'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );
}

function patchRefusal(error: PatchError): StatusError {
  switch (error.reason) {
    case 'Invalid':
      return unusableBody();
    case 'InternalError':
      return refusal(500, undefined, error.message);
    default:
      return badRequest(error.message);
  }
}

/** A patched object that does not decode is the patch's fault: 422 about the field `patch`. */
function decodePatched(
  kind: ServedKind,
  patched: unknown,
  fieldValidation: FieldValidation,
  existing: KubeObject | null,
) {
  try {
    return kind.decode(patched, fieldValidation, existing);
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.code !== 400) throw error;
    const why = error.message.replace(/^.* cannot be handled as a [^:]*: /s, '');
    throw new StatusError(
      invalidStatus({ group: '', kind: '' }, '', [invalid('patch', JSON.stringify(patched), why)]),
    );
  }
}
