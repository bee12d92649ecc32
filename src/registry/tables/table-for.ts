import type { KindRef, KubeObject } from '../../api/meta.ts';
import {
  bindingTable,
  certificateSigningRequestTable,
  leaseTable,
  mutatingPolicyTable,
  policyBindingTable,
  priorityClassTable,
  validatingPolicyTable,
  webhookTable,
} from './access.ts';
import {
  ageTable,
  configMapTable,
  createdAtTable,
  eventTable,
  namespaceTable,
  resourceQuotaTable,
  secretTable,
} from './core.ts';
import { customResourceTable, type PrinterColumn } from './custom-resources.ts';
import {
  endpointSliceTable,
  endpointsTable,
  ingressClassTable,
  ingressTable,
  ipAddressTable,
  networkPolicyTable,
  serviceCidrTable,
  serviceTable,
} from './networking.ts';
import { nodeTable } from './nodes.ts';
import { podTable } from './pods.ts';
import {
  flowSchemaTable,
  horizontalPodAutoscalerTable,
  podDisruptionBudgetTable,
  priorityLevelTable,
} from './scaling.ts';
import {
  apiServiceTable,
  csiDriverTable,
  csiNodeTable,
  csiStorageCapacityTable,
  persistentVolumeClaimTable,
  persistentVolumeTable,
  runtimeClassTable,
  storageClassTable,
  volumeAttachmentTable,
  volumeAttributesClassTable,
} from './storage.ts';
import type { Table, TableKind } from './table.ts';
import {
  controllerRevisionTable,
  cronJobTable,
  daemonSetTable,
  deploymentTable,
  jobTable,
  podTemplateTable,
  replicaSetTable,
  replicationControllerTable,
  statefulSetTable,
} from './workloads.ts';

/** Built-in kinds by group and kind; versions of a kind print alike. */
const TABLES: ReadonlyMap<string, TableKind> = new Map([
  ['/ConfigMap', configMapTable],
  ['/Endpoints', endpointsTable],
  ['/Event', eventTable],
  ['/LimitRange', createdAtTable],
  ['/Namespace', namespaceTable],
  ['/Node', nodeTable],
  ['/PersistentVolume', persistentVolumeTable],
  ['/PersistentVolumeClaim', persistentVolumeClaimTable],
  ['/Pod', podTable],
  ['/PodTemplate', podTemplateTable],
  ['/ReplicationController', replicationControllerTable],
  ['/ResourceQuota', resourceQuotaTable],
  ['/Secret', secretTable],
  ['/Service', serviceTable],
  ['/ServiceAccount', ageTable],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicy', mutatingPolicyTable],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicyBinding', policyBindingTable],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', webhookTable],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', validatingPolicyTable],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', policyBindingTable],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', webhookTable],
  ['apiextensions.k8s.io/CustomResourceDefinition', createdAtTable],
  ['apiregistration.k8s.io/APIService', apiServiceTable],
  ['apps/ControllerRevision', controllerRevisionTable],
  ['apps/DaemonSet', daemonSetTable],
  ['apps/Deployment', deploymentTable],
  ['apps/ReplicaSet', replicaSetTable],
  ['apps/StatefulSet', statefulSetTable],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscalerTable],
  ['batch/CronJob', cronJobTable],
  ['batch/Job', jobTable],
  ['certificates.k8s.io/CertificateSigningRequest', certificateSigningRequestTable],
  ['coordination.k8s.io/Lease', leaseTable],
  ['discovery.k8s.io/EndpointSlice', endpointSliceTable],
  ['events.k8s.io/Event', eventTable],
  ['flowcontrol.apiserver.k8s.io/FlowSchema', flowSchemaTable],
  ['flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration', priorityLevelTable],
  ['networking.k8s.io/IPAddress', ipAddressTable],
  ['networking.k8s.io/Ingress', ingressTable],
  ['networking.k8s.io/IngressClass', ingressClassTable],
  ['networking.k8s.io/NetworkPolicy', networkPolicyTable],
  ['networking.k8s.io/ServiceCIDR', serviceCidrTable],
  ['node.k8s.io/RuntimeClass', runtimeClassTable],
  ['policy/PodDisruptionBudget', podDisruptionBudgetTable],
  ['rbac.authorization.k8s.io/ClusterRole', createdAtTable],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', bindingTable],
  ['rbac.authorization.k8s.io/Role', createdAtTable],
  ['rbac.authorization.k8s.io/RoleBinding', bindingTable],
  ['scheduling.k8s.io/PriorityClass', priorityClassTable],
  ['storage.k8s.io/CSIDriver', csiDriverTable],
  ['storage.k8s.io/CSINode', csiNodeTable],
  ['storage.k8s.io/CSIStorageCapacity', csiStorageCapacityTable],
  ['storage.k8s.io/StorageClass', storageClassTable],
  ['storage.k8s.io/VolumeAttachment', volumeAttachmentTable],
  ['storage.k8s.io/VolumeAttributesClass', volumeAttributesClassTable],
]);

/**
 * What `get` prints of objects of one kind: all columns, wide ones included, and the objects' rows in their order.
 * ServiceAccounts print no count of secrets, which upstream dropped in 1.35.
 *
 * @param kind the objects' kind; a ResourceInfo is one too
 * @param now for ages, in milliseconds since the epoch
 * @param declared columns of a custom resource (`printerColumnsOf` its definition)
 */
export function tableFor(
  kind: KindRef,
  objects: readonly KubeObject[],
  now: number,
  declared: readonly PrinterColumn[] = [],
): Table {
  const how = TABLES.get(`${kind.group}/${kind.kind}`) ?? customResourceTable(declared);
  return { columns: how.columns, rows: objects.map((object) => ({ cells: how.cells(object, now), object })) };
}
