import { type Status, type StatusCause, StatusError } from '../api/status.ts';

/** A resource by group and plural, as error texts name it. */
export interface GroupResource {
  /** '' for the core group. */
  readonly group: string;
  /** Plural name; for some refusals upstream puts the kind here. */
  readonly resource: string;
}

/** `daemonsets.apps`, or `pods` in the core group. */
function qualifiedResource({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** A refusal without details: message, reason (may be absent) and HTTP code. */
export function refusal(
  code: number,
  reason: string | undefined,
  message: string,
  details?: Status['details'],
): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

function detailsOf(of: GroupResource, name: string, causes?: readonly StatusCause[]): Status['details'] {
  return {
    ...(name === '' ? {} : { name }),
    ...(of.group === '' ? {} : { group: of.group }),
    kind: of.resource,
    ...(causes === undefined ? {} : { causes }),
  };
}

/** 404 `daemonsets.apps "x" not found`. */
export function notFound(of: GroupResource, name: string): StatusError {
  return refusal(404, 'NotFound', `${qualifiedResource(of)} "${name}" not found`, detailsOf(of, name));
}

/** 404 for a kind, version or subresource that is not served. */
export function noSuchResource(): StatusError {
  return refusal(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** 409 `daemonsets.apps "x" already exists`; `more` is appended after a comma. */
export function alreadyExists(of: GroupResource, name: string, more = ''): StatusError {
  const message = `${qualifiedResource(of)} "${name}" already exists${more === '' ? '' : `, ${more}`}`;
  return refusal(409, 'AlreadyExists', message, detailsOf(of, name));
}

/** The text of an optimistic lock that did not hold. */
export const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

/** 409 `Operation cannot be fulfilled on daemonsets.apps "x": …`. */
export function conflict(of: GroupResource, name: string, because: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(of)} "${name}": ${because}`;
  return refusal(409, 'Conflict', message, detailsOf(of, name));
}

/** 403 `pods "x" is forbidden: …`. */
export function forbidden(
  of: GroupResource,
  name: string,
  because: string,
  causes?: readonly StatusCause[],
): StatusError {
  const message = `${qualifiedResource(of)} "${name}" is forbidden: ${because}`;
  return refusal(403, 'Forbidden', message, detailsOf(of, name, causes));
}

/** 400 with this text. */
export function badRequest(message: string): StatusError {
  return refusal(400, 'BadRequest', message);
}

/** 405: the resource is served, but not with this verb. */
export function methodNotAllowed(message: string, details: Status['details'] = {}): StatusError {
  return refusal(405, 'MethodNotAllowed', message, details);
}

/** 415: the body's type is not one that the verb takes. */
export function unsupportedMediaType(message: string): StatusError {
  return refusal(415, 'UnsupportedMediaType', message, {});
}

/** 410: the asked revision was compacted away. */
export function expired(message: string): StatusError {
  return refusal(410, 'Expired', message);
}

/** 504 for a revision that is still to come. Clients know it by its cause and try again. */
export function tooLargeVersion(asked: string, current: string | number): StatusError {
  return refusal(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** 422 for a body that the server could not use at all; upstream gives no field. */
export function unusableBody(): StatusError {
  return refusal(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
