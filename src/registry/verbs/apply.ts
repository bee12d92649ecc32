import type { KubeObject } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { conflictCauses, conflictMessage } from '../../domain/patch/apply/conflicts.ts';
import { applyServerSide } from '../../domain/patch/apply/server-side-apply.ts';
import { isObject, type JsonObject } from '../../domain/patch/json-object.ts';
import { PatchError } from '../../domain/patch/patch-error.ts';
import { lookupType } from '../schema/schema-node.ts';
import { groupResource, type ServedKind } from '../served-kind.ts';
import { badRequest, conflict, refusal } from '../status-errors.ts';
import { at } from '../strategies/generic.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import { invalidStatus, required } from '../validation/field-error.ts';
import { asJson, resetFields } from './managed-fields.ts';
import type { PatchRequest } from './patch.ts';

/**
 * The body that a server-side apply makes of the object: before defaulting, with its managedFields. Throws StatusError:
 * 409 with the fields that other managers own, 422 without a field manager, 500 for what the schema does not declare.
 */
export function appliedBody(
  kind: ServedKind,
  request: PatchRequest,
  existing: KubeObject | null,
  context: WriteContext,
): JsonObject {
  const { patch: applied, fieldManager = '', force = false } = request;
  if (fieldManager === '') throw managerRequired();
  if (!isObject(applied)) throw badRequest('error decoding YAML: the body is no object');
  requireKind(kind, applied);
  const uid = at(applied, 'metadata', 'uid');
  if (existing === null && typeof uid === 'string' && uid !== '') {
    const because = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(groupResource(kind), request.key.name, because);
  }
  const result = attempt(applied, () =>
    applyServerSide({
      live: existing === null ? undefined : asJson(existing),
      applied,
      manager: fieldManager,
      subresource: request.subresource ?? '',
      force,
      schema: lookupType(kind.ref),
      now: context.now,
      resetFields: resetFields(kind, request.subresource),
    }),
  );
  if (result.conflicts === undefined) return result.object;
  throw refusal(409, 'Conflict', conflictMessage(result.conflicts), {
    causes: conflictCauses(result.conflicts),
  });
}

function managerRequired(): StatusError {
  const missing = required('fieldManager', 'is required for apply patch');
  return new StatusError(invalidStatus({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [missing]));
}

function requireKind(kind: ServedKind, applied: JsonObject): void {
  const { group, version, kind: name } = kind.ref;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  if (applied.apiVersion === apiVersion && applied.kind === name) return;
  throw badRequest(
    `the API version in the data (${String(applied.apiVersion ?? '')}, Kind=${String(applied.kind ?? '')}) ` +
      `does not match the expected API version (${apiVersion}, Kind=${name})`,
  );
}

function attempt<T>(applied: JsonObject, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (error.reason === 'BadRequest') throw badRequest(error.message);
    const text = (field: string): string => String(at(applied, 'metadata', field) ?? '');
    const what = `${text('namespace')}/${text('name')}; ${applied.apiVersion}, Kind=${applied.kind}`;
    throw refusal(500, undefined, `failed to create typed patch object (${what}): ${error.message}`);
  }
}
