import type { KindRef, KubeObject } from '../../api/meta.ts';
import { isBuiltInGroup } from './built-in-groups.ts';
import { addInvalid, type FieldError, type FieldErrors } from './field-error.ts';
import type { Fields } from './json-fields.ts';
import type { KindRules } from './kind-rules.ts';
import { configMapRules } from './kinds/config-map.ts';
import { controllerRevisionRules } from './kinds/controller-revision.ts';
import { customResourceDefinitionRules } from './kinds/custom-resource-definition.ts';
import { daemonSetRules } from './kinds/daemon-set.ts';
import { deploymentRules } from './kinds/deployment.ts';
import { eventRules } from './kinds/event.ts';
import { cronJobRules, jobRules } from './kinds/jobs.ts';
import { leaseRules } from './kinds/lease.ts';
import { namespaceRules } from './kinds/namespace.ts';
import { nodeRules } from './kinds/node.ts';
import { podRules } from './kinds/pod.ts';
import { networkPolicyRules, podDisruptionBudgetRules, priorityClassRules } from './kinds/policies.ts';
import { clusterRoleBindingRules, clusterRoleRules, roleBindingRules, roleRules } from './kinds/rbac.ts';
import { replicaSetRules } from './kinds/replica-set.ts';
import { replicationControllerRules } from './kinds/replication-controller.ts';
import { secretRules } from './kinds/secret.ts';
import { serviceRules } from './kinds/service.ts';
import { statefulSetRules } from './kinds/stateful-set.ts';
import { persistentVolumeClaimRules, persistentVolumeRules, storageClassRules } from './kinds/storage.ts';
import { dnsSubdomain, pathSegment } from './name-rules.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts';

/** Where a kind lives. */
export interface Scope {
  readonly namespaced: boolean;
}

/** Kinds whose names are anything that fits into a URL. */
const FREELY_NAMED: KindRules = { nameRule: pathSegment };

const RULES: Readonly<Record<string, KindRules | undefined>> = {
  '/ConfigMap': configMapRules,
  '/Event': eventRules,
  '/Namespace': namespaceRules,
  '/Node': nodeRules,
  '/PersistentVolume': persistentVolumeRules,
  '/PersistentVolumeClaim': persistentVolumeClaimRules,
  '/Pod': podRules,
  '/ReplicationController': replicationControllerRules,
  '/Secret': secretRules,
  '/Service': serviceRules,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinitionRules,
  'apps/ControllerRevision': controllerRevisionRules,
  'apps/DaemonSet': daemonSetRules,
  'apps/Deployment': deploymentRules,
  'apps/ReplicaSet': replicaSetRules,
  'apps/StatefulSet': statefulSetRules,
  'batch/CronJob': cronJobRules,
  'batch/Job': jobRules,
  'coordination.k8s.io/Lease': leaseRules,
  'events.k8s.io/Event': FREELY_NAMED,
  'networking.k8s.io/IPAddress': FREELY_NAMED,
  'networking.k8s.io/NetworkPolicy': networkPolicyRules,
  'policy/PodDisruptionBudget': podDisruptionBudgetRules,
  'rbac.authorization.k8s.io/ClusterRole': clusterRoleRules,
  'rbac.authorization.k8s.io/ClusterRoleBinding': clusterRoleBindingRules,
  'rbac.authorization.k8s.io/Role': roleRules,
  'rbac.authorization.k8s.io/RoleBinding': roleBindingRules,
  'scheduling.k8s.io/PriorityClass': priorityClassRules,
  'storage.k8s.io/StorageClass': storageClassRules,
};

const METADATA_ONLY: KindRules = { nameRule: dnsSubdomain };

/**
 * What is wrong with an object that is about to be created, in the API server's order. The object is decoded,
 * defaulted and prepared (namespace, generation and so on are set). Kinds without rules of their own get the checks of
 * metadata.
 */
export function validateCreate(kind: KindRef, object: KubeObject, scope: Scope): readonly FieldError[] {
  const { nameRule, create } = rulesOf(kind);
  const errors: FieldErrors = [];
  const standardFinalizers = isBuiltInGroup(kind.group);
  validateObjectMeta(object.metadata, { namespaced: scope.namespaced, nameRule, standardFinalizers }, errors);
  create?.(fieldsOfObject(object), errors);
  const name = object.metadata.name ?? '';
  if (errors.length === 0) addInvalid(errors, 'metadata.name', name, pathSegment(name));
  return errors;
}

/** What is wrong with an update of an object's main part. Both objects are as they would be stored. */
export function validateUpdate(kind: KindRef, next: KubeObject, previous: KubeObject): readonly FieldError[] {
  const rules = rulesOf(kind);
  const errors: FieldErrors = [];
  validateMetadataUpdate(kind, next, previous, errors);
  if (rules.update !== undefined) rules.update(fieldsOfObject(next), fieldsOfObject(previous), errors);
  else rules.create?.(fieldsOfObject(next), errors);
  return errors;
}

/** What is wrong with a write to an object's `status` subresource, which may change metadata too. */
export function validateStatusUpdate(
  kind: KindRef,
  next: KubeObject,
  previous: KubeObject,
): readonly FieldError[] {
  const errors: FieldErrors = [];
  validateMetadataUpdate(kind, next, previous, errors);
  rulesOf(kind).status?.(fieldsOfObject(next), fieldsOfObject(previous), errors);
  return errors;
}

function rulesOf(kind: KindRef): KindRules {
  return RULES[`${kind.group}/${kind.kind}`] ?? METADATA_ONLY;
}

function validateMetadataUpdate(
  kind: KindRef,
  next: KubeObject,
  previous: KubeObject,
  errors: FieldErrors,
): void {
  if (next.metadata === previous.metadata) return;
  const standardFinalizers = isBuiltInGroup(kind.group);
  validateObjectMetaUpdate(next.metadata, previous.metadata, { standardFinalizers }, errors);
}

function fieldsOfObject(object: KubeObject): Fields {
  // An API object is a record of its fields; KubeObject names only those that all kinds have.
  return object as unknown as Fields;
}
