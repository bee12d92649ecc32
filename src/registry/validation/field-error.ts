import type { KindRef } from '../../api/meta.ts';
import type { Status, StatusCause } from '../../api/status.ts';
import { goJson, goQuote } from './go-text.ts';

/** What kind of mistake a field error is. */
type FieldErrorType =
  | 'Required'
  | 'Invalid'
  | 'NotSupported'
  | 'Forbidden'
  | 'Duplicate'
  | 'NotFound'
  | 'TooLong'
  | 'TooMany'
  | 'TypeInvalid'
  | 'InternalError';

/** One thing that is wrong with an object. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** Path from the object's root: `spec.template.spec.containers[0].name`. */
  readonly field: string;
  /**
   * The value that is wrong, in the order of fields in which it shall be shown; undefined and null both show as
   * `null`. Not shown for Required, Forbidden, TooLong and InternalError.
   */
  readonly badValue?: unknown;
  /** Words after the value; may be ''. */
  readonly detail: string;
}

/** Errors in the order in which they were found. Validation functions append to one. */
export type FieldErrors = FieldError[];

/** A value is missing. */
export function required(field: string, detail = ''): FieldError {
  return { type: 'Required', field, detail };
}

/** A value breaks a rule. */
export function invalid(field: string, badValue: unknown, detail: string): FieldError {
  return { type: 'Invalid', field, badValue, detail };
}

/** A value is none of an enumeration's, which are listed in the given order. */
export function notSupported(field: string, badValue: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? '' : `supported values: ${supported.map(goQuote).join(', ')}`;
  return { type: 'NotSupported', field, badValue, detail };
}

/** A field may not be set here, whatever its value. */
export function forbidden(field: string, detail: string): FieldError {
  return { type: 'Forbidden', field, detail };
}

/** A value that must be unique is there twice. */
export function duplicate(field: string, badValue: unknown, detail = ''): FieldError {
  return { type: 'Duplicate', field, badValue, detail };
}

/** A value names something that is not there. */
export function notFound(field: string, badValue: unknown): FieldError {
  return { type: 'NotFound', field, badValue, detail: '' };
}

/** A value has more than `maximum` bytes. */
export function tooLong(field: string, maximum: number): FieldError {
  return { type: 'TooLong', field, detail: `may not be more than ${maximum} bytes` };
}

/** A list or map has more than `maximum` entries. */
export function tooMany(field: string, actual: number, maximum: number): FieldError {
  const items = maximum === 1 ? 'item' : 'items';
  return { type: 'TooMany', field, badValue: actual, detail: `must have at most ${maximum} ${items}` };
}

/** A value has the wrong JSON type (custom resources). */
export function typeInvalid(field: string, badValue: unknown, detail: string): FieldError {
  return { type: 'TypeInvalid', field, badValue, detail };
}

/** One error per message about the same value: how the rules about names and formats report. */
export function addInvalid(
  errors: FieldErrors,
  field: string,
  badValue: unknown,
  messages: readonly string[],
): void {
  for (const message of messages) errors.push(invalid(field, badValue, message));
}

const HEADINGS: Readonly<Record<FieldErrorType, string>> = {
  Required: 'Required value',
  Invalid: 'Invalid value',
  NotSupported: 'Unsupported value',
  Forbidden: 'Forbidden',
  Duplicate: 'Duplicate value',
  NotFound: 'Not found',
  TooLong: 'Too long',
  TooMany: 'Too many',
  TypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
};

const CAUSE_REASONS: Readonly<Record<FieldErrorType, string>> = {
  Required: 'FieldValueRequired',
  Invalid: 'FieldValueInvalid',
  NotSupported: 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
  Duplicate: 'FieldValueDuplicate',
  NotFound: 'FieldValueNotFound',
  TooLong: 'FieldValueTooLong',
  TooMany: 'FieldValueTooMany',
  TypeInvalid: 'FieldValueTypeInvalid',
  InternalError: 'InternalError',
};

const WITHOUT_VALUE: ReadonlySet<FieldErrorType> = new Set([
  'Required',
  'Forbidden',
  'TooLong',
  'InternalError',
]);

/** A cause's message: `Invalid value: "x y": must …`. Strings are quoted as Go does, all else is JSON. */
export function causeText(error: FieldError): string {
  const parts = [HEADINGS[error.type]];
  if (!WITHOUT_VALUE.has(error.type)) parts.push(valueText(error.badValue));
  if (error.detail !== '') parts.push(error.detail);
  return parts.join(': ');
}

/** The whole sentence: `spec.minReadySeconds: Invalid value: -1: must …`. */
export function fieldErrorText(error: FieldError): string {
  return `${error.field}: ${causeText(error)}`;
}

/** The error as a cause of a Status. */
function statusCause(error: FieldError): StatusCause {
  return { reason: CAUSE_REASONS[error.type], message: causeText(error), field: error.field };
}

/**
 * The refusal of an object with these errors: 422 Invalid. One error stands alone in the message, several stand in
 * brackets; sentences that repeat are said once, while `details.causes` keeps each.
 */
export function invalidStatus(
  kind: Pick<KindRef, 'group' | 'kind'>,
  name: string,
  errors: readonly FieldError[],
): Status {
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const sentences = [...new Set(errors.map(fieldErrorText))];
  const said =
    sentences.length > 1 ? `: [${sentences.join(', ')}]` : sentences.map((one) => `: ${one}`).join('');
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `${qualified} ${goQuote(name)} is invalid${said}`,
    reason: 'Invalid',
    details: {
      ...(name === '' ? {} : { name }),
      ...(kind.group === '' ? {} : { group: kind.group }),
      ...(kind.kind === '' ? {} : { kind: kind.kind }),
      ...(errors.length === 0 ? {} : { causes: errors.map(statusCause) }),
    },
    code: 422,
  };
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'bigint') return value.toString();
  return goJson(value);
}
