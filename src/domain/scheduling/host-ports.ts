// Mirrors HostPortInfo and GetHostPorts of the scheduler (v1.37.2).
import type { Pod, PodSpec } from '../../api/core.ts';

/** A port that a pod takes on its node's own addresses. */
export interface HostPort {
  /** `0.0.0.0` is every address. */
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const none: readonly HostPort[] = [];
/** Objects never change, and pods of one template share their list of containers. */
const knownPorts = new WeakMap<object, readonly HostPort[]>();

/** The host ports of a pod's containers and sidecars; the same list for pods that share these. */
export function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const source = spec.initContainers === undefined ? spec.containers : spec;
  const known = knownPorts.get(source);
  if (known !== undefined) return known;
  const ports = collectPorts(spec);
  knownPorts.set(source, ports);
  return ports;
}

function collectPorts(spec: PodSpec): readonly HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports = [...sidecars, ...spec.containers].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP, protocol }) =>
      hostPort > 0 ? [{ ip: hostIP || '0.0.0.0', protocol: protocol || 'TCP', port: hostPort }] : [],
    ),
  );
  return ports.length === 0 ? none : ports;
}

/** Whether two are the same port of the same address. */
export function isSameHostPort(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && a.ip === b.ip;
}

/** Whether any wanted port is taken: same number and protocol, on the same address or where either means all. */
export function hostPortsConflict(wanted: readonly HostPort[], used: readonly HostPort[]): boolean {
  return wanted.some(({ ip, protocol, port }) =>
    used.some(
      (other) =>
        other.port === port &&
        other.protocol === protocol &&
        (other.ip === ip || other.ip === '0.0.0.0' || ip === '0.0.0.0'),
    ),
  );
}
