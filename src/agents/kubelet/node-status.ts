import type { Node } from '../../api/core.ts';
import type { Condition } from '../../api/meta.ts';
import { KUBERNETES_VERSION } from '../../api/well-known.ts';
import { formatRfc3339 } from '../../domain/rfc3339.ts';

/** What a node has when nothing is said about it. */
const defaultCapacity = { cpu: '4', memory: '8Gi', pods: '110' } as const;

/** Whether nobody has reported yet whether the node is ready: then a simulated kubelet takes it over. */
export function isUnreported(node: Node): boolean {
  return node.status?.conditions?.some(({ type }) => type === 'Ready') !== true;
}

/** Labels that a kubelet sets when it registers its node, where they are missing. Undefined when all are there. */
export function registrationLabels(node: Node): Readonly<Record<string, string>> | undefined {
  const labels = node.metadata.labels ?? {};
  const wanted: Readonly<Record<string, string>> = {
    'kubernetes.io/hostname': node.metadata.name ?? '',
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
  };
  const missing = Object.entries(wanted).filter(([key]) => !Object.hasOwn(labels, key));
  return missing.length === 0 ? undefined : Object.fromEntries(missing);
}

/** The first report of a healthy node. What the node's creator gave is kept. `now`: milliseconds since the epoch. */
export function firstNodeStatus(node: Node, address: string, now: number): NonNullable<Node['status']> {
  const given = node.status ?? {};
  const labels = node.metadata.labels ?? {};
  const time = formatRfc3339(now);
  const condition = (type: string, status: string, reason: string, message: string): Condition => ({
    type,
    status,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
    reason,
    message,
  });
  const reported = [
    condition(
      'MemoryPressure',
      'False',
      'KubeletHasSufficientMemory',
      'kubelet has sufficient memory available',
    ),
    condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ];
  const own = given.conditions ?? [];
  const capacity = { ...defaultCapacity, ...given.allocatable, ...given.capacity };
  return {
    ...given,
    capacity,
    allocatable: { ...capacity, ...given.allocatable },
    conditions: [...own, ...reported.filter(({ type }) => !own.some((other) => other.type === type))],
    addresses: given.addresses ?? [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: node.metadata.name ?? '' },
    ],
    nodeInfo: {
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: '',
      osImage: 'kdaemon simulated node',
      containerRuntimeVersion: 'kdaemon://simulated',
      kubeletVersion: KUBERNETES_VERSION,
      kubeProxyVersion: '',
      operatingSystem: labels['kubernetes.io/os'] ?? 'linux',
      architecture: labels['kubernetes.io/arch'] ?? 'amd64',
      ...Object.fromEntries(Object.entries(given.nodeInfo ?? {}).filter(([, value]) => value !== '')),
    },
  };
}
