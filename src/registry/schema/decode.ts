import type { FieldValidation } from '../../api/client.ts';
import type { KindRef, KubeObject, UnstructuredObject } from '../../api/meta.ts';
import { badRequest, cannotBeHandled, settleStrictErrors } from './bad-request.ts';
import { builtinType, structOf } from './builtin-types.ts';
import { DecodeAbort, DecodeContext, jsonKindOf } from './decode-context.ts';
import { decodeFields } from './decode-value.ts';
import type { StructNode } from './type-node.ts';

/**
 * Groups whose objects the API server stores as JSON. All others are stored in a form that does not tell an empty
 * list or map from an absent one, so that an empty list that cannot be left out reads back as null.
 */
const JSON_STORED: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

/** What a decoding gives. */
export interface Decoded {
  /** In canonical form: as the API server would write it, before defaulting. Shares structure with the input. */
  readonly object: KubeObject;
  /** `unknown field "spec.x"`: warnings to hand on under `Warn`; always empty otherwise. */
  readonly strictErrors: readonly string[];
}

/**
 * Reads a request body as Go reads it into the kind's type: types, number ranges, quantities, times and null are
 * handled as encoding/json does, and what Go would leave out on encoding is left out. An absent `apiVersion` or
 * `kind` is filled in. Built-in kinds only; custom resources go through `decodeCustomResource`. `known`: an object of
 * the kind that was decoded before; what the body has of it, by identity, is not read again.
 *
 * Throws a StatusError with code 400: for types that do not fit, and under `Strict` for unknown fields.
 */
export function decodeObject(
  kind: KindRef,
  value: unknown,
  fieldValidation: FieldValidation = 'Strict',
  known?: KubeObject,
): Decoded {
  const type = builtinType(kind);
  if (type?.structName === undefined) throw new Error(`schema: ${kind.kind} is not built in`);
  const source = checkedEnvelope(kind, value);
  const context = new DecodeContext(JSON_STORED.has(kind.group));
  const object = decodeBody(kind, structOf(type.structName), source, context, known);
  return { object, strictErrors: settleStrictErrors(kind, context.strictErrors, fieldValidation) };
}

function decodeBody(
  kind: KindRef,
  struct: StructNode,
  source: Readonly<Record<string, unknown>>,
  context: DecodeContext,
  known: KubeObject | undefined,
): KubeObject {
  try {
    // An object is a record of its fields.
    const object = decodeFields(struct, source, context, known as UnstructuredObject | undefined);
    // The envelope was checked and every kind has metadata, so the result has a KubeObject's fields.
    if (context.mismatch === undefined) return object as unknown as KubeObject;
  } catch (error) {
    if (!(error instanceof DecodeAbort)) throw error;
    throw cannotBeHandled(kind, kind, error.message);
  }
  throw cannotBeHandled(kind, kind, context.mismatch);
}

/** How much of a body an error quotes, in characters. */
const QUOTED_BODY = 30;

function unrecognized(kind: KindRef, value: unknown, why: string): Error {
  const body = JSON.stringify(value) ?? 'null';
  const quoted = body.length > QUOTED_BODY ? `${body.slice(0, QUOTED_BODY)} ...` : body;
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${why} (${quoted})`,
  );
}

/**
 * Checks `apiVersion` and `kind` against the kind of the request and fills in absent ones. Throws a StatusError
 * with code 400. The answer is a JSON object whose `apiVersion` and `kind` are the request's.
 */
export function checkedEnvelope(kind: KindRef, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const goType =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    const what = jsonKindOf(value ?? null);
    throw unrecognized(kind, value, `json: cannot unmarshal ${what} into Go value of type ${goType}`);
  }
  const source = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(source)) {
    if (key !== 'apiVersion' && key !== 'kind') continue;
    const given = source[key] ?? '';
    if (typeof given !== 'string') {
      const what = jsonKindOf(given);
      throw unrecognized(
        kind,
        value,
        `json: cannot unmarshal ${what} into Go struct field .${key} of type string`,
      );
    }
  }
  const expected = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const apiVersion = (source.apiVersion as string | null | undefined) || expected;
  const stated = (source.kind as string | null | undefined) || kind.kind;
  if (
    apiVersion === source.apiVersion &&
    apiVersion === expected &&
    stated === source.kind &&
    stated === kind.kind
  ) {
    return source;
  }
  const parts = apiVersion.split('/');
  if (parts.length > 2) throw unrecognized(kind, value, `unexpected GroupVersion string: ${apiVersion}`);
  const group = parts.length === 2 ? (parts[0] ?? '') : '';
  const version = parts[parts.length - 1] || kind.version;
  refuseOtherKind(kind, { group, version, kind: stated }, expected);
  return { ...source, apiVersion: expected, kind: kind.kind };
}

function refuseOtherKind(kind: KindRef, stated: KindRef, expected: string): void {
  if (stated.group === kind.group && stated.version === kind.version && stated.kind === kind.kind) return;
  const apiVersion = stated.group === '' ? stated.version : `${stated.group}/${stated.version}`;
  if (builtinType(stated) === undefined) {
    const why = `no kind ${JSON.stringify(stated.kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
    throw cannotBeHandled(stated, kind, why);
  }
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  throw cannotBeHandled(
    stated,
    kind,
    `converting (${stated.version}.${stated.kind}) to (${kind.kind}): unknown conversion`,
  );
}
