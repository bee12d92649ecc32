import { addInvalid, type FieldErrors, forbidden, invalid, notSupported, required } from '../field-error.ts';
import {
  type Fields,
  fieldsList,
  isSet,
  itemsOf,
  numberOf,
  optionalFields,
  optionalNumber,
  textOf,
} from '../json-fields.ts';
import { httpHeaderName, portName, portNumberProblems } from '../name-rules.ts';
import { requireNonNegative } from '../object-meta.ts';

/** Which of a container's three probes. */
export type ProbeRole = 'livenessProbe' | 'readinessProbe' | 'startupProbe';

const PROBE_NUMBERS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
];
const SCHEMES = ['HTTP', 'HTTPS'];

/** Checks one probe. `gracePeriod` is the pod's, in seconds. */
export function validateProbe(
  value: unknown,
  role: ProbeRole,
  gracePeriod: number,
  path: string,
  errors: FieldErrors,
): void {
  const probe = optionalFields(value);
  if (probe === undefined) return;
  validateHandler(probe, gracePeriod, path, errors);
  for (const name of PROBE_NUMBERS) requireNonNegative(numberOf(probe[name]), `${path}.${name}`, errors);
  const seconds = optionalNumber(probe.terminationGracePeriodSeconds);
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalid(`${path}.terminationGracePeriodSeconds`, seconds, 'must be greater than 0'));
  }
  if (role === 'readinessProbe') {
    if (seconds !== undefined) {
      const problem = 'must not be set for readinessProbes';
      errors.push(invalid(`${path}.terminationGracePeriodSeconds`, seconds, problem));
    }
    return;
  }
  const successes = numberOf(probe.successThreshold);
  if (successes !== 1) errors.push(invalid(`${path}.successThreshold`, successes, 'must be 1'));
}

/** Checks a container's `lifecycle`. */
export function validateLifecycle(
  value: unknown,
  gracePeriod: number,
  path: string,
  errors: FieldErrors,
): void {
  const lifecycle = optionalFields(value);
  if (lifecycle === undefined) return;
  for (const hook of ['postStart', 'preStop'] as const) {
    const handler = optionalFields(lifecycle[hook]);
    if (handler !== undefined) validateHandler(handler, gracePeriod, `${path}.${hook}`, errors);
  }
}

type HandlerRule = (action: Fields, gracePeriod: number, path: string, errors: FieldErrors) => void;

const HANDLERS: Readonly<Record<string, HandlerRule>> = {
  exec(action, _gracePeriod, path, errors) {
    if (itemsOf(action.command).length === 0) errors.push(required(`${path}.command`));
  },
  httpGet(action, _gracePeriod, path, errors) {
    if (textOf(action.path) === '') errors.push(required(`${path}.path`));
    validatePortNumberOrName(action.port, `${path}.port`, errors);
    const scheme = textOf(action.scheme);
    if (!SCHEMES.includes(scheme)) errors.push(notSupported(`${path}.scheme`, scheme, SCHEMES));
    for (const header of fieldsList(action.httpHeaders)) {
      const name = textOf(header.name);
      addInvalid(errors, `${path}.httpHeaders`, name, httpHeaderName(name));
    }
  },
  tcpSocket(action, _gracePeriod, path, errors) {
    validatePortNumberOrName(action.port, `${path}.port`, errors);
  },
  grpc(action, _gracePeriod, path, errors) {
    const port = numberOf(action.port);
    addInvalid(errors, `${path}.port`, port, portNumberProblems(port));
  },
  sleep(action, gracePeriod, path, errors) {
    const seconds = numberOf(action.seconds);
    if (seconds < 0 || seconds > gracePeriod) {
      const problem = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`;
      errors.push(invalid(`${path}.seconds`, seconds, problem));
    }
  },
};

function validateHandler(handler: Fields, gracePeriod: number, path: string, errors: FieldErrors): void {
  let handlers = 0;
  for (const [kind, validate] of Object.entries(HANDLERS)) {
    const action = optionalFields(handler[kind]);
    if (action === undefined) continue;
    handlers += 1;
    if (handlers > 1) errors.push(forbidden(`${path}.${kind}`, 'may not specify more than 1 handler type'));
    else validate(action, gracePeriod, `${path}.${kind}`, errors);
  }
  if (handlers === 0) errors.push(required(path, 'must specify a handler type'));
}

/** Checks a port that is given by number or by the name of a container's port. */
export function validatePortNumberOrName(value: unknown, path: string, errors: FieldErrors): void {
  if (typeof value === 'string') addInvalid(errors, path, value, portName(value));
  else if (!isSet(value) || typeof value === 'number') {
    const port = numberOf(value);
    addInvalid(errors, path, port, portNumberProblems(port));
  }
}
