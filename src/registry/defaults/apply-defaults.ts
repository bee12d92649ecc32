import type { KindRef, KubeObject } from '../../api/meta.ts';
import * as core from './core.ts';
import type { Fields, Filler } from './filling.ts';
import { fillPod } from './pod-spec.ts';
import * as policies from './policies.ts';
import * as workloads from './workloads.ts';

/** By group and kind, with the version where versions differ. Kinds without defaults are not listed. */
const FILLERS: Readonly<Record<string, Filler>> = {
  '/Pod': fillPod,
  '/PodTemplate': workloads.fillPodTemplateKind,
  '/ReplicationController': workloads.fillReplicationController,
  '/Namespace': core.fillNamespace,
  '/Node': core.fillNode,
  '/Secret': core.fillSecret,
  '/Service': core.fillService,
  '/Endpoints': core.fillEndpoints,
  '/PersistentVolume': core.fillPersistentVolume,
  '/PersistentVolumeClaim': core.fillPersistentVolumeClaim,
  '/LimitRange': core.fillLimitRange,
  '/ResourceQuota': core.fillResourceQuota,
  'apps/DaemonSet': workloads.fillDaemonSet,
  'apps/Deployment': workloads.fillDeployment,
  'apps/ReplicaSet': workloads.fillReplicaSet,
  'apps/StatefulSet': workloads.fillStatefulSet,
  'batch/Job': workloads.fillJob,
  'batch/CronJob': workloads.fillCronJob,
  'rbac.authorization.k8s.io/RoleBinding': policies.fillRoleBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': policies.fillRoleBinding,
  'networking.k8s.io/NetworkPolicy': policies.fillNetworkPolicy,
  'networking.k8s.io/IngressClass': policies.fillIngressClass,
  'discovery.k8s.io/EndpointSlice': policies.fillEndpointSlice,
  'autoscaling/v1/HorizontalPodAutoscaler': policies.fillAutoscalerV1,
  'autoscaling/HorizontalPodAutoscaler': policies.fillAutoscaler,
  'scheduling.k8s.io/PriorityClass': policies.fillPriorityClass,
  'storage.k8s.io/StorageClass': policies.fillStorageClass,
  'storage.k8s.io/CSIDriver': policies.fillCsiDriver,
  'flowcontrol.apiserver.k8s.io/FlowSchema': policies.fillFlowSchema,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': policies.fillPriorityLevel,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': policies.fillValidatingWebhooks,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': policies.fillMutatingWebhooks,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': policies.fillAdmissionPolicy,
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': policies.fillAdmissionPolicy,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': policies.fillAdmissionBinding,
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': policies.fillAdmissionBinding,
  'apiextensions.k8s.io/CustomResourceDefinition': policies.fillCustomResourceDefinition,
  'apiregistration.k8s.io/APIService': policies.fillApiService,
  'resource.k8s.io/ResourceClaim': policies.fillResourceClaim,
  'resource.k8s.io/ResourceClaimTemplate': policies.fillResourceClaimTemplate,
};

/**
 * Fills in what the API server fills in on reading an object of a built-in kind. Takes an object in the canonical
 * form of `decodeObject`; gives a new one that shares what did not change, or the same one where all was there.
 * What admission and strategies add (priority, tolerations, cluster IPs, a Job's selector) is not among the defaults.
 */
export function applyDefaults<T extends KubeObject>(kind: KindRef<T>, object: T): T {
  const filler =
    FILLERS[`${kind.group}/${kind.version}/${kind.kind}`] ?? FILLERS[`${kind.group}/${kind.kind}`];
  if (filler === undefined) return object;
  // A filler adds fields of the kind and takes none that the type requires.
  return filler(object as unknown as Fields) as unknown as T;
}
