import { deepEqual } from '../../../domain/deep-equal.ts';
import { type FieldErrors, forbidden } from '../field-error.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';

/** Bytes that the data of a ConfigMap or a Secret may have. */
export const MAX_DATA_SIZE = 1024 * 1024;

const SEALED = 'field is immutable when `immutable` is set';

/** Refuses changes of an object that was declared immutable. */
export function requireUnsealed(
  next: Fields,
  previous: Fields,
  sealed: readonly string[],
  errors: FieldErrors,
): void {
  if (previous.immutable !== true) return;
  if (next.immutable !== true) errors.push(forbidden('immutable', SEALED));
  for (const field of sealed) {
    if (!deepEqual(fieldsOf(next[field]), fieldsOf(previous[field]))) errors.push(forbidden(field, SEALED));
  }
}

/** Number of bytes that base64 text stands for. */
export function decodedLength(base64: string): number {
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
}
