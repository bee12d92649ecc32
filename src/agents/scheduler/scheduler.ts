import type { WriteRequest } from '../../api/client.ts';
import type { Node, Pod } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import { NODE, POD } from '../../api/well-known.ts';
import { isDeleting, isPodTerminal } from '../../domain/conditions.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { withDisruptionTarget } from '../../domain/disruption.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { usageOf } from '../../domain/scheduling/node-usage.ts';
import { withCondition } from '../../domain/with-condition.ts';
import { type Controller, type Lister, type ReconcileContext, watch } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { deletion, keyOf, keyText, parseKeyText, statusUpdate } from '../../runtime/write-requests.ts';
import { type Choice, type Cluster, chooseNode } from './choose-node.ts';
import { type PreemptionCandidate, priorityOf } from './preemption.ts';
import { createUsageOfNodes } from './usage-of-nodes.ts';
import { createWaitingPods } from './waiting-pods.ts';

const name = 'default-scheduler';

/** Whether the pod waits for this scheduler. */
function isPending(pod: Pod): boolean {
  const { nodeName = '', schedulerName = name, schedulingGates } = pod.spec;
  const isGated = Array.isArray(schedulingGates) && schedulingGates.length > 0;
  return nodeName === '' && schedulerName === name && !isGated && !isDeleting(pod) && !isPodTerminal(pod);
}

/** Whether a node changed in what scheduling looks at. */
function isOtherNode(previous: Node | undefined, current: Node): boolean {
  return (
    previous === undefined ||
    !deepEqual(previous.metadata.labels, current.metadata.labels) ||
    !deepEqual(previous.spec, current.spec) ||
    !deepEqual(previous.status?.allocatable, current.status?.allocatable)
  );
}

const nobody: readonly Pod[] = [];
const nothing: readonly string[] = [];

/** A pod that waits, under its key. */
interface PendingPod {
  readonly pod: Pod;
  readonly key: string;
}

/** A batch's work: what is to be written, and what to do when one of the requests has gone well. */
interface Batch {
  readonly requests: WriteRequest[];
  readonly onSuccess: { readonly request: number; readonly then: () => void }[];
}

/**
 * The default scheduler, as far as nodes, taints, affinity, resources and host ports go: it binds pods to nodes where
 * they fit, says why they fit nowhere, and makes room for pods of higher priority. Pods that fit nowhere are tried
 * again when a node that they could go to changes, or loses a pod.
 */
