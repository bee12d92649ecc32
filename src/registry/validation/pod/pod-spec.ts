import type { ObjectMeta } from '../../../api/meta.ts';
import {
  addInvalid,
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  notSupported,
  required,
} from '../field-error.ts';
import {
  type Fields,
  fieldsList,
  fieldsOf,
  isSet,
  numberOf,
  optionalNumber,
  textMap,
  textOf,
} from '../json-fields.ts';
import { dnsLabel, dnsSubdomain, qualifiedName, rangeText, type TextRule } from '../name-rules.ts';
import { sortedKeys, validateLabels } from '../object-meta.ts';
import { validateResourceName } from '../resource-names.ts';
import { validateAmount } from '../resource-quantities.ts';
import { validateAffinity } from './affinity.ts';
import { requireMatchingHostPorts } from './container-ports.ts';
import {
  type PodContext,
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from './containers.ts';
import { validateDnsConfig, validateHostAliases } from './pod-dns.ts';
import { validateHostProcess, validatePodOs } from './pod-os.ts';
import { validateResourceRequirements } from './resource-requirements.ts';
import { validatePodSecurityContext } from './security-context.ts';
import { validateTolerations } from './tolerations.ts';
import { validateTopologySpread } from './topology-spread.ts';
import { validateVolumes } from './volumes.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['Never', 'PreemptLowerPriority'];
const MAX_INT32 = 2 ** 31 - 1;

/** Checks a pod's spec, defaulted. `podMeta` is the pod's metadata; templates have none. */
export function validatePodSpec(
  spec: Fields,
  podMeta: ObjectMeta | undefined,
  path: string,
  errors: FieldErrors,
): void {
  const containers = fieldsList(spec.containers);
  const initContainers = fieldsList(spec.initContainers);
  const volumes = validateVolumes(spec.volumes, podMeta, `${path}.volumes`, errors);
  const claims = fieldsList(spec.resourceClaims);
  const pod: PodContext = {
    volumes,
    claimNames: new Set(claims.map((claim) => textOf(claim.name))),
    gracePeriod: numberOf(spec.terminationGracePeriodSeconds),
    restartPolicy: textOf(spec.restartPolicy),
  };
  validateResourceClaims(claims, `${path}.resourceClaims`, errors);
  validateContainers(containers, pod, `${path}.containers`, errors);
  validateInitContainers(initContainers, containers, pod, `${path}.initContainers`, errors);
  validateEphemeralContainers(spec, pod, `${path}.ephemeralContainers`, errors);
  validateResourceRequirements(spec.resources, pod.claimNames, `${path}.resources`, errors);
  validateEnumeration(spec.restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`, errors);
  validateEnumeration(spec.dnsPolicy, DNS_POLICIES, `${path}.dnsPolicy`, errors);
  validateLabels(textMap(spec.nodeSelector), `${path}.nodeSelector`, errors);
  if (spec.hostNetwork === true) {
    requireMatchingHostPorts(containers, `${path}.containers`, errors);
    requireMatchingHostPorts(initContainers, `${path}.initContainers`, errors);
  }
  validatePodSecurityContext(spec, `${path}.securityContext`, errors);
  validateAffinity(spec.affinity, `${path}.affinity`, errors);
  validateDnsConfig(spec, `${path}.dnsConfig`, errors);
  validateGates(spec, path, errors);
  validateTopologySpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, errors);
  validateHostProcess(spec, path, errors);
  validateHostUsers(spec, path, errors);
  validateName(spec, 'serviceAccountName', dnsSubdomain, path, errors);
  validateName(spec, 'nodeName', dnsSubdomain, path, errors);
  const deadline = optionalNumber(spec.activeDeadlineSeconds);
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_INT32)) {
    errors.push(invalid(`${path}.activeDeadlineSeconds`, deadline, rangeText(1, MAX_INT32)));
  }
  validateName(spec, 'hostname', dnsLabel, path, errors);
  validateName(spec, 'subdomain', dnsLabel, path, errors);
  validateTolerations(spec.tolerations, `${path}.tolerations`, errors);
  validateHostAliases(spec.hostAliases, `${path}.hostAliases`, errors);
  validateName(spec, 'priorityClassName', dnsSubdomain, path, errors);
  if (isSet(spec.runtimeClassName)) {
    const name = textOf(spec.runtimeClassName);
    addInvalid(errors, `${path}.runtimeClassName`, name, dnsSubdomain(name));
  }
  if (isSet(spec.preemptionPolicy)) {
    validateEnumeration(spec.preemptionPolicy, PREEMPTION_POLICIES, `${path}.preemptionPolicy`, errors);
  }
  validateOverhead(fieldsOf(spec.overhead), `${path}.overhead`, errors);
  validatePodOs(spec, path, errors);
}

/** Checks a field that must have one of a few values; '' counts as missing. */
export function validateEnumeration(
  value: unknown,
  supported: readonly string[],
  path: string,
  errors: FieldErrors,
): void {
  const text = textOf(value);
  if (text === '') errors.push(required(path));
  else if (!supported.includes(text)) errors.push(notSupported(path, text, supported));
}

function validateName(spec: Fields, field: string, rule: TextRule, path: string, errors: FieldErrors): void {
  const name = textOf(spec[field]);
  if (name !== '') addInvalid(errors, `${path}.${field}`, name, rule(name));
}

function validateGates(spec: Fields, path: string, errors: FieldErrors): void {
  fieldsList(spec.readinessGates).forEach((gate, index) => {
    const type = textOf(gate.conditionType);
    addInvalid(errors, `${path}.readinessGates[${index}].conditionType`, type, qualifiedName(type));
  });
  const seen = new Set<string>();
  fieldsList(spec.schedulingGates).forEach((gate, index) => {
    const at = `${path}.schedulingGates[${index}]`;
    const name = textOf(gate.name);
    addInvalid(errors, at, name, qualifiedName(name));
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
  });
}

function validateHostUsers(spec: Fields, path: string, errors: FieldErrors): void {
  if (spec.hostUsers !== false) return;
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
    if (spec[field] === true) errors.push(forbidden(`${path}.${field}`, 'when `hostUsers` is false'));
  }
}

function validateOverhead(overhead: Fields, path: string, errors: FieldErrors): void {
  for (const resource of sortedKeys(overhead)) {
    const at = `${path}[${resource}]`;
    validateResourceName(resource, at, errors);
    validateAmount(resource, overhead[resource], at, errors);
  }
}

function validateResourceClaims(claims: readonly Fields[], path: string, errors: FieldErrors): void {
  const names = new Set<string>();
  claims.forEach((claim, index) => {
    const at = `${path}[${index}]`;
    const name = textOf(claim.name);
    if (name === '') errors.push(required(`${at}.name`));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else addInvalid(errors, `${at}.name`, name, dnsLabel(name));
    names.add(name);
    const sources = ['resourceClaimName', 'resourceClaimTemplateName'].filter((field) => isSet(claim[field]));
    if (sources.length === 0) {
      const rule = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
      errors.push(invalid(at, shownClaim(claim), rule));
    }
    if (sources.length > 1) {
      const rule = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      errors.push(invalid(at, shownClaim(claim), rule));
    }
    for (const field of sources) {
      const target = textOf(claim[field]);
      addInvalid(errors, `${at}.${field}`, target, dnsSubdomain(target));
    }
  });
}

function shownClaim(claim: Fields): unknown {
  return {
    Name: textOf(claim.name),
    ResourceClaimName: claim.resourceClaimName ?? null,
    ResourceClaimTemplateName: claim.resourceClaimTemplateName ?? null,
  };
}
