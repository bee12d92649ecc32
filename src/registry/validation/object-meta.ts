import type { ObjectMeta, OwnerReference } from '../../api/meta.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { addInvalid, type FieldErrors, forbidden, invalid, required, tooLong } from './field-error.ts';
import { byteLength, compareBytes, goQuote } from './go-text.ts';
import { asNamePrefix, dnsLabel, labelValue, qualifiedName, type TextRule } from './name-rules.ts';

/** Where a kind lives and what its names must look like. */
export interface MetadataRules {
  readonly namespaced: boolean;
  readonly nameRule: TextRule;
  /** Built-in kinds refuse finalizers without a domain; for custom resources that is only a warning. */
  readonly standardFinalizers: boolean;
}

/** Bytes that all annotations of an object may have together, keys and values. */
const MAX_ANNOTATIONS_SIZE = 256 * 1024;
const FINALIZERS_WITHOUT_DOMAIN: ReadonlySet<string> = new Set([
  'kubernetes',
  'orphan',
  'foregroundDeletion',
]);

/** Checks the metadata of an object that is about to be stored for the first time. */
export function validateObjectMeta(
  meta: ObjectMeta,
  rules: MetadataRules,
  errors: FieldErrors,
  path = 'metadata',
): void {
  const { name = '', generateName = '', namespace = '' } = meta;
  if (generateName !== '') {
    addInvalid(errors, `${path}.generateName`, generateName, rules.nameRule(asNamePrefix(generateName)));
  }
  if (name === '') errors.push(required(`${path}.name`, 'name or generateName is required'));
  else addInvalid(errors, `${path}.name`, name, rules.nameRule(name));
  if (!rules.namespaced) {
    if (namespace !== '') errors.push(forbidden(`${path}.namespace`, 'not allowed on this type'));
  } else if (namespace === '') errors.push(required(`${path}.namespace`));
  else addInvalid(errors, `${path}.namespace`, namespace, dnsLabel(namespace));
  if (meta.generation !== undefined) requireNonNegative(meta.generation, `${path}.generation`, errors);
  validateCommonMetadata(meta, errors, path);
  if (rules.standardFinalizers) requireKnownFinalizers(meta.finalizers, errors, `${path}.finalizers`);
}

/** Checks what an update may change of an object's metadata. Call it with what the server would store. */
export function validateObjectMetaUpdate(
  next: ObjectMeta,
  previous: ObjectMeta,
  rules: Pick<MetadataRules, 'standardFinalizers'>,
  errors: FieldErrors,
  path = 'metadata',
): void {
  if (previous.deletionTimestamp !== undefined)
    forbidNewFinalizers(next, previous, errors, `${path}.finalizers`);
  if ((next.generation ?? 0) < (previous.generation ?? 0)) {
    errors.push(invalid(`${path}.generation`, next.generation ?? 0, 'must not be decremented'));
  }
  for (const field of ['name', 'namespace', 'uid'] as const) {
    requireImmutable(next[field] ?? '', previous[field] ?? '', `${path}.${field}`, errors);
  }
  for (const field of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    requireImmutable(next[field], previous[field], `${path}.${field}`, errors);
  }
  validateCommonMetadata(next, errors, path);
  if (rules.standardFinalizers && next.finalizers !== previous.finalizers) {
    requireKnownFinalizers(next.finalizers, errors, `${path}.finalizers`);
  }
}

/** Checks labels, or anything that must be a map of labels such as a node selector. */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: string,
  errors: FieldErrors,
): void {
  for (const key of sortedKeys(labels)) {
    addInvalid(errors, path, key, qualifiedName(key));
    const value = labels?.[key] ?? '';
    addInvalid(errors, path, value, labelValue(value));
  }
}

