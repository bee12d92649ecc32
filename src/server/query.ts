import type { FieldValidation, ListOptions } from '../api/client.ts';
import { StatusError } from '../api/status.ts';
import { badRequest } from '../registry/status-errors.ts';
import {
  type FieldError,
  forbidden,
  invalidStatus,
  notSupported,
} from '../registry/validation/field-error.ts';

/** Reads a flag: absent is undefined. Throws 400 for what Go reads as no boolean. */
export function flagOf(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  // Go's API machinery takes an empty value as true, and all it does not know as true as well.
  return text !== 'false' && text !== '0' && text !== 'False';
}

/** Reads a whole number: absent is undefined. Throws 400. */
export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[-+]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

/** Reads `dryRun`, which is `All` or nothing. */
export function isDryRun(given: readonly string[]): boolean {
  const values = given.filter((value) => value !== '');
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined) {
    throw invalidOptions('CreateOptions', notSupported('dryRun', wrong, ['All']));
  }
  return values.length > 0;
}

/** Reads `fieldValidation`; the API's default is Warn. */
export function fieldValidationOf(query: URLSearchParams): FieldValidation {
  const text = query.get('fieldValidation') ?? '';
  if (text === '') return 'Warn';
  if (text === 'Strict' || text === 'Warn' || text === 'Ignore') return text;
  const error = notSupported('fieldValidation', text, ['Ignore', 'Strict', 'Warn']);
  throw invalidOptions('CreateOptions', error);
}

/** How new a list has to be. */
export type Freshness =
  | { readonly kind: 'newest' }
  /** At least as new as this revision. */
  | { readonly kind: 'from'; readonly resourceVersion: string }
  | { readonly kind: 'exact'; readonly resourceVersion: string };

/** Reads what a list asks for, and how new it has to be. Throws 400 and 422. */
export function listQuery(query: URLSearchParams): {
  readonly options: ListOptions;
  readonly freshness: Freshness;
} {
  const limit = numberOf(query, 'limit') ?? 0;
  numberOf(query, 'timeoutSeconds'); // of no use to a list, but it has to be a number
  const text = (name: string): string => query.get(name) ?? '';
  const from = text('continue');
  const options: ListOptions = {
    labelSelector: text('labelSelector'),
    fieldSelector: text('fieldSelector'),
    ...(limit > 0 ? { limit } : {}),
    ...(from === '' ? {} : { continue: from }),
  };
  return {
    options,
    freshness: freshnessOf(text('resourceVersion'), text('resourceVersionMatch'), limit, from),
  };
}

function freshnessOf(resourceVersion: string, match: string, limit: number, from: string): Freshness {
  if (match !== '') {
    const field = 'resourceVersionMatch';
    const forbid = (why: string) => invalidOptions('ListOptions', forbidden(field, why));
    if (resourceVersion === '')
      throw forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (from !== '') throw forbid('resourceVersionMatch is forbidden when continue is provided');
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      throw invalidOptions('ListOptions', notSupported(field, match, ['Exact', 'NotOlderThan']));
    }
    if (match === 'Exact' && resourceVersion === '0') {
      throw forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (resourceVersion === '' || resourceVersion === '0') return { kind: 'newest' };
  if (from !== '') throw badRequest('specifying resource version is not allowed when using continue');
  requireRevision(resourceVersion);
  const exact = match === 'Exact' || (match === '' && limit > 0);
  return { kind: exact ? 'exact' : 'from', resourceVersion };
}

/** Throws 400 when the text is no revision of this server. */
export function requireRevision(resourceVersion: string): void {
  if (/^(0|[1-9][0-9]{0,15})$/.test(resourceVersion)) return;
  throw badRequest(`Invalid value: ${JSON.stringify(resourceVersion)}: invalid resource version`);
}

/** 422 about a request's options. */
export function invalidOptions(kind: string, error: FieldError): StatusError {
  return new StatusError(invalidStatus({ group: 'meta.k8s.io', kind }, '', [error]));
}
