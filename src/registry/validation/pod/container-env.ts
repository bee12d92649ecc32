import { addInvalid, type FieldErrors, invalid, required } from '../field-error.ts';
import { type Fields, fieldsList, optionalFields, textOf } from '../json-fields.ts';
import { configMapKey, dnsLabel, dnsSubdomain, environmentVariableName } from '../name-rules.ts';
import { validateFieldSelector, validateResourceFieldSelector } from './downward-api.ts';
import { validateProjectedPath } from './file-paths.ts';

const ONE_SOURCE =
  'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
const ONE_FIELD = 'may not have more than one field specified at a time';

/** Checks a container's `env`. */
export function validateEnv(value: unknown, path: string, errors: FieldErrors): void {
  fieldsList(value).forEach((variable, index) => {
    const at = `${path}[${index}]`;
    const name = textOf(variable.name);
    if (name === '') errors.push(required(`${at}.name`));
    else addInvalid(errors, `${at}.name`, name, environmentVariableName(name));
    const from = optionalFields(variable.valueFrom);
    if (from !== undefined) validateValueFrom(from, textOf(variable.value), `${at}.valueFrom`, errors);
  });
}

/** Checks a container's `envFrom`. An entry without a source is reported at the list, as upstream does. */
export function validateEnvFrom(value: unknown, path: string, errors: FieldErrors): void {
  fieldsList(value).forEach((entry, index) => {
    const at = `${path}[${index}]`;
    const prefix = textOf(entry.prefix);
    if (prefix !== '') addInvalid(errors, `${at}.prefix`, prefix, environmentVariableName(prefix));
    let sources = 0;
    for (const kind of ['configMapRef', 'secretRef'] as const) {
      const reference = optionalFields(entry[kind]);
      if (reference === undefined) continue;
      sources += 1;
      requireObjectName(reference, `${at}.${kind}.name`, errors);
    }
    if (sources === 0) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (sources > 1) errors.push(invalid(path, '', ONE_FIELD));
  });
}

function validateValueFrom(from: Fields, value: string, path: string, errors: FieldErrors): void {
  let sources = 0;
  const field = optionalFields(from.fieldRef);
  if (field !== undefined) {
    sources += 1;
    validateFieldSelector(field, 'environment', `${path}.fieldRef`, errors);
  }
  const resource = optionalFields(from.resourceFieldRef);
  if (resource !== undefined) {
    sources += 1;
    validateResourceFieldSelector(resource, 'environment', `${path}.resourceFieldRef`, errors);
  }
  for (const kind of ['configMapKeyRef', 'secretKeyRef'] as const) {
    const reference = optionalFields(from[kind]);
    if (reference === undefined) continue;
    sources += 1;
    requireObjectName(reference, `${path}.${kind}.name`, errors);
    const key = textOf(reference.key);
    if (key === '') errors.push(required(`${path}.${kind}.key`));
    else addInvalid(errors, `${path}.${kind}.key`, key, configMapKey(key));
  }
  const file = optionalFields(from.fileKeyRef);
  if (file !== undefined) {
    sources += 1;
    validateFileKey(file, `${path}.fileKeyRef`, errors);
  }
  if (sources === 0) errors.push(invalid(path, '', ONE_SOURCE));
  else if (value !== '') errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (sources > 1) errors.push(invalid(path, '', ONE_FIELD));
}

function requireObjectName(reference: Fields, path: string, errors: FieldErrors): void {
  const name = textOf(reference.name);
  if (name === '') errors.push(required(path));
  else addInvalid(errors, path, name, dnsSubdomain(name));
}

function validateFileKey(file: Fields, path: string, errors: FieldErrors): void {
  const key = textOf(file.key);
  if (key === '') errors.push(required(`${path}.key`));
  else addInvalid(errors, `${path}.key`, key, environmentVariableName(key));
  const volume = textOf(file.volumeName);
  if (volume === '') errors.push(required(`${path}.volumeName`));
  else addInvalid(errors, `${path}.volumeName`, volume, dnsLabel(volume));
  const target = textOf(file.path);
  if (target === '') errors.push(required(`${path}.path`));
  else validateProjectedPath(target, `${path}.path`, errors);
}
