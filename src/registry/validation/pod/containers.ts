import {
  addInvalid,
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  notSupported,
  required,
  tooMany,
} from '../field-error.ts';
import { type Fields, fieldsList, fieldsOf, isSet, itemsOf, optionalFields, textOf } from '../json-fields.ts';
import { dnsLabel } from '../name-rules.ts';
import { validateEnv, validateEnvFrom } from './container-env.ts';
import { forbidHostPortConflicts, validateContainerPorts } from './container-ports.ts';
import { type ProbeRole, validateLifecycle, validateProbe } from './probes.ts';
import { validateResizePolicy, validateResourceRequirements } from './resource-requirements.ts';
import { validateSecurityContext } from './security-context.ts';
import { validateVolumeDevices, validateVolumeMounts } from './volume-mounts.ts';
import { PULL_POLICIES } from './volume-sources.ts';
import type { VolumesByName } from './volumes.ts';

/** What the checks of a container need to know of its pod. */
export interface PodContext {
  readonly volumes: VolumesByName;
  readonly claimNames: ReadonlySet<string>;
  /** Seconds. */
  readonly gracePeriod: number;
  readonly restartPolicy: string;
}

const PROBES: readonly ProbeRole[] = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError'];
const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const MAX_RESTART_RULES = 20;

/** Checks a pod's regular containers; there must be one. */
export function validateContainers(
  containers: readonly Fields[],
  pod: PodContext,
  path: string,
  errors: FieldErrors,
): void {
  if (containers.length === 0) {
    errors.push(required(path));
    return;
  }
  const names = new Set<string>();
  containers.forEach((container, index) => {
    const at = `${path}[${index}]`;
    validateContainerCommon(container, pod, at, errors);
    const name = textOf(container.name);
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    validateHooksAndProbes(container, pod, at, errors);
    validateRestartPolicy(container, at, errors);
  });
  forbidHostPortConflicts(containers, path, errors);
}

/**
 * Checks a pod's init containers. Those with restartPolicy Always are sidecars and may have what regular containers
 * have; the others may not. Port conflicts of one container with itself are reported at index 0, as upstream does.
 */
export function validateInitContainers(
  containers: readonly Fields[],
  regular: readonly Fields[],
  pod: PodContext,
  path: string,
  errors: FieldErrors,
): void {
  const names = new Set(regular.map((container) => textOf(container.name)));
  containers.forEach((container, index) => {
    const at = `${path}[${index}]`;
    const isSidecar = container.restartPolicy === 'Always';
    validateContainerCommon(container, pod, at, errors);
    const name = textOf(container.name);
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else if (name !== '') names.add(name);
    forbidHostPortConflicts([container], path, errors);
    if (isSidecar) validateHooksAndProbes(container, pod, at, errors);
    else {
      for (const field of ['lifecycle', ...PROBES]) {
        if (!isSet(container[field])) continue;
        errors.push(
          forbidden(`${at}.${field}`, 'may not be set for init containers without restartPolicy=Always'),
        );
      }
    }
    validateRestartPolicy(container, at, errors);
    if (itemsOf(container.resizePolicy).length > 0 && !isSidecar) {
      errors.push(
        invalid(`${at}.resizePolicy`, container.resizePolicy, 'must not be set for init containers'),
      );
    }
  });
}

/** Checks a pod's ephemeral containers; templates may have none. */
export function validateEphemeralContainers(
  spec: Fields,
  pod: PodContext,
  path: string,
  errors: FieldErrors,
): void {
  const containers = fieldsList(spec.ephemeralContainers);
  if (containers.length === 0) return;
  const others = [...fieldsList(spec.containers), ...fieldsList(spec.initContainers)];
  const names = new Set(others.map((container) => textOf(container.name)));
  const targets = new Set(fieldsList(spec.containers).map((container) => textOf(container.name)));
  const ephemeralNames = new Set<string>();
  containers.forEach((container, index) => {
    const at = `${path}[${index}]`;
    const name = textOf(container.name);
    validateContainerCommon(container, pod, at, errors);
    if (names.has(name) || ephemeralNames.has(name)) errors.push(duplicate(`${at}.name`, name));
    ephemeralNames.add(name);
    const target = textOf(container.targetContainerName);
    if (target !== '' && !targets.has(target)) {
      errors.push({ type: 'NotFound', field: `${at}.targetContainerName`, badValue: target, detail: '' });
    }
    for (const field of ['ports', 'resources', 'lifecycle', ...PROBES]) {
      if (!isEmptyField(container[field])) {
        errors.push(forbidden(`${at}.${field}`, 'cannot be set for an Ephemeral Container'));
      }
    }
  });
}

