import type { Node, Pod, Taint } from '../../../api/core.ts';
import { TAINT_UNSCHEDULABLE } from '../../../api/well-known.ts';
import { isDeleting, isPodTerminal } from '../../conditions.ts';
import { formatQuantity, quantityOf } from '../../quantity.ts';
import { hostPortsConflict, hostPortsOf } from '../../scheduling/host-ports.ts';
import { matchesNodeAffinity, requiredNodeAffinity } from '../../scheduling/node-affinity.ts';
import {
  allocatableOf,
  insufficientResources,
  podRequests,
  totalRequests,
} from '../../scheduling/resources.ts';
import { formatTaint, tolerates } from '../../scheduling/taints.ts';

/** One thing that keeps a pod from being bound to its node. Amounts are quantities, such as `250m` or `512Mi`. */
export type FitProblem =
  | { readonly kind: 'unschedulable' }
  | { readonly kind: 'nodeName'; readonly wanted: string }
  | { readonly kind: 'taint'; readonly taint: Taint }
  | { readonly kind: 'affinity' }
  | {
      readonly kind: 'hostPort';
      readonly port: number;
      readonly protocol: string;
      /** `namespace/name` of the pod that has it. */
      readonly heldBy: string;
      readonly holderTerminating: boolean;
    }
  | { readonly kind: 'pods'; readonly allocatable: number; readonly running: number }
  | {
      readonly kind: 'resource';
      readonly resource: string;
      readonly requested: string;
      readonly free: string;
      readonly allocatable: string;
      readonly shortBy: string;
    };

/**
 * All that keeps a pod off a node, in the order of the scheduler's filters; empty exactly where `unfitReasons` is, which
 * stops at the first filter that refuses. `podsOnNode` are the pods bound to the node, without this one.
 */
export function fitProblems(pod: Pod, node: Node, podsOnNode: readonly Pod[]): readonly FitProblem[] {
  const tolerations = pod.spec.tolerations ?? [];
  const isTolerated = (taint: Taint): boolean => tolerations.some((one) => tolerates(one, taint));
  const active = podsOnNode.filter((other) => !isPodTerminal(other));
  const problems: FitProblem[] = [];
  if (node.spec?.unschedulable === true && !isTolerated({ key: TAINT_UNSCHEDULABLE, effect: 'NoSchedule' })) {
    problems.push({ kind: 'unschedulable' });
  }
  const wanted = pod.spec.nodeName ?? '';
  if (wanted !== '' && wanted !== node.metadata.name) problems.push({ kind: 'nodeName', wanted });
  for (const taint of node.spec?.taints ?? []) {
    const counts = taint.effect === 'NoSchedule' || taint.effect === 'NoExecute';
    if (counts && !isTolerated(taint)) problems.push({ kind: 'taint', taint });
  }
  if (!matchesNodeAffinity(requiredNodeAffinity(pod.spec), node)) problems.push({ kind: 'affinity' });
  return [...problems, ...portProblems(pod, active), ...resourceProblems(pod, node, active)];
}

/** A problem in words: `host port 9100/TCP is taken by kube-system/exporter-x`, `short of 300Mi of memory`. */
export function fitProblemText(problem: FitProblem): string {
  switch (problem.kind) {
    case 'unschedulable':
      return 'the node is cordoned, and the pod does not tolerate that';
    case 'nodeName':
      return `the pod names node ${problem.wanted}`;
    case 'taint':
      return `the pod does not tolerate taint ${formatTaint(problem.taint)}`;
    case 'affinity':
      return 'the node does not match what the pod requires of it';
    case 'hostPort': {
      const state = problem.holderTerminating ? ', which is ending' : '';
      return `host port ${problem.port}/${problem.protocol} is taken by ${problem.heldBy}${state}`;
    }
    case 'pods':
      return `${problem.running} pods run there, and ${problem.allocatable} may`;
    case 'resource': {
      const { resource, requested, free, allocatable, shortBy } = problem;
      return `${shortBy} of ${resource} is missing: it asks for ${requested}, and ${free} of ${allocatable} is free`;
    }
    default:
      return problem satisfies never;
  }
}

/** The same without amounts and names, so that nodes with the same trouble come together. */
export function fitProblemKind(problem: FitProblem): string {
  switch (problem.kind) {
    case 'unschedulable':
      return 'cordoned';
    case 'nodeName':
      return 'names another node';
    case 'taint':
      return `taint ${formatTaint(problem.taint)}`;
    case 'affinity':
      return 'labels do not match';
    case 'hostPort':
      return `host port ${problem.port} is taken`;
    case 'pods':
      return 'too many pods';
    case 'resource':
      return `not enough ${problem.resource}`;
    default:
      return problem satisfies never;
  }
}

function portProblems(pod: Pod, active: readonly Pod[]): readonly FitProblem[] {
  return hostPortsOf(pod).flatMap((wanted): readonly FitProblem[] => {
    const holder = active.find((other) => hostPortsConflict([wanted], hostPortsOf(other)));
    if (holder === undefined) return [];
    return [
      {
        kind: 'hostPort',
        port: wanted.port,
        protocol: wanted.protocol,
        heldBy: `${holder.metadata.namespace ?? ''}/${holder.metadata.name ?? ''}`,
        holderTerminating: isDeleting(holder),
      },
    ];
  });
}

function resourceProblems(pod: Pod, node: Node, active: readonly Pod[]): readonly FitProblem[] {
  const allocatable = allocatableOf(node);
  const requests = podRequests(pod);
  const used = totalRequests(active);
  const mayRun = allocatable.get('pods') ?? 0;
  const tooMany: readonly FitProblem[] =
    active.length + 1 > mayRun ? [{ kind: 'pods', allocatable: mayRun, running: active.length }] : [];
  const short = insufficientResources(requests, allocatable, used).map((resource): FitProblem => {
    const wanted = requests.get(resource) ?? 0;
    const has = allocatable.get(resource) ?? 0;
    const free = Math.max(0, has - (used.get(resource) ?? 0));
    return {
      kind: 'resource',
      resource,
      requested: amountText(resource, wanted, Math.ceil),
      free: amountText(resource, free, Math.floor),
      allocatable: amountText(resource, has, Math.floor),
      shortBy: amountText(resource, wanted - (has - (used.get(resource) ?? 0)), Math.ceil),
    };
  });
  return [...tooMany, ...short];
}

const MEBI = 2 ** 20;

/**
 * An amount in the units of `ResourceAmounts`, as people write it: `250m`, `2`, `512Mi`. Bytes are rounded to whole
 * mebibytes from ten of them on.
 */
function amountText(resource: string, amount: number, round: (amount: number) => number): string {
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${round(amount)}m`;
  const isBytes = /^(?:memory|ephemeral-storage|hugepages-.*)$/.test(resource);
  if (!isBytes) return formatQuantity(quantityOf(round(amount)));
  const bytes = amount < 10 * MEBI ? round(amount) : round(amount / MEBI) * MEBI;
  return formatQuantity(quantityOf(bytes, 'BinarySI'));
}
