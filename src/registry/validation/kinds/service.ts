import { addInvalid, duplicate, type FieldErrors, invalid, notSupported, required } from '../field-error.ts';
import {
  type Fields,
  fieldsList,
  fieldsOf,
  isSet,
  numberOf,
  optionalNumber,
  textList,
  textMap,
  textOf,
} from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dns1035Label, dnsLabel, dnsSubdomain, portNumberProblems } from '../name-rules.ts';
import { validateLabels } from '../object-meta.ts';
import { validateProtocol } from '../pod/container-ports.ts';
import { validateIp } from '../pod/pod-dns.ts';
import { validateEnumeration } from '../pod/pod-spec.ts';
import { validatePortNumberOrName } from '../pod/probes.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const TRAFFIC_POLICIES = ['Cluster', 'Local'];
const MAX_AFFINITY_SECONDS = 86400;

/** v1 Service: the main rules. Addresses are nobody's job here, so nothing is checked against a range. */
export const serviceRules: KindRules = { nameRule: dns1035Label, create: validateService };

function validateService(service: Fields, errors: FieldErrors): void {
  const spec = fieldsOf(service.spec);
  const ports = fieldsList(spec.ports);
  const type = textOf(spec.type);
  const isHeadless = spec.clusterIP === 'None';
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (type === 'LoadBalancer' && isHeadless) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"));
  }
  if (type === 'NodePort' && isHeadless) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"));
  }
  if (type === 'ExternalName') validateExternalName(textOf(spec.externalName), errors);
  validatePorts(ports, errors);
  validateLabels(textMap(spec.selector), 'spec.selector', errors);
  validateSessionAffinity(spec, errors);
  textList(spec.externalIPs).forEach((address, index) => {
    validateIp(address, `spec.externalIPs[${index}]`, errors);
  });
  validateEnumeration(spec.type, TYPES, 'spec.type', errors);
  for (const field of ['internalTrafficPolicy', 'externalTrafficPolicy']) {
    if (!isSet(spec[field]) || spec[field] === '') continue;
    const policy = textOf(spec[field]);
    if (!TRAFFIC_POLICIES.includes(policy))
      errors.push(notSupported(`spec.${field}`, policy, TRAFFIC_POLICIES));
  }
}

function validateExternalName(given: string, errors: FieldErrors): void {
  const name = given.endsWith('.') ? given.slice(0, -1) : given;
  if (name === '') errors.push(required('spec.externalName'));
  else addInvalid(errors, 'spec.externalName', name, dnsSubdomain(name));
}

function validatePorts(ports: readonly Fields[], errors: FieldErrors): void {
  const names = new Set<string>();
  const taken = new Set<string>();
  ports.forEach((port, index) => {
    const path = `spec.ports[${index}]`;
    const name = textOf(port.name);
    if (name === '') {
      if (ports.length > 1) errors.push(required(`${path}.name`));
    } else {
      addInvalid(errors, `${path}.name`, name, dnsLabel(name));
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
      names.add(name);
    }
    const number = numberOf(port.port);
    addInvalid(errors, `${path}.port`, number, portNumberProblems(number));
    const protocol = textOf(port.protocol);
    validateProtocol(protocol, `${path}.protocol`, errors);
    validatePortNumberOrName(port.targetPort, `${path}.targetPort`, errors);
    const key = `${protocol}/${number}`;
    if (taken.has(key)) errors.push(duplicate(path, shownPort(port)));
    taken.add(key);
  });
}

function shownPort(port: Fields): unknown {
  return {
    Name: '',
    Protocol: textOf(port.protocol),
    AppProtocol: null,
    Port: numberOf(port.port),
    TargetPort: 0,
    NodePort: 0,
  };
}

function validateSessionAffinity(spec: Fields, errors: FieldErrors): void {
  const affinity = textOf(spec.sessionAffinity);
  validateEnumeration(affinity, ['ClientIP', 'None'], 'spec.sessionAffinity', errors);
  if (affinity !== 'ClientIP') return;
  const seconds = optionalNumber(fieldsOf(fieldsOf(spec.sessionAffinityConfig).clientIP).timeoutSeconds);
  if (seconds !== undefined && (seconds <= 0 || seconds > MAX_AFFINITY_SECONDS)) {
    const path = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
    errors.push(invalid(path, seconds, `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`));
  }
}
