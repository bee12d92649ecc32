import { type FieldErrors, invalid, required } from '../validation/field-error.ts';
import { structOf } from './builtin-types.ts';
import { DecodeAbort, DecodeContext, jsonKindOf } from './decode-context.ts';
import { decodeFields } from './decode-value.ts';
import {
  fieldSchemaOf,
  isObject,
  type JsonObject,
  keyedPath,
  mapFields,
  mapItems,
  type StructuralSchema,
} from './structural-schema.ts';

const isEmbedded = (schema: StructuralSchema): boolean => schema['x-kubernetes-embedded-resource'] === true;

/**
 * Reads the metadata of whole resources inside a custom resource as Go reads it. Unknown fields of theirs go to
 * `unknown`; for what does not decode, the error that `refusal` makes is thrown.
 */
export function coerceEmbedded(
  object: JsonObject,
  schema: StructuralSchema,
  unknown: string[],
  refusal: (why: string) => Error,
): JsonObject {
  const visit = (value: unknown, at: StructuralSchema | undefined, path: string): unknown => {
    if (at === undefined) return value;
    if (Array.isArray(value))
      return mapItems(value, (item, index) => visit(item, at.items, `${path}[${index}]`));
    if (!isObject(value)) return value;
    return mapFields(value, (inner, name) => {
      const fieldPath = keyedPath(at, path, name);
      if (!isEmbedded(at)) return visit(inner, fieldSchemaOf(at, name), fieldPath);
      if (name === 'apiVersion' || name === 'kind') {
        if (typeof inner === 'string') return inner;
        throw refusal(`${fieldPath}: Invalid value: ${JSON.stringify(inner)}: must be a string`);
      }
      if (name === 'metadata') return coerceMetadata(inner, fieldPath, unknown, refusal);
      return visit(inner, fieldSchemaOf(at, name), fieldPath);
    });
  };
  return visit(object, schema, '') as JsonObject; // objects stay objects
}

function coerceMetadata(
  value: unknown,
  path: string,
  unknown: string[],
  refusal: (why: string) => Error,
): unknown {
  const fail = (why: string): Error => refusal(`${path}: Invalid value: ${JSON.stringify(value)}: ${why}`);
  if (value === null) return {};
  if (!isObject(value))
    throw fail(`json: cannot unmarshal ${jsonKindOf(value)} into Go value of type v1.ObjectMeta`);
  const context = new DecodeContext(false);
  let decoded: JsonObject;
  try {
    decoded = decodeFields(structOf('meta/v1.ObjectMeta'), value, context);
  } catch (error) {
    if (error instanceof DecodeAbort) throw fail(error.message);
    throw error;
  }
  if (context.mismatch !== undefined) throw fail(context.mismatch);
  for (const text of context.strictErrors) unknown.push(text.replace(/^unknown field "(.*)"$/, `${path}.$1`));
  return decoded;
}

/** Whole resources inside a custom resource say what they are. */
export function validateEmbedded(object: JsonObject, schema: StructuralSchema): FieldErrors {
  const errors: FieldErrors = [];
  const visit = (value: unknown, at: StructuralSchema | undefined, path: string): void => {
    if (at === undefined) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, at.items, `${path}[${index}]`);
    } else if (isObject(value)) {
      if (isEmbedded(at)) checkIdentity(value, path, errors);
      for (const [name, inner] of Object.entries(value))
        visit(inner, fieldSchemaOf(at, name), keyedPath(at, path, name));
    }
  };
  visit(object, schema, '');
  return errors;
}

const KIND = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const KIND_RULE =
  "may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

function checkIdentity(resource: JsonObject, path: string, errors: FieldErrors): void {
  const { apiVersion, kind } = resource;
  if (apiVersion === undefined) errors.push(required(`${path}.apiVersion`));
  else if (apiVersion === '') errors.push(invalid(`${path}.apiVersion`, apiVersion, 'must not be empty'));
  else if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2) {
    errors.push(invalid(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  }
  if (kind === undefined) errors.push(required(`${path}.kind`));
  else if (kind === '') errors.push(invalid(`${path}.kind`, kind, 'must not be empty'));
  else if (typeof kind === 'string' && !KIND.test(kind.toLowerCase())) {
    errors.push(invalid(`${path}.kind`, kind, KIND_RULE));
  }
}
