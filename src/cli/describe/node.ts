import type { Client } from '../../api/client.ts';
import type { Node, Pod, Taint } from '../../api/core.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { POD } from '../../api/well-known.ts';
import { age } from '../../domain/duration.ts';
import { addQuantities, formatQuantity, parseQuantity, type Quantity } from '../../domain/quantity.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, creationLine, labelLines, listLines, sortedEntries } from './metadata-lines.ts';
import { type Amounts, percentOf, podAmounts } from './pod-amounts.ts';
import type { TabbedText } from './tabbed-text.ts';
import { utcWithOffset } from './times.ts';

interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly acquireTime?: string;
    readonly renewTime?: string;
  };
}

const LEASE: KindRef<Lease> = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' };

/** v1 Node, with the pods that run on it. */
export const describeNode = describerOf<Node>(async (out, node, { client, now, events }) => {
  const { metadata, spec, status } = node;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Roles:\t${rolesOf(node).join(',') || '<none>'}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  creationLine(out, metadata.creationTimestamp);
  listLines(out, 'Taints', taintTexts(spec?.taints ?? []));
  out.line(0, `Unschedulable:\t${spec?.unschedulable ?? false}`);
  await leaseLines(out, client, metadata.name ?? '');
  conditionLines(out, node);
  if (status?.addresses !== undefined || status?.nodeInfo !== undefined) out.line(0, 'Addresses:');
  for (const { type, address } of status?.addresses ?? []) out.line(1, `${type}:\t${address}`);
  amountLines(out, 'Capacity', status?.capacity);
  amountLines(out, 'Allocatable', status?.allocatable);
  systemLines(out, node);
  await podLines(out, client, node, now);
  if (events !== undefined) eventLines(out, events, now);
});

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function rolesOf({ metadata }: Node): readonly string[] {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_PREFIX)) return [key.slice(ROLE_PREFIX.length)];
    return key === 'kubernetes.io/role' ? [value] : [];
  });
  return [...new Set(roles.filter((role) => role !== ''))].sort();
}

