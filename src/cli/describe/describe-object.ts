import type { Client } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { kindOf } from '../object-names.ts';
import { describeAutoscaler } from './autoscaler.ts';
import { describePriorityClass, describeStorageClass } from './classes.ts';
import { describeConfigMap, describeSecret, describeServiceAccount } from './configuration.ts';
import { describeDaemonSet } from './daemon-set.ts';
import type { Describer } from './describer.ts';
import { describeDisruptionBudget } from './disruption-budget.ts';
import { describeEndpointSlice, describeEndpoints } from './endpoints.ts';
import { eventsAbout } from './event-lines.ts';
import { describeGeneric } from './generic.ts';
import { describeIngress, describeIngressClass } from './ingress.ts';
import { describeCronJob, describeJob } from './jobs.ts';
import { describeNamespace } from './namespace.ts';
import { describeNetworkPolicy } from './network-policy.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import { describeLimits, describeQuota } from './quotas.ts';
import { describeBinding, describeRole } from './rbac.ts';
import {
  describeDeployment,
  describeReplicaSet,
  describeReplicationController,
  describeStatefulSet,
} from './replicated.ts';
import { describeService } from './service.ts';
import { describePersistentVolume, describeVolumeClaim } from './storage.ts';
import { alignTabs, tabbedText } from './tabbed-text.ts';

const describers: Readonly<Record<string, Describer>> = {
  'DaemonSet.apps': describeDaemonSet,
  'Deployment.apps': describeDeployment,
  'ReplicaSet.apps': describeReplicaSet,
  'StatefulSet.apps': describeStatefulSet,
  'Job.batch': describeJob,
  'CronJob.batch': describeCronJob,
  'Pod.': describePod,
  'Node.': describeNode,
  'Namespace.': describeNamespace,
  'ConfigMap.': describeConfigMap,
  'Secret.': describeSecret,
  'ServiceAccount.': describeServiceAccount,
  'Service.': describeService,
  'Endpoints.': describeEndpoints,
  'EndpointSlice.discovery.k8s.io': describeEndpointSlice,
  'Ingress.networking.k8s.io': describeIngress,
  'IngressClass.networking.k8s.io': describeIngressClass,
  'NetworkPolicy.networking.k8s.io': describeNetworkPolicy,
  'PodDisruptionBudget.policy': describeDisruptionBudget,
  'HorizontalPodAutoscaler.autoscaling': describeAutoscaler,
  'ReplicationController.': describeReplicationController,
  'ResourceQuota.': describeQuota,
  'LimitRange.': describeLimits,
  'StorageClass.storage.k8s.io': describeStorageClass,
  'PriorityClass.scheduling.k8s.io': describePriorityClass,
  'PersistentVolume.': describePersistentVolume,
  'PersistentVolumeClaim.': describeVolumeClaim,
  'Role.rbac.authorization.k8s.io': describeRole,
  'ClusterRole.rbac.authorization.k8s.io': describeRole,
  'RoleBinding.rbac.authorization.k8s.io': describeBinding,
  'ClusterRoleBinding.rbac.authorization.k8s.io': describeBinding,
};

/** Kinds whose descriptions never show events. */
const WITHOUT_EVENTS = [
  'Secret.',
  'Namespace.',
  'ResourceQuota.',
  'LimitRange.',
  'NetworkPolicy.networking.k8s.io',
];

/** How an object is described. `now`: the cluster's time, in milliseconds since the epoch. */
export interface DescribeOptions {
  readonly now: number;
  readonly showEvents: boolean;
}

/** The description of an object as `kubectl describe` prints it. Kinds without a form of their own get the general one. */
export async function describeObject(
  client: Client,
  object: KubeObject,
  { now, showEvents }: DescribeOptions,
): Promise<string> {
  const { kind, group } = kindOf(object);
  const key = `${kind}.${group}`;
  const describe = describers[key] ?? describeGeneric;
  const withEvents = showEvents && !WITHOUT_EVENTS.includes(key) && group !== 'rbac.authorization.k8s.io';
  const out = tabbedText();
  const events = withEvents ? { events: await eventsAbout(client, object) } : {};
  await describe(out, object, { client, now, ...events });
  return alignTabs(out.text());
}
