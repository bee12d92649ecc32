import type { ResourceInfo } from '../../api/client.ts';
import { definitionStrategy } from '../custom-resources/definition-strategy.ts';
import { daemonSetStrategy } from './daemon-set.ts';
import { deploymentStrategy } from './deployment.ts';
import { type GenericOptions, genericStrategy } from './generic.ts';
import { jobStrategy } from './job.ts';
import { namespaceStrategy } from './namespace.ts';
import { nodeStrategy } from './node.ts';
import { podStrategy } from './pod.ts';
import { serviceStrategy } from './service.ts';
import type { Strategy } from './strategy.ts';
import { volumeStrategy } from './volumes.ts';

const OWN: Readonly<Record<string, Strategy>> = {
  '/Namespace': namespaceStrategy,
  '/Node': nodeStrategy,
  '/PersistentVolume': volumeStrategy,
  '/PersistentVolumeClaim': volumeStrategy,
  '/Pod': podStrategy,
  '/Service': serviceStrategy,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionStrategy,
  'apps/DaemonSet': daemonSetStrategy,
  'apps/Deployment': deploymentStrategy,
  'batch/Job': jobStrategy,
};

const COUNTS: GenericOptions = { generation: true };
const LOCKED: GenericOptions = { generation: false, unconditionalUpdate: false };
const COUNTS_LOCKED: GenericOptions = { generation: true, unconditionalUpdate: false };
const UPSERTS: GenericOptions = { generation: false, createOnUpdate: true };

/** Kinds with nothing particular but options; those in neither table have no generation. */
const OPTIONS: Readonly<Record<string, GenericOptions>> = {
  '/Endpoints': UPSERTS,
  '/Event': UPSERTS,
  '/LimitRange': UPSERTS,
  '/PodTemplate': { generation: true, createOnUpdate: true },
  '/ReplicationController': COUNTS,
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': COUNTS_LOCKED,
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': COUNTS_LOCKED,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': COUNTS_LOCKED,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': COUNTS_LOCKED,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': COUNTS_LOCKED,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': COUNTS_LOCKED,
  'apiregistration.k8s.io/APIService': LOCKED,
  'apps/ReplicaSet': COUNTS,
  'apps/StatefulSet': COUNTS,
  'batch/CronJob': COUNTS,
  'coordination.k8s.io/Lease': { generation: false, createOnUpdate: true, unconditionalUpdate: false },
  'discovery.k8s.io/EndpointSlice': COUNTS,
  'events.k8s.io/Event': UPSERTS,
  'flowcontrol.apiserver.k8s.io/FlowSchema': COUNTS,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': COUNTS,
  'networking.k8s.io/Ingress': COUNTS,
  'networking.k8s.io/IngressClass': COUNTS,
  'networking.k8s.io/NetworkPolicy': COUNTS,
  'node.k8s.io/RuntimeClass': LOCKED,
  'policy/PodDisruptionBudget': COUNTS_LOCKED,
  'rbac.authorization.k8s.io/ClusterRole': UPSERTS,
  'rbac.authorization.k8s.io/ClusterRoleBinding': UPSERTS,
  'rbac.authorization.k8s.io/Role': UPSERTS,
  'rbac.authorization.k8s.io/RoleBinding': UPSERTS,
  'resource.k8s.io/DeviceClass': COUNTS,
  'resource.k8s.io/ResourceSlice': COUNTS,
  'scheduling.k8s.io/PriorityClass': COUNTS,
  'storage.k8s.io/CSIDriver': LOCKED,
  'storage.k8s.io/CSINode': LOCKED,
};

const PLAIN = genericStrategy({ generation: false });
const made = new Map<string, Strategy>();

/** The strategy of a built-in resource. */
export function builtinStrategy({ group, kind }: Pick<ResourceInfo, 'group' | 'kind'>): Strategy {
  const name = `${group}/${kind}`;
  const own = OWN[name] ?? made.get(name);
  if (own !== undefined) return own;
  const options = OPTIONS[name];
  const strategy = options === undefined ? PLAIN : genericStrategy(options);
  made.set(name, strategy);
  return strategy;
}
