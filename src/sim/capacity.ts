import { preemptOn } from '../agents/scheduler/preemption.ts';
import type { DaemonSet } from '../api/apps.ts';
import type { Node, Pod } from '../api/core.ts';
import { DAEMON_SET, NODE } from '../api/well-known.ts';
import { isPodTerminal } from '../domain/conditions.ts';
import { addOrUpdateDaemonPodTolerations, nodeShouldRunDaemonPod } from '../domain/daemonset/placement.ts';
import { isControlledBy } from '../domain/owner-references.ts';
import { unfitReasons } from '../domain/scheduling/fit.ts';
import { type HostPort, hostPortsConflict, hostPortsOf } from '../domain/scheduling/host-ports.ts';
import {
  allocatableOf,
  podRequests,
  type ResourceAmounts,
  totalRequests,
} from '../domain/scheduling/resources.ts';
import type { Lister } from '../runtime/controller.ts';
import { NO_REQUESTS, plus, requestsOfTemplate } from './amounts.ts';
import type { Capacity, NodeShare } from './plan-report.ts';

/** What capacity is reckoned from: the cluster as it was before the change. */
export interface CapacityQuestion {
  readonly lister: Lister;
  readonly before: DaemonSet | undefined;
  readonly after: DaemonSet;
  /** Nodes that run a pod of the DaemonSet before. */
  readonly hadPod: ReadonlySet<string>;
  /** Whether the new pod starts beside the old one. */
  readonly surges: boolean;
}

/** What the change costs, whether or not the rollout comes to each node. */
export function capacityOf(question: CapacityQuestion): Capacity {
  const { lister, before, after, hadPod } = question;
  const perPod = requestsOfTemplate(after.spec.template);
  const perPodBefore = before === undefined ? NO_REQUESTS : requestsOfTemplate(before.spec.template);
  const others = lister
    .list(DAEMON_SET)
    .filter(
      ({ metadata }) => metadata.uid !== after.metadata.uid && metadata.deletionTimestamp === undefined,
    );
  const pod = newPod(after);
  const pending: { node: string; because: string }[] = [];
  const hostPortClashes: { node: string; port: string; heldBy: string }[] = [];
  const shares: NodeShare[] = [];
  let added = NO_REQUESTS;
  for (const node of lister.list(NODE)) {
    const name = node.metadata.name ?? '';
    const { shouldRun: runs, shouldContinueRunning } = nodeShouldRunDaemonPod(node, after);
    const staysAsItIs = hadPod.has(name) && !runs && shouldContinueRunning;
    if (hadPod.has(name) && !staysAsItIs) added = plus(added, perPodBefore, -1);
    if (runs) added = plus(added, perPod);
    if (runs) {
      const beside = podsBeside(node, question);
      const because = whyPending(pod, node, beside);
      if (because !== undefined) pending.push({ node: name, because });
      hostPortClashes.push(...clashesOn(name, pod, beside));
    }
    const here = [
      ...(runs ? [after] : []),
      ...others.filter((one) => nodeShouldRunDaemonPod(node, one).shouldRun),
    ];
    if (here.length > 0) shares.push(shareOf(node, here));
  }
  return { perPod, perPodBefore, added, pending, hostPortClashes, shares };
}

/** A pod of the template as the scheduler would see it, for any node. */
export function newPod({ metadata, spec }: DaemonSet): Pod {
  const { affinity: _weighed, nodeSelector: _too, ...rest } = spec.template.spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: metadata.name ?? '', namespace: metadata.namespace ?? '' },
    spec: { ...rest, tolerations: addOrUpdateDaemonPodTolerations(spec.template.spec) },
  };
}

/** The pods that a new pod has to live with: all but those that it replaces. */
function podsBeside(node: Node, { lister, before, surges }: CapacityQuestion): readonly Pod[] {
  const uid = before?.metadata.uid;
  return lister
    .podsOnNode(node.metadata.name ?? '')
    .filter((pod) => !isPodTerminal(pod) && (surges || uid === undefined || !isControlledBy(pod, uid)));
}

function whyPending(pod: Pod, node: Node, beside: readonly Pod[]): string | undefined {
  const reasons = unfitReasons(pod, node, beside);
  if (reasons.length === 0) return undefined;
  const room = preemptOn(pod, node, beside, reasons);
  if ('victims' in room) return undefined;
  return reasons.map((reason) => detailed(reason.replace(/^node\(s\) /, ''), pod, node, beside)).join(', ');
}

/** `Insufficient cpu` with the numbers behind it. */
function detailed(reason: string, pod: Pod, node: Node, beside: readonly Pod[]): string {
  const [, resource] = /^Insufficient (.+)$/.exec(reason) ?? [];
  if (resource === undefined) return reason;
  const has = allocatableOf(node).get(resource) ?? 0;
  const free = has - (totalRequests(beside).get(resource) ?? 0);
  const asks = podRequests(pod).get(resource) ?? 0;
  const amount = (value: number): string => amountText(resource, Math.max(0, value));
  return `${reason} (asks for ${amount(asks)}, ${amount(free)} of ${amount(has)} are free)`;
}

/** An amount of a resource as manifests write it. */
export function amountText(resource: string, value: number): string {
  if (resource === 'cpu') return value % 1000 === 0 ? String(value / 1000) : `${value}m`;
  if (resource !== 'memory' && resource !== 'ephemeral-storage') return String(value);
  for (const [unit, size] of [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
    ['Ki', 2 ** 10],
  ] as const) {
    if (value >= size) return `${Math.round((value / size) * 10) / 10}${unit}`;
  }
  return String(value);
}

function clashesOn(node: string, pod: Pod, beside: readonly Pod[]) {
  const wanted = hostPortsOf(pod);
  if (wanted.length === 0) return [];
  return beside.flatMap((other) => {
    const theirs = hostPortsOf(other);
    return wanted
      .filter((port) => hostPortsConflict([port], theirs))
      .map((port) => ({ node, port: portText(port), heldBy: heldBy(other) }));
  });
}

const portText = ({ ip, protocol, port }: HostPort): string =>
  `${ip === '0.0.0.0' ? '' : `${ip}:`}${port}/${protocol}`;
const heldBy = ({ metadata }: Pod): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

function shareOf(node: Node, daemonSets: readonly DaemonSet[]): NodeShare {
  const requests = daemonSets.reduce(
    (sum, { spec }) => plus(sum, requestsOfTemplate(spec.template)),
    NO_REQUESTS,
  );
  const allocatable = allocatableOf(node);
  return {
    node: node.metadata.name ?? '',
    requests,
    cpuPercent: percentOf(requests.cpuMilli, allocatable, 'cpu'),
    memoryPercent: percentOf(requests.memoryBytes, allocatable, 'memory'),
  };
}

function percentOf(amount: number, allocatable: ResourceAmounts, resource: string): number | null {
  const has = allocatable.get(resource) ?? 0;
  return has === 0 ? null : Math.round((amount / has) * 1000) / 10;
}
