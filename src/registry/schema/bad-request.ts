import type { FieldValidation } from '../../api/client.ts';
import type { KindRef } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';

/** A 400 with reason BadRequest. */
export function badRequest(message: string): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'BadRequest',
    code: 400,
  });
}

/** The 400 for an object that does not decode. `stated` is what the object says that it is. */
export function cannotBeHandled(
  stated: { kind: string; version: string },
  as: KindRef,
  why: string,
): StatusError {
  return badRequest(
    `${stated.kind} in version ${JSON.stringify(stated.version)} cannot be handled as a ${as.kind}: ${why}`,
  );
}

/**
 * Does with strict errors (`unknown field "spec.x"`, `duplicate field "spec.y"`) what field validation asks for:
 * throws the 400 under Strict; returns the texts of the warnings under Warn; returns nothing under Ignore.
 */
export function settleStrictErrors(
  kind: KindRef,
  strictErrors: readonly string[],
  fieldValidation: FieldValidation,
): readonly string[] {
  if (strictErrors.length === 0 || fieldValidation === 'Ignore') return [];
  if (fieldValidation === 'Warn') return strictErrors;
  throw cannotBeHandled(kind, kind, `strict decoding error: ${strictErrors.join(', ')}`);
}
