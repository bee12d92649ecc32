import {
  addInvalid,
  duplicate,
  type FieldErrors,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../field-error.ts';
import { byteLength } from '../go-text.ts';
import {
  type Fields,
  fieldsList,
  fieldsOf,
  isSet,
  itemsOf,
  numberOf,
  optionalFields,
  optionalNumber,
  textList,
  textOf,
} from '../json-fields.ts';
import { userIdProblems } from '../name-rules.ts';
import { validateDescendingPath } from './file-paths.ts';

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const PROC_MOUNTS = ['Default', 'Unmasked'];
const SYSCTL = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const isSysctl = new RegExp(`^${SYSCTL}$`);

/** Checks a container's security context. */
export function validateSecurityContext(value: unknown, path: string, errors: FieldErrors): void {
  const context = optionalFields(value);
  if (context === undefined) return;
  validateIds(context, ['runAsUser', 'runAsGroup'], path, errors);
  validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`, errors);
  const procMount = textOf(context.procMount);
  if (procMount !== '' && !PROC_MOUNTS.includes(procMount)) {
    errors.push(notSupported(`${path}.procMount`, procMount, PROC_MOUNTS));
  }
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged === true) {
      const problem = 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true';
      errors.push(invalid(path, shownSecurityContext(context), problem));
    }
    const added = textList(fieldsOf(context.capabilities).add);
    if (added.includes('CAP_SYS_ADMIN')) {
      const problem = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
      errors.push(invalid(path, shownSecurityContext(context), problem));
    }
  }
  validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`, errors);
}

/** Checks a pod's security context. `hostPID` is the pod's. */
export function validatePodSecurityContext(spec: Fields, path: string, errors: FieldErrors): void {
  const context = optionalFields(spec.securityContext);
  if (spec.hostPID === true && spec.shareProcessNamespace === true) {
    const problem = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.push(invalid(`${path}.shareProcessNamespace`, true, problem));
  }
  if (context === undefined) return;
  validateIds(context, ['fsGroup', 'runAsUser', 'runAsGroup'], path, errors);
  itemsOf(context.supplementalGroups).forEach((group, index) => {
    addInvalid(
      errors,
      `${path}.supplementalGroups[${index}]`,
      numberOf(group),
      userIdProblems(numberOf(group)),
    );
  });
  validateSysctls(fieldsList(context.sysctls), `${path}.sysctls`, errors);
  validateChoice(context, 'fsGroupChangePolicy', ['Always', 'OnRootMismatch'], path, errors);
  validateChoice(context, 'supplementalGroupsPolicy', ['Merge', 'Strict'], path, errors);
  validateChoice(context, 'seLinuxChangePolicy', ['MountOption', 'Recursive'], path, errors);
  validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`, errors);
  validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`, errors);
}

function validateIds(context: Fields, names: readonly string[], path: string, errors: FieldErrors): void {
  for (const name of names) {
    const id = optionalNumber(context[name]);
    if (id !== undefined) addInvalid(errors, `${path}.${name}`, id, userIdProblems(id));
  }
}

function validateChoice(
  fields: Fields,
  name: string,
  choices: readonly string[],
  path: string,
  errors: FieldErrors,
): void {
  if (!isSet(fields[name])) return;
  const choice = textOf(fields[name]);
  if (!choices.includes(choice)) errors.push(notSupported(`${path}.${name}`, choice, choices));
}

function validateSeccompProfile(value: unknown, path: string, errors: FieldErrors): void {
  const profile = optionalFields(value);
  if (profile === undefined) return;
  const type = textOf(profile.type);
  if (type === '') errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!PROFILE_TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, PROFILE_TYPES));
  const local = profile.localhostProfile;
  if (type === 'Localhost') {
    if (!isSet(local)) {
      errors.push(required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost'));
    } else validateDescendingPath(textOf(local), `${path}.localhostProfile`, errors);
  } else if (isSet(local)) {
    const shown = { Type: type, LocalhostProfile: local };
    errors.push(invalid(`${path}.localhostProfile`, shown, 'can only be set when seccomp type is Localhost'));
  }
}

function validateAppArmorProfile(value: unknown, path: string, errors: FieldErrors): void {
  const profile = optionalFields(value);
  if (profile === undefined) return;
  const type = textOf(profile.type);
  const local = isSet(profile.localhostProfile) ? textOf(profile.localhostProfile) : undefined;
  const at = `${path}.localhostProfile`;
  if (type === '') errors.push(required(`${path}.type`, 'type is required when appArmorProfile is set'));
  else if (!PROFILE_TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, PROFILE_TYPES));
  else if (type !== 'Localhost') {
    if (local !== undefined)
      errors.push(invalid(at, local, 'can only be set when AppArmor type is Localhost'));
  } else if (local === undefined || local === '') {
    errors.push(required(at, 'must be set when AppArmor type is Localhost'));
  } else {
    if (local !== local.trim()) errors.push(invalid(at, local, 'must not be padded with whitespace'));
    if (byteLength(local) > 4095) errors.push(tooLong(at, 4095));
  }
}

function validateSysctls(sysctls: readonly Fields[], path: string, errors: FieldErrors): void {
  const names = new Set<string>();
  sysctls.forEach((sysctl, index) => {
    const name = textOf(sysctl.name);
    const at = `${path}[${index}].name`;
    if (name === '') errors.push(required(at));
    else if (byteLength(name) > 253 || !isSysctl.test(name)) {
      const problem = `must have at most 253 characters and match regex ^${SYSCTL}$`;
      errors.push(invalid(at, name, problem));
    } else if (names.has(name)) errors.push(duplicate(at, name));
    names.add(name);
  });
}

function shownSecurityContext(context: Fields): unknown {
  const field = (name: string): unknown => context[name] ?? null;
  const capabilities = optionalFields(context.capabilities);
  const shownCapabilities =
    capabilities === undefined ? null : { Add: capabilities.add ?? null, Drop: capabilities.drop ?? null };
  return {
    Capabilities: shownCapabilities,
    Privileged: field('privileged'),
    SELinuxOptions: field('seLinuxOptions'),
    WindowsOptions: field('windowsOptions'),
    RunAsUser: field('runAsUser'),
    RunAsGroup: field('runAsGroup'),
    RunAsNonRoot: field('runAsNonRoot'),
    ReadOnlyRootFilesystem: field('readOnlyRootFilesystem'),
    AllowPrivilegeEscalation: field('allowPrivilegeEscalation'),
    ProcMount: field('procMount'),
    SeccompProfile: field('seccompProfile'),
    AppArmorProfile: field('appArmorProfile'),
  };
}
