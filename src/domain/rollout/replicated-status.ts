import type { KubeObject } from '../../api/meta.ts';
import type { RolloutStatus } from './status.ts';

/** What a Deployment says of its rollout. */
interface Deployment extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

/** Whether a Deployment's rollout is finished, in kubectl's words. */
export function deploymentRolloutStatus({ metadata, spec, status = {} }: Deployment): RolloutStatus {
  const { generation = 0, name = '' } = metadata;
  if (generation > (status.observedGeneration ?? 0)) {
    return { done: false, text: 'Waiting for deployment spec update to be observed...' };
  }
  const quoted = JSON.stringify(name);
  const late = status.conditions?.some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  if (late === true) return { error: `deployment ${quoted} exceeded its progress deadline` };
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const waiting = `Waiting for deployment ${quoted} rollout to finish:`;
  if (spec.replicas !== undefined && updatedReplicas < spec.replicas) {
    const progress = `${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`;
    return { done: false, text: `${waiting} ${progress}` };
  }
  if (replicas > updatedReplicas) {
    const old = `${replicas - updatedReplicas} old replicas are pending termination...`;
    return { done: false, text: `${waiting} ${old}` };
  }
  if (availableReplicas < updatedReplicas) {
    const progress = `${availableReplicas} of ${updatedReplicas} updated replicas are available...`;
    return { done: false, text: `${waiting} ${progress}` };
  }
  return { done: true, text: `deployment ${quoted} successfully rolled out` };
}

/** What a StatefulSet says of its rollout. */
export interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly readyReplicas?: number;
    readonly currentReplicas?: number;
    readonly updatedReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
  };
}

/** Whether a StatefulSet's rollout is finished, in kubectl's words. */
export function statefulSetRolloutStatus({ metadata, spec, status = {} }: StatefulSet): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate') {
    return { error: 'rollout status is only available for RollingUpdate strategy type' };
  }
  const { generation = 0 } = metadata;
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status;
  if (observedGeneration === 0 || generation > observedGeneration) {
    return { done: false, text: 'Waiting for statefulset spec update to be observed...' };
  }
  const { replicas, updateStrategy } = spec;
  if (replicas !== undefined && readyReplicas < replicas) {
    return { done: false, text: `Waiting for ${replicas - readyReplicas} pods to be ready...` };
  }
  const partition = updateStrategy.rollingUpdate?.partition;
  if (partition !== undefined && replicas !== undefined) {
    if (updatedReplicas < replicas - partition) {
      const progress = `${updatedReplicas} out of ${replicas - partition} new pods have been updated...`;
      return { done: false, text: `Waiting for partitioned roll out to finish: ${progress}` };
    }
    const text = `partitioned roll out complete: ${updatedReplicas} new pods have been updated...`;
    return { done: true, text };
  }
  const { updateRevision = '', currentRevision = '' } = status;
  if (updateRevision !== currentRevision) {
    const at = `${updatedReplicas} pods at revision ${updateRevision}...`;
    return { done: false, text: `waiting for statefulset rolling update to complete ${at}` };
  }
  const at = `${currentReplicas} pods at revision ${currentRevision}...`;
  return { done: true, text: `statefulset rolling update complete ${at}` };
}
