import { addInvalid, type FieldErrors, invalid, notSupported, required } from '../field-error.ts';
import { compareBytes } from '../go-text.ts';
import { type Fields, optionalFields, textOf } from '../json-fields.ts';
import { qualifiedName } from '../name-rules.ts';
import { validateFileMode, validateProjectedPath } from './file-paths.ts';

/** Where pod fields are used: as environment variables or as files. */
export type DownwardUse = 'environment' | 'volume';

const CONVERTIBLE: ReadonlySet<string> = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.host',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]);

const FIELD_PATHS: Readonly<Record<DownwardUse, readonly string[]>> = {
  environment: [
    'metadata.name',
    'metadata.namespace',
    'metadata.uid',
    'spec.nodeName',
    'spec.serviceAccountName',
    'status.hostIP',
    'status.hostIPs',
    'status.podIP',
    'status.podIPs',
  ],
  volume: ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'],
};

const RESOURCES: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const DIVISORS: Readonly<Record<string, { readonly allowed: readonly string[]; readonly problem: string }>> =
  {
    cpu: {
      allowed: ['1m', '1'],
      problem: "only divisor's values 1m and 1 are supported with the cpu resource",
    },
    memory: {
      allowed: BYTE_DIVISORS,
      problem: `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the memory resource`,
    },
    'ephemeral-storage': {
      allowed: BYTE_DIVISORS,
      problem: `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the local ephemeral storage resource`,
    },
    hugepages: {
      allowed: BYTE_DIVISORS,
      problem: `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the hugepages resource`,
    },
  };

/** Checks a v1.ObjectFieldSelector. */
export function validateFieldSelector(
  selector: Fields,
  use: DownwardUse,
  path: string,
  errors: FieldErrors,
): void {
  const version = textOf(selector.apiVersion);
  const given = textOf(selector.fieldPath);
  if (version === '') errors.push(required(`${path}.apiVersion`));
  else if (given === '') errors.push(required(`${path}.fieldPath`));
  else if (version !== 'v1') {
    errors.push(
      invalid(`${path}.fieldPath`, given, `error converting fieldPath: unsupported pod version: ${version}`),
    );
  } else validateFieldPath(given, use, path, errors);
}

/** Checks a v1.ResourceFieldSelector. Files must name their container, variables need not. */
export function validateResourceFieldSelector(
  selector: Fields,
  use: DownwardUse,
  path: string,
  errors: FieldErrors,
): void {
  const resource = textOf(selector.resource);
  if (use === 'volume' && textOf(selector.containerName) === '') {
    errors.push(required(`${path}.containerName`));
  } else if (resource === '') errors.push(required(`${path}.resource`));
  else if (!RESOURCES.includes(resource) && !isHugePages(resource)) {
    errors.push(notSupported(`${path}.resource`, resource, RESOURCES));
  }
  validateDivisor(resource, selector.divisor, path, errors);
}

/** Checks a v1.DownwardAPIVolumeFile. */
export function validateDownwardFile(file: Fields, path: string, errors: FieldErrors): void {
  const target = textOf(file.path);
  if (target === '') errors.push(required(`${path}.path`));
  validateProjectedPath(target, `${path}.path`, errors);
  const field = optionalFields(file.fieldRef);
  const resource = optionalFields(file.resourceFieldRef);
  if (field !== undefined) {
    validateFieldSelector(field, 'volume', `${path}.fieldRef`, errors);
    if (resource !== undefined) {
      const problem = 'fieldRef and resourceFieldRef can not be specified simultaneously';
      errors.push(invalid(path, 'resource', problem));
    }
  } else if (resource !== undefined) {
    validateResourceFieldSelector(resource, 'volume', `${path}.resourceFieldRef`, errors);
  } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  validateFileMode(file.mode, `${path}.mode`, errors);
}

function validateFieldPath(given: string, use: DownwardUse, path: string, errors: FieldErrors): void {
  const subscripted = /^(.+?)\['(.*)'\]$/s.exec(given);
  if (subscripted !== null) {
    const [, field = '', subscript = ''] = subscripted;
    if (field === 'metadata.annotations') {
      addInvalid(errors, path, subscript, qualifiedName(subscript.toLowerCase()));
    } else if (field === 'metadata.labels') addInvalid(errors, path, subscript, qualifiedName(subscript));
    else {
      const problem = `error converting fieldPath: field label does not support subscript: ${given}`;
      errors.push(invalid(`${path}.fieldPath`, given, problem));
    }
    return;
  }
  if (!CONVERTIBLE.has(given)) {
    const problem = `error converting fieldPath: field label not supported: ${given}`;
    errors.push(invalid(`${path}.fieldPath`, given, problem));
    return;
  }
  const field = given === 'spec.host' ? 'spec.nodeName' : given;
  const supported = FIELD_PATHS[use];
  if (!supported.includes(field)) {
    errors.push(notSupported(`${path}.fieldPath`, field, [...supported].sort(compareBytes)));
  }
}

function validateDivisor(resource: string, value: unknown, path: string, errors: FieldErrors): void {
  const divisor = value === undefined || value === null ? '0' : String(value);
  if (divisor === '0') return;
  const name = isHugePages(resource) ? 'hugepages' : resource.slice(resource.indexOf('.') + 1);
  const rule = DIVISORS[name];
  if (rule !== undefined && !rule.allowed.includes(divisor)) {
    errors.push(invalid(`${path}.divisor`, resource, rule.problem));
  }
}

function isHugePages(resource: string): boolean {
  return resource.startsWith('limits.hugepages-') || resource.startsWith('requests.hugepages-');
}
