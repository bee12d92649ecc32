import { goRegexp } from '../../../domain/go-regexp/go-regexp.ts';
import { GoRegexpError } from '../../../domain/go-regexp/regexp-error.ts';
import { addInvalid, type FieldErrors, invalid, notSupported, required } from '../field-error.ts';
import {
  type Fields,
  fieldsList,
  fieldsOf,
  isSet,
  optionalFields,
  textList,
  textOf,
} from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dns1035Label, dnsSubdomain } from '../name-rules.ts';
import { requireImmutable, sortedKeys } from '../object-meta.ts';

const SCOPES = ['Cluster', 'Namespaced'];

/** apiextensions.k8s.io/v1 CustomResourceDefinition: names, versions, and schemas that must be structural. */
export const customResourceDefinitionRules: KindRules = {
  nameRule: dnsSubdomain,
  create(definition, errors) {
    const spec = fieldsOf(definition.spec);
    const name = textOf(fieldsOf(definition.metadata).name);
    const plural = textOf(fieldsOf(spec.names).plural);
    if (name !== '' && name !== `${plural}.${textOf(spec.group)}`) {
      errors.push(invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
    }
    validateSpec(spec, errors);
  },
  update(next, previous, errors) {
    if (next.spec === previous.spec) return;
    const spec = fieldsOf(next.spec);
    const before = fieldsOf(previous.spec);
    validateSpec(spec, errors);
    for (const field of ['group', 'scope'])
      requireImmutable(spec[field], before[field], `spec.${field}`, errors);
    for (const field of ['plural', 'kind']) {
      const path = `spec.names.${field}`;
      requireImmutable(fieldsOf(spec.names)[field], fieldsOf(before.names)[field], path, errors);
    }
    requireStoredVersions(next, spec, errors);
  },
};

function validateSpec(spec: Fields, errors: FieldErrors): void {
  const group = textOf(spec.group);
  if (group === '') errors.push(required('spec.group'));
  else {
    addInvalid(errors, 'spec.group', group, dnsSubdomain(group));
    if (!group.includes('.'))
      errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  }
  const scope = textOf(spec.scope);
  if (!SCOPES.includes(scope)) errors.push(notSupported('spec.scope', scope, SCOPES));
  validateVersions(fieldsList(spec.versions), errors);
  if (spec.preserveUnknownFields === true) {
    errors.push(invalid('spec.preserveUnknownFields', true, 'must be false'));
  }
  validateNames(fieldsOf(spec.names), errors);
}

function validateVersions(versions: readonly Fields[], errors: FieldErrors): void {
  const names = new Set<string>();
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}]`;
    const name = textOf(version.name);
    addInvalid(errors, `${path}.name`, name, dns1035Label(name));
    if (names.has(name)) errors.push(invalid(`${path}.name`, name, 'must be unique'));
    names.add(name);
    const schema = optionalFields(fieldsOf(version.schema).openAPIV3Schema);
    const schemaPath = `${path}.schema.openAPIV3Schema`;
    if (schema === undefined) errors.push(required(schemaPath, 'schemas are required'));
    else validateStructural(schema, schemaPath, 'root', errors);
  });
  if (versions.filter((version) => version.storage === true).length !== 1) {
    const shown = versions.map(({ name, served, storage }) => ({
      Name: name,
      Served: served,
      Storage: storage,
    }));
    errors.push(invalid('spec.versions', shown, 'must have exactly one version marked as storage version'));
  }
}

function validateNames(names: Fields, errors: FieldErrors): void {
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const path = `spec.names.${field}`;
    const name = textOf(names[field]);
    if (name === '') {
      if (field === 'plural' || field === 'kind') errors.push(required(path));
      continue;
    }
    const isKind = field === 'kind' || field === 'listKind';
    addInvalid(errors, path, name, dns1035Label(isKind ? name.toLowerCase() : name));
  }
  textList(names.shortNames).forEach((name, index) => {
    addInvalid(errors, `spec.names.shortNames[${index}]`, name, dns1035Label(name));
  });
  textList(names.categories).forEach((name, index) => {
    addInvalid(errors, `spec.names.categories[${index}]`, name, dns1035Label(name));
  });
  const kind = textOf(names.kind);
  if (kind !== '' && kind === textOf(names.listKind)) {
    errors.push(invalid('spec.names.listKind', kind, 'kind and listKind may not be the same'));
  }
}

type SchemaPlace = 'root' | 'property' | 'item';

const MISSING_TYPE: Readonly<Record<SchemaPlace, string>> = {
  root: 'must not be empty at the root',
  property: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
};

/** Every part of a structural schema says its type, outside the logical junctors, which add only conditions. */
function validateStructural(schema: Fields, path: string, place: SchemaPlace, errors: FieldErrors): void {
  const type = textOf(schema.type);
  const isOpen =
    schema['x-kubernetes-int-or-string'] === true ||
    (schema['x-kubernetes-preserve-unknown-fields'] === true && place !== 'root');
  if (type === '' && !isOpen) errors.push(required(`${path}.type`, MISSING_TYPE[place]));
  if (place === 'root' && type !== '' && type !== 'object') {
    errors.push(invalid(`${path}.type`, type, 'must be object at the root'));
  }
  validateCost(schema, path, errors);
  const properties = fieldsOf(schema.properties);
  if (Object.keys(properties).length > 0 && isSet(schema.additionalProperties)) {
    errors.push({
      type: 'Forbidden',
      field: `${path}.additionalProperties`,
      detail: 'additionalProperties and properties are mutual exclusive',
    });
  }
  for (const name of sortedKeys(properties)) {
    validateStructural(fieldsOf(properties[name]), `${path}.properties[${name}]`, 'property', errors);
  }
  const items = optionalFields(schema.items);
  if (items !== undefined) validateStructural(items, `${path}.items`, 'item', errors);
  else if (type === 'array') errors.push(required(`${path}.items`, 'must be specified'));
  const values = optionalFields(schema.additionalProperties);
  if (values !== undefined) validateStructural(values, `${path}.additionalProperties`, 'property', errors);
}

/** What a schema may not ask of every object: a pattern that nobody can read, comparing all items of a list. */
function validateCost(schema: Fields, path: string, errors: FieldErrors): void {
  const pattern = textOf(schema.pattern);
  try {
    goRegexp(pattern);
  } catch (error) {
    if (!(error instanceof GoRegexpError)) throw error;
    const rule = `must be a valid regular expression, but isn't: ${error.message}`;
    errors.push(invalid(`${path}.pattern`, pattern, rule));
  }
  if (schema.uniqueItems === true) {
    errors.push({
      type: 'Forbidden',
      field: `${path}.uniqueItems`,
      detail: 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    });
  }
}

function requireStoredVersions(definition: Fields, spec: Fields, errors: FieldErrors): void {
  const names = new Set(fieldsList(spec.versions).map((version) => textOf(version.name)));
  textList(fieldsOf(definition.status).storedVersions).forEach((version, index) => {
    if (names.has(version)) return;
    const rule = 'missing from spec.versions; ';
    const advice = `${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
    errors.push(invalid(`status.storedVersions[${index}]`, version, rule + advice));
  });
}