/** Checks the keys and the total size of annotations. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
  errors: FieldErrors,
): void {
  if (annotations === undefined) return;
  let size = 0;
  for (const key of sortedKeys(annotations)) {
    addInvalid(errors, path, key, qualifiedName(key.toLowerCase()));
    size += byteLength(key) + byteLength(annotations[key] ?? '');
  }
  if (size > MAX_ANNOTATIONS_SIZE) errors.push(tooLong(path, MAX_ANNOTATIONS_SIZE));
}

/** Refuses a number below 0. */
export function requireNonNegative(value: number, path: string, errors: FieldErrors): void {
  if (value < 0) errors.push(invalid(path, value, 'must be greater than or equal to 0'));
}

/** Refuses a change of a field. */
export function requireImmutable(next: unknown, previous: unknown, path: string, errors: FieldErrors): void {
  if (!deepEqual(next, previous)) errors.push(invalid(path, next, 'field is immutable'));
}

/** Keys of a map in Go's sorted order, so that several errors about one map come in one order. */
export function sortedKeys(map: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  if (map === undefined) return [];
  const keys = Object.keys(map);
  return keys.length > 1 ? keys.sort(compareBytes) : keys;
}

/** Refuses a finalizer that is neither a standard one nor has a domain. */
export function requireKnownFinalizers(
  finalizers: readonly string[] | undefined,
  errors: FieldErrors,
  path: string,
): void {
  finalizers?.forEach((finalizer, index) => {
    if (finalizer.includes('/') || FINALIZERS_WITHOUT_DOMAIN.has(finalizer)) return;
    const problem = 'name is neither a standard finalizer name nor is it fully qualified';
    errors.push(invalid(`${path}[${index}]`, finalizer, problem));
  });
}

function validateCommonMetadata(meta: ObjectMeta, errors: FieldErrors, path: string): void {
  validateLabels(meta.labels, `${path}.labels`, errors);
  validateAnnotations(meta.annotations, `${path}.annotations`, errors);
  validateOwnerReferences(meta.ownerReferences ?? [], errors, `${path}.ownerReferences`);
  validateFinalizers(meta.finalizers ?? [], errors, `${path}.finalizers`);
}

function validateOwnerReferences(owners: readonly OwnerReference[], errors: FieldErrors, path: string): void {
  let controller = '';
  for (const owner of owners) {
    const version = owner.apiVersion.slice(owner.apiVersion.indexOf('/') + 1);
    if (version === '')
      errors.push(invalid(`${path}.apiVersion`, owner.apiVersion, 'version must not be empty'));
    for (const field of ['kind', 'name', 'uid'] as const) {
      if (owner[field] === '') errors.push(invalid(`${path}.${field}`, '', 'must not be empty'));
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      errors.push(invalid(path, shownOwner(owner), '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (owner.controller !== true) continue;
    const current = `${owner.kind}/${owner.name}`;
    if (controller === '') controller = current;
    else {
      const problem = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${current}`;
      errors.push(invalid(path, owners.map(shownOwner), problem));
    }
  }
}

function shownOwner({
  apiVersion,
  kind,
  name,
  uid,
  controller,
  blockOwnerDeletion,
}: OwnerReference): unknown {
  return { apiVersion, kind, name, uid, controller, blockOwnerDeletion };
}

function validateFinalizers(finalizers: readonly string[], errors: FieldErrors, path: string): void {
  for (const finalizer of finalizers) addInvalid(errors, path, finalizer, qualifiedName(finalizer));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

function forbidNewFinalizers(
  next: ObjectMeta,
  previous: ObjectMeta,
  errors: FieldErrors,
  path: string,
): void {
  const known = new Set(previous.finalizers ?? []);
  const added = [...new Set(next.finalizers ?? [])]
    .filter((finalizer) => !known.has(finalizer))
    .sort(compareBytes);
  if (added.length === 0) return;
  const list = `[]string{${added.map(goQuote).join(', ')}}`;
  const rule = 'no new finalizers can be added if the object is being deleted';
  errors.push(forbidden(path, `${rule}, found new finalizers ${list}`));
}
