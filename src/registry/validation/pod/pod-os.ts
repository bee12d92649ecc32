import { type FieldErrors, forbidden, notSupported, required } from '../field-error.ts';
import { type Fields, fieldsList, fieldsOf, isSet, optionalFields, textOf } from '../json-fields.ts';

const NOT_ON_WINDOWS: readonly string[] = ['hostPID', 'hostIPC', 'hostUsers', 'shareProcessNamespace'];
const POD_CONTEXT_NOT_ON_WINDOWS: readonly string[] = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
];
const CONTEXT_NOT_ON_WINDOWS: readonly string[] = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];

/** Checks a pod that says which operating system it is for: fields of the other one are refused. */
export function validatePodOs(spec: Fields, path: string, errors: FieldErrors): void {
  const os = optionalFields(spec.os);
  if (os === undefined) return;
  const name = textOf(os.name);
  if (name === '') errors.push(required(`${path}.os.name`, 'cannot be empty'));
  else if (name === 'windows') forbidLinuxFields(spec, path, errors);
  else if (name === 'linux') forbidWindowsFields(spec, path, errors);
  else errors.push(notSupported(`${path}.os.name`, name, ['linux', 'windows']));
}

/**
 * Checks Windows HostProcess containers: all of a pod's or none, and only on the host's network.
 */
export function validateHostProcess(spec: Fields, path: string, errors: FieldErrors): void {
  const podWide = hostProcessOf(spec.securityContext);
  let withHostProcess = 0;
  let without = 0;
  for (const [list, container, index] of containersOf(spec)) {
    const own = hostProcessOf(container.securityContext);
    if (podWide !== undefined && own !== undefined && own !== podWide) {
      const at = `${path}.${list}[${index}].securityContext.windowsOptions.hostProcess`;
      const problem = `pod hostProcess value must be identical if both are specified, was ${podWide}`;
      errors.push({ type: 'Invalid', field: at, badValue: own, detail: problem });
    }
    if (own ?? podWide ?? false) withHostProcess += 1;
    else without += 1;
  }
  if (withHostProcess === 0) return;
  if (without > 0) {
    const problem =
      'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    errors.push({ type: 'Invalid', field: path, badValue: '', detail: problem });
  }
  if (spec.hostNetwork !== true) {
    const problem = 'hostNetwork must be true if pod contains any hostProcess containers';
    errors.push({ type: 'Invalid', field: `${path}.hostNetwork`, badValue: false, detail: problem });
  }
}

function hostProcessOf(context: unknown): boolean | undefined {
  const value = fieldsOf(fieldsOf(context).windowsOptions).hostProcess;
  return typeof value === 'boolean' ? value : undefined;
}

function forbidWindowsFields(spec: Fields, path: string, errors: FieldErrors): void {
  const problem = 'windows options cannot be set for a linux pod';
  if (isSet(fieldsOf(spec.securityContext).windowsOptions)) {
    errors.push(forbidden(`${path}.securityContext.windowsOptions`, problem));
  }
  for (const [list, container, index] of containersOf(spec)) {
    if (!isSet(fieldsOf(container.securityContext).windowsOptions)) continue;
    errors.push(forbidden(`${path}.${list}[${index}].securityContext.windowsOptions`, problem));
  }
}

function forbidLinuxFields(spec: Fields, path: string, errors: FieldErrors): void {
  const problem = 'cannot be set for a windows pod';
  for (const field of NOT_ON_WINDOWS) {
    if (isSet(spec[field]) && (field === 'hostUsers' || spec[field] === true)) {
      errors.push(forbidden(`${path}.${field}`, problem));
    }
  }
  const context = fieldsOf(spec.securityContext);
  for (const field of POD_CONTEXT_NOT_ON_WINDOWS) {
    if (isSet(context[field])) errors.push(forbidden(`${path}.securityContext.${field}`, problem));
  }
  for (const [list, container, index] of containersOf(spec)) {
    const own = fieldsOf(container.securityContext);
    for (const field of CONTEXT_NOT_ON_WINDOWS) {
      if (isSet(own[field]))
        errors.push(forbidden(`${path}.${list}[${index}].securityContext.${field}`, problem));
    }
  }
}

function* containersOf(spec: Fields): Generator<readonly [string, Fields, number]> {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const [index, container] of fieldsList(spec[list]).entries()) yield [list, container, index];
  }
}
