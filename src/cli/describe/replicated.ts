import type { PodTemplateSpec } from '../../api/core.ts';
import type { Condition, KubeObject, LabelSelector } from '../../api/meta.ts';
import { formatLabelSelector, formatLabels } from '../../domain/selectors/labels.ts';
import { claimTemplateLines } from './claim-template.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, creationLine, labelLines } from './metadata-lines.ts';
import { countOwnPods, podCountsText } from './own-pods.ts';
import { templateLines } from './pod-template.ts';
import type { TabbedText } from './tabbed-text.ts';

/** The fields that workloads with replicas share. */
interface Replicated extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
    /** Seconds. */
    readonly minReadySeconds?: number;
  };
  readonly status?: {
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly unavailableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

interface Deployment extends Replicated {
  readonly spec: Replicated['spec'] & {
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: {
        readonly maxUnavailable?: number | string;
        readonly maxSurge?: number | string;
      };
    };
  };
}

/** apps/v1 Deployment. */
export const describeDeployment = describerOf<Deployment>((out, deployment, { now, events }) => {
  const { metadata, spec, status = {} } = deployment;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  creationLine(out, metadata.creationTimestamp);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  out.line(0, `Selector:\t${formatLabelSelector(spec.selector)}`);
  const counts = [
    `${spec.replicas ?? 0} desired`,
    `${status.updatedReplicas ?? 0} updated`,
    `${status.replicas ?? 0} total`,
    `${status.availableReplicas ?? 0} available`,
    `${status.unavailableReplicas ?? 0} unavailable`,
  ];
  out.line(0, `Replicas:\t${counts.join(' | ')}`);
  out.line(0, `StrategyType:\t${spec.strategy?.type ?? ''}`);
  out.line(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling !== undefined) {
    const { maxUnavailable = '', maxSurge = '' } = rolling;
    out.line(0, `RollingUpdateStrategy:\t${maxUnavailable} max unavailable, ${maxSurge} max surge`);
  }
  templateLines(out, spec.template);
  conditionLines(out, status.conditions);
  if (events !== undefined) eventLines(out, events, now);
});

/** apps/v1 ReplicaSet. */
export const describeReplicaSet = describerOf<Replicated>(
  async (out, replicaSet, { client, now, events }) => {
    const { metadata, spec, status } = replicaSet;
    out.line(0, `Name:\t${metadata.name}`);
    out.line(0, `Namespace:\t${metadata.namespace}`);
    out.line(0, `Selector:\t${formatLabelSelector(spec.selector)}`);
    labelLines(out, 'Labels', metadata.labels);
    annotationLines(out, 'Annotations', metadata.annotations);
    const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
    if (controller !== undefined) out.line(0, `Controlled By:\t${controller.kind}/${controller.name}`);
    out.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec.replicas ?? 0} desired`);
    out.line(0, `Pods Status:\t${podCountsText(await countOwnPods(client, replicaSet, spec.selector))}`);
    templateLines(out, spec.template);
    conditionLines(out, status?.conditions);
    if (events !== undefined) eventLines(out, events, now);
  },
);

interface ReplicationController extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: Readonly<Record<string, string>>;
    readonly template?: PodTemplateSpec;
  };
  readonly status?: Replicated['status'];
}

/** v1 ReplicationController. */
export const describeReplicationController = describerOf<ReplicationController>(
  async (out, controller, { client, now, events }) => {
    const { metadata, spec, status } = controller;
    const selector = { matchLabels: spec.selector ?? {} };
    out.line(0, `Name:\t${metadata.name}`);
    out.line(0, `Namespace:\t${metadata.namespace}`);
    out.line(0, `Selector:\t${formatLabels(spec.selector)}`);
    labelLines(out, 'Labels', metadata.labels);
    annotationLines(out, 'Annotations', metadata.annotations);
    out.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec.replicas ?? 0} desired`);
    out.line(0, `Pods Status:\t${podCountsText(await countOwnPods(client, controller, selector))}`);
    templateLines(out, spec.template);
    conditionLines(out, status?.conditions);
    if (events !== undefined) eventLines(out, events, now);
  },
);

interface StatefulSet extends Replicated {
  readonly spec: Replicated['spec'] & {
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number };
    };
    readonly serviceName?: string;
    readonly podManagementPolicy?: string;
    readonly persistentVolumeClaimRetentionPolicy?: {
      readonly whenDeleted?: string;
      readonly whenScaled?: string;
    };
    readonly volumeClaimTemplates?: readonly KubeObject[];
  };
}

/** apps/v1 StatefulSet. */
export const describeStatefulSet = describerOf<StatefulSet>(async (out, set, { client, now, events }) => {
  const { metadata, spec, status } = set;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  creationLine(out, metadata.creationTimestamp);
  out.line(0, `Selector:\t${formatLabelSelector(spec.selector)}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  out.line(0, `Service Name:\t${spec.serviceName ?? ''}`);
  out.line(0, `Pod Management Policy:\t${spec.podManagementPolicy ?? ''}`);
  out.line(0, `Replicas:\t${spec.replicas ?? 0} desired | ${status?.replicas ?? 0} total`);
  out.line(0, `Update Strategy:\t${spec.updateStrategy?.type ?? ''}`);
  const partition = spec.updateStrategy?.rollingUpdate?.partition;
  if (partition !== undefined) out.line(1, `Partition:\t${partition}`);
  const retention = spec.persistentVolumeClaimRetentionPolicy;
  if (retention !== undefined) {
    out.line(0, 'Persistent Volume Claim Retention Policy:');
    out.line(1, `WhenDeleted:\t${retention.whenDeleted ?? ''}`);
    out.line(1, `WhenScaled:\t${retention.whenScaled ?? ''}`);
  }
  out.line(0, `Pods Status:\t${podCountsText(await countOwnPods(client, set, spec.selector))}`);
  templateLines(out, spec.template);
  claimTemplateLines(out, spec.volumeClaimTemplates ?? []);
  if (events !== undefined) eventLines(out, events, now);
});

function conditionLines(out: TabbedText, conditions: readonly Condition[] = []): void {
  if (conditions.length === 0) return;
  out.line(0, 'Conditions:');
  out.line(1, 'Type\tStatus\tReason');
  out.line(1, '----\t------\t------');
  for (const { type, status, reason = '' } of conditions) out.line(1, `${type} \t${status}\t${reason}`);
}
