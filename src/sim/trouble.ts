import type { Node, Pod } from '../api/core.ts';
import { isNodeReady } from '../controllers/node-lifecycle/condition-taints.ts';
import { findCondition, isDeleting } from '../domain/conditions.ts';
import type { NodeState } from './plan-report.ts';
import { failureReason } from './pod-state.ts';
import type { Recorder } from './timeline.ts';

const failures: Readonly<Record<string, string>> = {
  CrashLoopBackOff: 'the new pod crashes again and again (CrashLoopBackOff)',
  ImagePullBackOff: 'the image of the new pod cannot be pulled (ImagePullBackOff)',
  ErrImagePull: 'the image of the new pod cannot be pulled (ErrImagePull)',
};

/** Why a node has no available pod, in one sentence part; undefined when it has one. */
export function troubleOn(nodeName: string, node: Node | undefined, recorder: Recorder): string | undefined {
  const pods = recorder.podsOn(nodeName);
  if (pods.some(({ state }) => state === 'old' || state === 'ready')) return undefined;
  if (node === undefined) return 'the node is gone';
  const isDead = !isNodeReady(node);
  const [first] = pods;
  if (first === undefined) {
    const refusal = recorder.refusalOn(nodeName);
    if (refusal !== undefined) return `the API refuses the new pod: ${refusal}`;
    return isDead ? 'the node is not ready' : 'it has no pod';
  }
  if (isDead) {
    return isDeleting(first.pod)
      ? 'the node is not ready, so the old pod cannot stop'
      : 'the node is not ready, and its pod with it';
  }
  const newest = pods.at(-1) ?? first;
  return podTrouble(newest.pod, newest.state, newest.isUpdated);
}

/** What keeps the new pod beside a serving one from being available; undefined when there is none, or nothing. */
export function surgeTroubleOn(nodeName: string, recorder: Recorder): string | undefined {
  const pods = recorder.podsOn(nodeName);
  const late = pods.find(({ isUpdated, state }) => isUpdated && state !== 'ready' && state !== 'terminating');
  return pods.length < 2 || late === undefined ? undefined : podTrouble(late.pod, late.state, true);
}

/** What keeps a pod from being available. */
function podTrouble(pod: Pod, state: NodeState, isUpdated: boolean): string {
  if (isDeleting(pod)) {
    const finalizers = pod.metadata.finalizers ?? [];
    return finalizers.length === 0
      ? 'the old pod is still stopping'
      : `the old pod is held back by finalizer ${finalizers.join(', ')}`;
  }
  if ((pod.spec.nodeName ?? '') === '') {
    const message = findCondition(pod.status?.conditions, 'PodScheduled')?.message;
    return `the new pod is Pending${message === undefined ? '' : `: ${shortReason(message)}`}`;
  }
  const which = isUpdated ? 'new' : 'old';
  const reason = failureReason(pod);
  if (reason !== undefined)
    return (failures[reason] ?? `the ${which} pod fails (${reason})`).replace('new pod', `${which} pod`);
  if (state === 'settling') return 'the new pod has not been ready for minReadySeconds';
  return `the ${which} pod is not ready`;
}

/** What a FailedScheduling text says of the one node that a daemon pod can go to. */
function shortReason(message: string): string {
  const [, reasons = message] = /nodes are available: (.*?)\.(?: |$)/.exec(message) ?? [];
  const own = reasons
    .split(', ')
    .filter((part) => !part.includes("didn't satisfy plugin"))
    .map((part) => part.replace(/^\d+ (?:node\(s\) )?/, ''));
  return own.length === 0 ? reasons : own.join(', ');
}
