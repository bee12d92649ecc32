import type { Node, Pod } from '../../api/core.ts';
import type { KubeObject, LabelSelector } from '../../api/meta.ts';
import { NODE, POD } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import { describeObstacles } from '../../domain/daemonset/explain-placement.ts';
import { nodeShouldRunDaemonPod } from '../../domain/daemonset/placement.ts';
import { isControlledBy } from '../../domain/owner-references.ts';
import { matchesLabelSelector } from '../../domain/selectors/labels.ts';
import { POD_DISRUPTION_BUDGET } from '../fork.ts';
import type { Finding } from '../plan-report.ts';
import { counted, someOf } from '../wording.ts';
import { type Examined, finding, namesOf } from './examined.ts';

/** What the cluster has to say: room, ports, nodes of a special kind, budgets. */
export function clusterFindings(examined: Examined): readonly Finding[] {
  return [
    ...noNodes(examined),
    ...unfit(examined),
    ...portClashes(examined),
    ...preemption(examined),
    ...virtualNodes(examined),
    ...budgets(examined),
  ];
}

function noNodes({ run, report, after }: Examined): readonly Finding[] {
  if (report.rollout.desired > 0) return [];
  const [node] = run.manager.lister.list(NODE);
  const why =
    node === undefined
      ? 'the cluster has no nodes'
      : `${node.metadata.name ?? ''} for one: ${describeObstacles(after, node)}`;
  return [finding('warning', 'no-nodes', `no node wants a pod of it: ${why}`)];
}

function unfit({ report }: Examined): readonly Finding[] {
  const clashing = new Set(report.capacity.hostPortClashes.map(({ node }) => node));
  const pending = report.capacity.pending.filter(({ node }) => !clashing.has(node));
  const [first] = pending;
  if (first === undefined) return [];
  const nodes = pending.map(({ node }) => node);
  const text = `the new pod does not fit on ${counted(nodes.length, 'node')} and stays Pending there: ${someOf(nodes)}; on ${first.node}: ${first.because}`;
  return [finding('error', 'does-not-fit', text)];
}

function portClashes({ report }: Examined): readonly Finding[] {
  const { hostPortClashes } = report.capacity;
  const own = `${report.daemonSet.namespace}/${report.daemonSet.name}-`;
  const others = hostPortClashes.filter(({ heldBy }) => !heldBy.startsWith(own));
  const [first] = others;
  if (first === undefined) return [];
  const nodes = [...new Set(others.map(({ node }) => node))];
  const text = `host port ${first.port} is taken on ${counted(nodes.length, 'node')} (by pod ${first.heldBy} on ${first.node}): the new pod stays Pending on ${someOf(nodes)}`;
  return [finding('error', 'host-port-clash', text)];
}

/** Pods of others that had to make room. */
function preemption({ run }: Examined): readonly Finding[] {
  const { lister } = run.manager;
  const uid = run.after?.metadata.uid ?? '';
  const isEvicted = (pod: Pod): boolean => {
    if (isControlledBy(pod, uid) || isDeleting(pod)) return false;
    const now = lister.get(POD, { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' });
    const node = lister.get(NODE, { namespace: '', name: pod.spec.nodeName ?? '' });
    return node !== undefined && (now === undefined || isDeleting(now));
  };
  const evicted = run.listerBefore
    .list(POD)
    .filter((pod) => (pod.spec.nodeName ?? '') !== '' && isEvicted(pod));
  if (evicted.length === 0) return [];
  const names = evicted.map(
    ({ metadata, spec }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''} on ${spec.nodeName ?? ''}`,
  );
  const text = `${counted(evicted.length, 'pod')} of lower priority ${evicted.length === 1 ? 'is' : 'are'} evicted to make room: ${someOf(names)}`;
  return [finding('warning', 'preemption', text)];
}

const isVirtual = ({ metadata }: Node): boolean =>
  metadata.labels?.type === 'virtual-kubelet' ||
  metadata.labels?.['kubernetes.io/role'] === 'virtual-kubelet' ||
  metadata.labels?.['eks.amazonaws.com/compute-type'] === 'fargate';

function virtualNodes({ run, after }: Examined): readonly Finding[] {
  const virtual = run.manager.lister
    .list(NODE)
    .filter((node) => isVirtual(node) && nodeShouldRunDaemonPod(node, after).shouldRun);
  if (virtual.length === 0) return [];
  const text = `${counted(virtual.length, 'virtual node')} (Fargate or virtual-kubelet) would get a pod, which such nodes cannot run: ${someOf(namesOf(virtual))}. Exclude them by node affinity`;
  return [finding('warning', 'virtual-nodes', text)];
}

interface Budget extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector };
}

function budgets({ run, after, options }: Examined): readonly Finding[] {
  const found = run.listerBefore
    .list<Budget>(POD_DISRUPTION_BUDGET, options.target.namespace)
    .filter(
      ({ spec }) =>
        spec?.selector !== undefined &&
        matchesLabelSelector(spec.selector, after.spec.template.metadata?.labels),
    );
  if (found.length === 0) return [];
  const names = found.map(({ metadata }) => metadata.name ?? '');
  const text = `PodDisruptionBudget ${someOf(names)} selects these pods, but never limits a DaemonSet's updates: only evictions ask it`;
  return [finding('note', 'pdb-has-no-say', text)];
}