export function scheduler(): Controller {
  const waiting = createWaitingPods();
  /** Pods that made room for themselves, by the node on which they wait for it. */
  const nominated = new Map<string, Map<string, Pod>>();
  const usages = createUsageOfNodes();
  let firstNode = 0;

  function forget(key: string): void {
    waiting.remove(key);
    for (const [nodeName, pods] of nominated) {
      pods.delete(key);
      if (pods.size === 0) nominated.delete(nodeName);
    }
  }

  /** Pods that wait on a node for room, with no less priority than the pod in question. */
  function waitingThere(nodeName: string, beside: PendingPod): readonly Pod[] {
    const room = nominated.get(nodeName);
    if (room === undefined) return nobody;
    const others: Pod[] = [];
    for (const [key, pod] of room) {
      if (key !== beside.key && priorityOf(pod) >= priorityOf(beside.pod)) others.push(pod);
    }
    return others;
  }

  /** The cluster as it looks to a pod: with what its batch has bound before it, and what waits for room. */
  function clusterFor(pending: PendingPod, lister: Lister): Cluster {
    const podsOnNode = (nodeName: string): readonly Pod[] => [
      ...lister.podsOnNode(nodeName),
      ...usages.assumedOn(nodeName),
      ...waitingThere(nodeName, pending),
    ];
    return {
      lister,
      firstNode,
      podsOnNode,
      usageOfNode: (nodeName) =>
        waitingThere(nodeName, pending).length === 0
          ? usages.of(nodeName, lister)
          : usageOf(podsOnNode(nodeName)),
    };
  }

  function makeRoom(
    { pod, key }: PendingPod,
    { node, victims }: PreemptionCandidate,
    batch: Batch,
    context: ReconcileContext,
  ): void {
    const nodeName = node.metadata.name ?? '';
    nominated.set(nodeName, (nominated.get(nodeName) ?? new Map<string, Pod>()).set(key, pod));
    for (const victim of victims) {
      if (isDeleting(victim)) continue;
      const message = `${name}: preempting to accommodate a higher priority pod`;
      batch.requests.push(
        statusUpdate(withDisruptionTarget(victim, 'PreemptionByScheduler', message, context.now)),
      );
      const then = (): void => {
        const text = `Preempted by pod ${pod.metadata.uid ?? ''} on node ${nodeName}`;
        context.recorder.event(victim, 'Normal', 'Preempted', text);
      };
      batch.onSuccess.push({ request: batch.requests.length, then });
      batch.requests.push(deletion(victim));
    }
  }

  function carryOut(pending: PendingPod, choice: Choice, batch: Batch, context: ReconcileContext): void {
    const { recorder, now } = context;
    const { pod, key } = pending;
    if (choice.kind === 'bind') {
      const nodeName = choice.node.metadata.name ?? '';
      const then = (): void => {
        forget(key);
        recorder.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${key} to ${nodeName}`);
      };
      batch.onSuccess.push({ request: batch.requests.length, then });
      batch.requests.push(bindingOf(pod, nodeName));
      return;
    }
    waiting.add(pod);
    recorder.event(pod, 'Warning', 'FailedScheduling', choice.message);
    if (choice.preempt !== undefined) makeRoom(pending, choice.preempt, batch, context);
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: choice.message,
    };
    const status = {
      ...pod.status,
      conditions: withCondition(pod.status?.conditions, condition, now),
      ...(choice.preempt === undefined ? {} : { nominatedNodeName: choice.preempt.node.metadata.name ?? '' }),
    };
    if (!deepEqual(status, pod.status)) batch.requests.push(statusUpdate({ ...pod, status }));
  }

  /** Finds nodes for the pods, one after the other, each with the ones before it in view. */
  function choose(pods: readonly PendingPod[], batch: Batch, context: ReconcileContext): void {
    const { lister } = context;
    try {
      for (const pending of pods) {
        const choice = chooseNode(pending.pod, clusterFor(pending, lister));
        if (choice.kind === 'bind') {
          usages.assume(pending.pod, choice.node.metadata.name ?? '', lister);
          firstNode += 1;
        }
        carryOut(pending, choice, batch, context);
      }
    } finally {
      usages.assumeNothing();
    }
  }

  return {
    name,
    batch: 500,
    watches: [
      watch(NODE, (previous, current) => {
        if (current === undefined) usages.nodeGone(previous?.metadata.name ?? '');
        return current !== undefined && isOtherNode(previous, current)
          ? waiting.onNode(current.metadata.name ?? '')
          : nothing;
      }),
      watch(POD, (previous, current) => {
        usages.podChanged(previous, current);
        if (current !== undefined && isPending(current)) {
          const isNews =
            previous === undefined || !isPending(previous) || !deepEqual(previous.spec, current.spec);
          return isNews ? [keyText(current)] : nothing;
        }
        const pod = current ?? previous;
        if (pod === undefined) return nothing;
        if (previous !== undefined && (previous.spec.nodeName ?? '') === '') forget(keyText(pod));
        const leaves = current === undefined || isPodTerminal(current);
        return leaves ? waiting.onNode(pod.spec.nodeName ?? '') : nothing;
      }),
    ],
    async reconcile(keys, context) {
      const { client, lister } = context;
      const batch: Batch = { requests: [], onSuccess: [] };
      const pending: PendingPod[] = [];
      for (const key of keys) {
        const pod = lister.get(POD, parseKeyText(key));
        if (pod !== undefined && isPending(pod)) pending.push({ pod, key });
      }
      choose(pending.sort(byPriority), batch, context);
      if (batch.requests.length === 0) return [];
      const outcomes = await client.commit(batch.requests);
      for (const { request, then } of batch.onSuccess) if (outcomes[request]?.ok === true) then();
      retryRefused(outcomes);
      return [];
    },
  };
}

function bindingOf(pod: Pod, nodeName: string): WriteRequest {
  const { namespace, name: podName } = keyOf(pod);
  const { uid } = pod.metadata;
  const binding: KubeObject & { readonly target: object } = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { namespace, name: podName, ...(uid === undefined ? {} : { uid }) },
    target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
  };
  return { verb: 'create', kind: POD, namespace, subresource: 'binding', object: binding };
}

/** More important pods first, then older ones, then by name. */
function byPriority(a: PendingPod, b: PendingPod): number {
  return priorityOf(b.pod) - priorityOf(a.pod) || byAge(a.pod, b.pod) || (a.key < b.key ? -1 : 1);
}

/** Older pods first. Those of one batch are mostly of the same second, which their texts tell faster. */
function byAge({ metadata: a }: Pod, { metadata: b }: Pod): number {
  if (a.creationTimestamp === b.creationTimestamp) return 0;
  return (parseRfc3339(a.creationTimestamp) ?? 0) - (parseRfc3339(b.creationTimestamp) ?? 0);
}
