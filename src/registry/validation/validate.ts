import type { KindRef, KubeObject } from '../../api/meta.ts';
import { daemonSetRules } from './daemon-set.ts';
import { addInvalid, type FieldError, type FieldErrors } from './field-error.ts';
import type { Fields } from './json-fields.ts';
import type { KindRules } from './kind-rules.ts';
import { dnsSubdomain, pathSegment } from './name-rules.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts';

/** Where a kind lives. */
export interface Scope {
  readonly namespaced: boolean;
}

const RULES: Readonly<Record<string, KindRules | undefined>> = {
  'apps/DaemonSet': daemonSetRules,
};

const METADATA_ONLY: KindRules = { nameRule: dnsSubdomain };

/**
 * What is wrong with an object that is about to be created, in the API server's order. The object is decoded,
 * defaulted and prepared (namespace, generation and so on are set). Kinds without rules of their own get the checks of
 * metadata.
 */
export function validateCreate(kind: KindRef, object: KubeObject, scope: Scope): readonly FieldError[] {
  const rules = RULES[`${kind.group}/${kind.kind}`];
  const { nameRule, create } = rules ?? METADATA_ONLY;
  const errors: FieldErrors = [];
  const standardFinalizers = rules !== undefined;
  validateObjectMeta(object.metadata, { namespaced: scope.namespaced, nameRule, standardFinalizers }, errors);
  create?.(fieldsOfObject(object), errors);
  const name = object.metadata.name ?? '';
  if (errors.length === 0) addInvalid(errors, 'metadata.name', name, pathSegment(name));
  return errors;
}

/** What is wrong with an update of an object's main part. Both objects are as they would be stored. */
export function validateUpdate(kind: KindRef, next: KubeObject, previous: KubeObject): readonly FieldError[] {
  const rules = RULES[`${kind.group}/${kind.kind}`];
  const errors: FieldErrors = [];
  validateObjectMetaUpdate(next.metadata, previous.metadata, { standardFinalizers: rules !== undefined }, errors);
  if (rules?.update !== undefined) rules.update(fieldsOfObject(next), fieldsOfObject(previous), errors);
  else rules?.create?.(fieldsOfObject(next), errors);
  return errors;
}

/** What is wrong with a write to an object's `status` subresource, which may change metadata too. */
export function validateStatusUpdate(kind: KindRef, next: KubeObject, previous: KubeObject): readonly FieldError[] {
  const rules = RULES[`${kind.group}/${kind.kind}`];
  const errors: FieldErrors = [];
  validateObjectMetaUpdate(next.metadata, previous.metadata, { standardFinalizers: rules !== undefined }, errors);
  rules?.status?.(fieldsOfObject(next), fieldsOfObject(previous), errors);
  return errors;
}

function fieldsOfObject(object: KubeObject): Fields {
  // An API object is a record of its fields; KubeObject names only those that all kinds have.
  return object as unknown as Fields;
}
