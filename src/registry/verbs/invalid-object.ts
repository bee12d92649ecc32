import { StatusError } from '../../api/status.ts';
import type { ServedKind } from '../served-kind.ts';
import { at } from '../strategies/generic.ts';
import { type FieldError, invalidStatus } from '../validation/field-error.ts';
import { stepsOf } from './field-path.ts';

/**
 * The refusal of an object with these errors. `body` is the object as it was written: Go keeps apart a map or list that
 * was given empty from one that was not given, the canonical form does not, and an error about nothing shows which.
 */
export function invalidObject(
  kind: ServedKind,
  name: string,
  errors: readonly FieldError[],
  body: unknown,
): StatusError {
  const shown = errors.map((error) => withGivenEmpty(error, body));
  return new StatusError(invalidStatus(kind.ref, name, shown));
}

function withGivenEmpty(error: FieldError, body: unknown): FieldError {
  if (error.badValue !== undefined && error.badValue !== null) return error;
  const given = at(body, ...stepsOf(error.field));
  const isEmpty = typeof given === 'object' && given !== null && Object.keys(given).length === 0;
  return isEmpty ? { ...error, badValue: given } : error;
}