function validateContainerCommon(
  container: Fields,
  pod: PodContext,
  path: string,
  errors: FieldErrors,
): void {
  const name = textOf(container.name);
  if (name === '') errors.push(required(`${path}.name`));
  else addInvalid(errors, `${path}.name`, name, dnsLabel(name));
  if (textOf(container.image) === '') errors.push(required(`${path}.image`));
  const messagePolicy = textOf(container.terminationMessagePolicy);
  if (messagePolicy === '') errors.push(required(`${path}.terminationMessagePolicy`));
  else if (!MESSAGE_POLICIES.includes(messagePolicy)) {
    errors.push(notSupported(`${path}.terminationMessagePolicy`, messagePolicy, MESSAGE_POLICIES));
  }
  validateContainerPorts(container.ports, `${path}.ports`, errors);
  validateEnv(container.env, `${path}.env`, errors);
  validateEnvFrom(container.envFrom, `${path}.envFrom`, errors);
  validateVolumeMounts(container, pod.volumes, `${path}.volumeMounts`, errors);
  validateVolumeDevices(container, pod.volumes, `${path}.volumeDevices`, errors);
  const pullPolicy = textOf(container.imagePullPolicy);
  if (pullPolicy === '') errors.push(required(`${path}.imagePullPolicy`));
  else if (!PULL_POLICIES.includes(pullPolicy)) {
    errors.push(notSupported(`${path}.imagePullPolicy`, pullPolicy, PULL_POLICIES));
  }
  validateResourceRequirements(container.resources, pod.claimNames, `${path}.resources`, errors);
  validateResizePolicy(container.resizePolicy, pod.restartPolicy, `${path}.resizePolicy`, errors);
  validateSecurityContext(container.securityContext, `${path}.securityContext`, errors);
}

function validateHooksAndProbes(container: Fields, pod: PodContext, path: string, errors: FieldErrors): void {
  validateLifecycle(container.lifecycle, pod.gracePeriod, `${path}.lifecycle`, errors);
  for (const role of PROBES) validateProbe(container[role], role, pod.gracePeriod, `${path}.${role}`, errors);
}

function validateRestartPolicy(container: Fields, path: string, errors: FieldErrors): void {
  const rules = itemsOf(container.restartPolicyRules);
  if (!isSet(container.restartPolicy)) {
    if (rules.length > 0) {
      errors.push(
        required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'),
      );
    }
  } else {
    const policy = textOf(container.restartPolicy);
    if (!RESTART_POLICIES.includes(policy)) {
      errors.push(notSupported(`${path}.restartPolicy`, policy, RESTART_POLICIES));
    }
  }
  if (rules.length > MAX_RESTART_RULES) {
    errors.push(tooMany(`${path}.restartPolicyRules`, rules.length, MAX_RESTART_RULES));
  }
  fieldsList(rules).forEach((rule, index) => {
    validateRestartRule(rule, `${path}.restartPolicyRules[${index}]`, errors);
  });
}

function validateRestartRule(rule: Fields, path: string, errors: FieldErrors): void {
  const action = textOf(rule.action);
  if (action === '') errors.push(required(`${path}.action`));
  else if (action !== 'Restart') errors.push(notSupported(`${path}.action`, action, ['Restart']));
  const exitCodes = optionalFields(rule.exitCodes);
  if (exitCodes === undefined) {
    errors.push(required(`${path}.exitCodes`, 'must be specified'));
    return;
  }
  const operator = textOf(exitCodes.operator);
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(notSupported(`${path}.exitCodes.operator`, operator, ['In', 'NotIn']));
  }
}

function isEmptyField(value: unknown): boolean {
  if (!isSet(value)) return true;
  return Array.isArray(value) ? value.length === 0 : Object.keys(fieldsOf(value)).length === 0;
}