function taintTexts(taints: readonly Taint[]): readonly string[] {
  const rank = ({ effect, key }: Taint): string => `${effect},${key}`;
  return [...taints]
    .sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
    .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`);
}

async function leaseLines(out: TabbedText, client: Client, name: string): Promise<void> {
  try {
    const { spec } = await client.get(LEASE, { namespace: 'kube-node-lease', name });
    const time = (value: string | undefined): string =>
      value === undefined ? '<unset>' : utcWithOffset(value);
    out.line(0, 'Lease:');
    out.line(1, `HolderIdentity:\t${spec?.holderIdentity ?? '<unset>'}`);
    out.line(1, `AcquireTime:\t${time(spec?.acquireTime)}`);
    out.line(1, `RenewTime:\t${time(spec?.renewTime)}`);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    out.line(0, `Lease:\tFailed to get lease: ${error.status.message ?? ''}`);
  }
}

function conditionLines(out: TabbedText, { status }: Node): void {
  const { conditions = [] } = status ?? {};
  if (conditions.length === 0) return;
  const head = ['Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message'];
  out.line(0, 'Conditions:');
  out.line(1, head.join('\t'));
  out.line(1, head.map((word) => '-'.repeat(word.length)).join('\t'));
  for (const { type, status: state, lastHeartbeatTime, lastTransitionTime, reason, message } of conditions) {
    const times = [lastHeartbeatTime, lastTransitionTime].map((time) => `${utcWithOffset(time)} `);
    out.line(
      1,
      [`${type} `, `${state} `, ...times, `${reason ?? ''} `, `${message ?? ''} `.trimEnd()].join('\t'),
    );
  }
}

function amountLines(out: TabbedText, title: string, amounts: Amounts | undefined): void {
  const entries = sortedEntries(amounts);
  if (entries.length > 0) out.line(0, `${title}:`);
  for (const [name, amount] of entries) {
    out.line(1, `${name}:\t${formatQuantity(parseQuantity(String(amount)))}`);
  }
}

function systemLines(out: TabbedText, { spec, status }: Node): void {
  const facts: readonly (readonly [string, string])[] = [
    ['Machine ID', 'machineID'],
    ['System UUID', 'systemUUID'],
    ['Boot ID', 'bootID'],
    ['Kernel Version', 'kernelVersion'],
    ['OS Image', 'osImage'],
    ['Operating System', 'operatingSystem'],
    ['Architecture', 'architecture'],
    ['Container Runtime Version', 'containerRuntimeVersion'],
    ['Kubelet Version', 'kubeletVersion'],
  ];
  out.line(0, 'System Info:');
  for (const [title, field] of facts) out.line(1, `${title}:\t${status?.nodeInfo?.[field] ?? ''}`);
  if (spec?.podCIDR) out.line(0, `PodCIDR:\t${String(spec.podCIDR)}`);
  const ranges = (spec?.podCIDRs ?? []) as readonly string[]; // v1's shape
  if (ranges.length > 0) out.line(0, `PodCIDRs:\t${ranges.join(',')}`);
  if (spec?.providerID) out.line(0, `ProviderID:\t${String(spec.providerID)}`);
}

async function podLines(out: TabbedText, client: Client, node: Node, now: number): Promise<void> {
  const fieldSelector = `spec.nodeName=${node.metadata.name},status.phase!=Succeeded,status.phase!=Failed`;
  const pods = (await client.list<Pod>(POD, { fieldSelector })).items;
  const { capacity, allocatable } = node.status ?? {};
  const given = Object.keys(allocatable ?? {}).length > 0 ? (allocatable ?? {}) : (capacity ?? {});
  const share = (name: string, amount: Quantity | undefined): string =>
    `${amount === undefined ? '0' : formatQuantity(amount)} (${percentOf(name, amount, given)}%)`;
  out.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  const head = ['CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age'];
  out.line(1, `Namespace\tName\t\t${head.join('\t')}`);
  out.line(1, `---------\t----\t\t${head.map((word) => '-'.repeat(word.length)).join('\t')}`);
  const requests = new Map<string, Quantity>();
  const limits = new Map<string, Quantity>();
  for (const { metadata, spec } of pods) {
    const [asked, most] = [podAmounts(spec, 'requests'), podAmounts(spec, 'limits')];
    addTo(requests, asked);
    addTo(limits, most);
    const cells = ['cpu', 'memory'].flatMap((name) => [
      share(name, asked.get(name)),
      share(name, most.get(name)),
    ]);
    const row = [metadata.namespace, metadata.name, '', ...cells, age(metadata.creationTimestamp, now)];
    out.line(1, row.join('\t'));
  }
  out.line(0, 'Allocated resources:');
  out.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)');
  out.line(1, 'Resource\tRequests\tLimits');
  out.line(1, '--------\t--------\t------');
  const names = Object.keys(given).sort();
  const shared = [...BASIC, ...names.filter((name) => name.startsWith('hugepages-'))];
  for (const name of shared) {
    out.line(1, `${name}\t${share(name, requests.get(name))}\t${share(name, limits.get(name))}`);
  }
  for (const name of names.filter((one) => one !== 'pods' && !shared.includes(one))) {
    const amount = (of: ReadonlyMap<string, Quantity>): string => {
      const found = of.get(name);
      return found === undefined ? '0' : formatQuantity(found);
    };
    out.line(1, `${name}\t${amount(requests)}\t${amount(limits)}`);
  }
}

const BASIC = ['cpu', 'memory', 'ephemeral-storage'];

function addTo(total: Map<string, Quantity>, amounts: ReadonlyMap<string, Quantity>): void {
  for (const [name, amount] of amounts) {
    const before = total.get(name);
    total.set(name, before === undefined ? amount : addQuantities(before, amount));
  }
}
