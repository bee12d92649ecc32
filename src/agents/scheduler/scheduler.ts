import type { WriteRequest } from '../../api/client.ts';
import type { Node, Pod } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import { NODE, POD } from '../../api/well-known.ts';
import { isDeleting, isPodTerminal } from '../../domain/conditions.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { withDisruptionTarget } from '../../domain/disruption.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { type NodeUsage, usageOf } from '../../domain/scheduling/node-usage.ts';
import { withCondition } from '../../domain/with-condition.ts';
import { type Controller, type Lister, type ReconcileContext, watch } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { deletion, keyOf, keyText, parseKeyText, statusUpdate } from '../../runtime/write-requests.ts';
import { type Choice, chooseNode } from './choose-node.ts';
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

/** A batch's work: what is to be written, and what to do when one of the requests has been answered. */
interface Batch {
  readonly requests: WriteRequest[];
  readonly onSuccess: Map<number, () => void>;
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

  function forget(pod: Pod): void {
    waiting.remove(keyText(pod));
    for (const pods of nominated.values()) pods.delete(keyText(pod));
  }

  /** The cluster with what this batch binds, and what waits with no less priority than the pod in question. */
  function clusterView(lister: Lister) {
    const assumed = new Map<string, Pod[]>();
    function waitingThere(nodeName: string, beside: Pod): readonly Pod[] {
      const room = nominated.get(nodeName);
      if (room === undefined || room.size === 0) return nobody;
      return [...room.values()].filter(
        (pod) => keyText(pod) !== keyText(beside) && priorityOf(pod) >= priorityOf(beside),
      );
    }
    const podsOnNode = (nodeName: string, beside: Pod): readonly Pod[] => [
      ...lister.podsOnNode(nodeName),
      ...(assumed.get(nodeName) ?? nobody),
      ...waitingThere(nodeName, beside),
    ];
    return {
      assume(pod: Pod, nodeName: string): void {
        usages.assume(pod, nodeName, lister);
        const there = assumed.get(nodeName);
        if (there === undefined) assumed.set(nodeName, [pod]);
        else there.push(pod);
      },
      podsOnNode,
      usageOfNode: (nodeName: string, beside: Pod): NodeUsage =>
        waitingThere(nodeName, beside).length === 0
          ? usages.of(nodeName, lister)
          : usageOf(podsOnNode(nodeName, beside)),
    };
  }

  function makeRoom(
    pod: Pod,
    { node, victims }: PreemptionCandidate,
    batch: Batch,
    context: ReconcileContext,
  ): void {
    const nodeName = node.metadata.name ?? '';
    nominated.set(nodeName, (nominated.get(nodeName) ?? new Map<string, Pod>()).set(keyText(pod), pod));
    for (const victim of victims) {
      if (isDeleting(victim)) continue;
      const message = `${name}: preempting to accommodate a higher priority pod`;
      batch.requests.push(
        statusUpdate(withDisruptionTarget(victim, 'PreemptionByScheduler', message, context.now)),
      );
      batch.onSuccess.set(batch.requests.length, () => {
        const text = `Preempted by pod ${pod.metadata.uid ?? ''} on node ${nodeName}`;
        context.recorder.event(victim, 'Normal', 'Preempted', text);
      });
      batch.requests.push(deletion(victim));
    }
  }

  function carryOut(pod: Pod, choice: Choice, batch: Batch, context: ReconcileContext): void {
    const { recorder, now } = context;
    const key = keyText(pod);
    if (choice.kind === 'bind') {
      const nodeName = choice.node.metadata.name ?? '';
      batch.onSuccess.set(batch.requests.length, () => {
        forget(pod);
        recorder.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${key} to ${nodeName}`);
      });
      batch.requests.push(bindingOf(pod, nodeName));
      return;
    }
    waiting.add(pod);
    recorder.event(pod, 'Warning', 'FailedScheduling', choice.message);
    if (choice.preempt !== undefined) makeRoom(pod, choice.preempt, batch, context);
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
  function choose(pods: readonly Pod[], batch: Batch, context: ReconcileContext): void {
    const { lister } = context;
    const view = clusterView(lister);
    try {
      for (const pod of pods) {
        const choice = chooseNode(pod, { ...view, lister, firstNode });
        if (choice.kind === 'bind') {
          view.assume(pod, choice.node.metadata.name ?? '');
          firstNode += 1;
        }
        carryOut(pod, choice, batch, context);
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
          : [];
      }),
      watch(POD, (previous, current) => {
        usages.podChanged(previous, current);
        if (current !== undefined && isPending(current)) {
          const isNews =
            previous === undefined || !isPending(previous) || !deepEqual(previous.spec, current.spec);
          return isNews ? [keyText(current)] : [];
        }
        const pod = current ?? previous;
        if (pod === undefined) return [];
        if (previous !== undefined && (previous.spec.nodeName ?? '') === '') forget(pod);
        const leaves = current === undefined || isPodTerminal(current);
        return leaves ? waiting.onNode(pod.spec.nodeName ?? '') : [];
      }),
    ],
    async reconcile(keys, context) {
      const { client, lister } = context;
      const batch: Batch = { requests: [], onSuccess: new Map() };
      const pods = keys.flatMap((key) => lister.get(POD, parseKeyText(key)) ?? []).filter(isPending);
      choose(byPriority(pods), batch, context);
      if (batch.requests.length === 0) return [];
      const outcomes = await client.commit(batch.requests);
      for (const [index, after] of batch.onSuccess) if (outcomes[index]?.ok === true) after();
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
function byPriority(pods: readonly Pod[]): readonly Pod[] {
  return pods
    .map((pod) => ({
      pod,
      priority: priorityOf(pod),
      createdAt: parseRfc3339(pod.metadata.creationTimestamp) ?? 0,
      key: keyText(pod),
    }))
    .sort((a, b) => b.priority - a.priority || a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1))
    .map(({ pod }) => pod);
}
