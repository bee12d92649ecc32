import { addInvalid, duplicate, type FieldErrors, invalid, notSupported, required } from '../field-error.ts';
import { type Fields, fieldsList, numberOf, textOf } from '../json-fields.ts';
import { portName, portNumberProblems } from '../name-rules.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

/** Checks the ports of one container. */
export function validateContainerPorts(value: unknown, path: string, errors: FieldErrors): void {
  const names = new Set<string>();
  fieldsList(value).forEach((port, index) => {
    const at = `${path}[${index}]`;
    const name = textOf(port.name);
    if (name !== '') {
      const problems = portName(name);
      addInvalid(errors, `${at}.name`, name, problems);
      if (problems.length === 0 && names.has(name)) errors.push(duplicate(`${at}.name`, name));
      if (problems.length === 0) names.add(name);
    }
    const containerPort = numberOf(port.containerPort);
    if (containerPort === 0) errors.push(required(`${at}.containerPort`));
    else addInvalid(errors, `${at}.containerPort`, containerPort, portNumberProblems(containerPort));
    const hostPort = numberOf(port.hostPort);
    if (hostPort !== 0) addInvalid(errors, `${at}.hostPort`, hostPort, portNumberProblems(hostPort));
    validateProtocol(textOf(port.protocol), `${at}.protocol`, errors);
  });
}

/** Checks the protocol of a port. */
export function validateProtocol(protocol: string, path: string, errors: FieldErrors): void {
  if (protocol === '') errors.push(required(path));
  else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(path, protocol, PROTOCOLS));
}

/** Refuses two containers of one pod that want the same port of the node. */
export function forbidHostPortConflicts(
  containers: readonly Fields[],
  path: string,
  errors: FieldErrors,
): void {
  const taken = new Set<string>();
  containers.forEach((container, containerIndex) => {
    fieldsList(container.ports).forEach((port, index) => {
      const hostPort = numberOf(port.hostPort);
      if (hostPort === 0) return;
      const claim = `${textOf(port.protocol)}/${textOf(port.hostIP)}/${hostPort}`;
      if (taken.has(claim))
        errors.push(duplicate(`${path}[${containerIndex}].ports[${index}].hostPort`, claim));
      taken.add(claim);
    });
  });
}

/** On the node's network a port of the container is a port of the node: both numbers must agree. */
export function requireMatchingHostPorts(
  containers: readonly Fields[],
  path: string,
  errors: FieldErrors,
): void {
  containers.forEach((container, containerIndex) => {
    fieldsList(container.ports).forEach((port, index) => {
      const hostPort = numberOf(port.hostPort);
      if (hostPort === 0 || hostPort === numberOf(port.containerPort)) return;
      const problem = 'must match `containerPort` when `hostNetwork` is true';
      errors.push(invalid(`${path}[${containerIndex}].ports[${index}].hostPort`, hostPort, problem));
    });
  });
}
