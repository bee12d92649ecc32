import type { Client } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { kindOf } from '../object-names.ts';
import { describeConfigMap, describeSecret, describeServiceAccount } from './configuration.ts';
import { describeDaemonSet } from './daemon-set.ts';
import type { Describer } from './describer.ts';
import { eventsAbout } from './event-lines.ts';
import { describeGeneric } from './generic.ts';
import { describeCronJob, describeJob } from './jobs.ts';
import { describeNamespace } from './namespace.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import { describeBinding, describeRole } from './rbac.ts';
import { describeDeployment, describeReplicaSet, describeStatefulSet } from './replicated.ts';
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
  'PersistentVolume.': describePersistentVolume,
  'PersistentVolumeClaim.': describeVolumeClaim,
  'Role.rbac.authorization.k8s.io': describeRole,
  'ClusterRole.rbac.authorization.k8s.io': describeRole,
  'RoleBinding.rbac.authorization.k8s.io': describeBinding,
  'ClusterRoleBinding.rbac.authorization.k8s.io': describeBinding,
};

/** Kinds whose descriptions never show events. */
const WITHOUT_EVENTS = ['Secret.', 'Namespace.'];

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
