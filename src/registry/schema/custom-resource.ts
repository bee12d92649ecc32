import type { FieldValidation } from '../../api/client.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import type { FieldErrors } from '../validation/field-error.ts';
import { cannotBeHandled, settleStrictErrors } from './bad-request.ts';
import { structOf } from './builtin-types.ts';
import { checkedEnvelope, type Decoded } from './decode.ts';
import { DecodeAbort, DecodeContext, jsonKindOf } from './decode-context.ts';
import { decodeFields } from './decode-value.ts';
import { coerceEmbedded, validateEmbedded } from './embedded-resources.ts';
import { pruneNulls, pruneUnknown } from './prune.ts';
import { withSchemaDefaults } from './structural-defaults.ts';
import { isObject, type JsonObject, type StructuralSchema } from './structural-schema.ts';
import { validateStructure } from './structural-validation.ts';

/**
 * The schema in `spec.versions[].schema.openAPIV3Schema` of a definition. Without one, or under
 * `preserveUnknownFields`, objects are free in form.
 */
export function structuralSchema(openApiSchema: unknown): StructuralSchema {
  // Definitions are validated when they are created; what is read here are optional fields.
  return isObject(openApiSchema)
    ? (openApiSchema as StructuralSchema)
    : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
}

/**
 * Reads a request body as a custom resource: metadata as Go reads it, all else pruned to the schema and filled with
 * its defaults. Throws a StatusError with code 400 for metadata that does not decode, and under `Strict` for unknown
 * fields. What does not fit the schema is left to `validateCustomResource`.
 */
export function decodeCustomResource(
  kind: KindRef,
  schema: StructuralSchema,
  value: unknown,
  fieldValidation: FieldValidation = 'Strict',
): Decoded {
  const source = checkedEnvelope(kind, value);
  const unknown: string[] = [];
  const metadata = decodeMetadata(kind, source.metadata, unknown);
  const pruned = pruneNulls(pruneUnknown(source, schema, unknown), schema) as JsonObject; // objects stay objects
  const coerced = coerceEmbedded(pruned, schema, unknown, (why) => cannotBeHandled(kind, kind, why));
  const object = withSchemaDefaults({ ...coerced, ...metadata }, schema);
  const strictErrors = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  // Its envelope was checked and its metadata decoded.
  return {
    object: object as KubeObject,
    strictErrors: settleStrictErrors(kind, strictErrors, fieldValidation),
  };
}

function decodeMetadata(kind: KindRef, metadata: unknown, unknown: string[]): { metadata?: JsonObject } {
  if (metadata === undefined) return {};
  if (metadata === null) return { metadata: {} };
  if (!isObject(metadata)) {
    const why = `json: cannot unmarshal ${jsonKindOf(metadata)} into Go value of type v1.ObjectMeta`;
    throw cannotBeHandled(kind, kind, why);
  }
  const context = new DecodeContext(false);
  try {
    const decoded = decodeFields(structOf('meta/v1.ObjectMeta'), metadata, context);
    if (context.mismatch !== undefined) throw new DecodeAbort(context.mismatch);
    for (const text of context.strictErrors)
      unknown.push(text.replace(/^unknown field "(.*)"$/, 'metadata.$1'));
    return { metadata: decoded };
  } catch (error) {
    if (error instanceof DecodeAbort) throw cannotBeHandled(kind, kind, error.message);
    throw error;
  }
}

/** Holds a custom resource to its schema; its own metadata is validated with every kind's. */
export function validateCustomResource(schema: StructuralSchema, object: KubeObject): FieldErrors {
  const fields = object as unknown as JsonObject;
  return [...validateStructure(fields, schema), ...validateEmbedded(fields, schema)];
}
