import type { KindRef, KubeObject } from '../../api/meta.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { isBuiltInGroup } from '../validation/built-in-groups.ts';
import { goQuote } from '../validation/go-text.ts';
import { type Fields, fieldsOf, isSet, itemsOf, textMap, textOf } from '../validation/json-fields.ts';
import { dnsLabel } from '../validation/name-rules.ts';
import { quantityText } from '../validation/resource-quantities.ts';
import { podWarnings } from './pod-warnings.ts';

type WarningRule = (object: Fields, previous: Fields | undefined) => readonly string[];

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

const RULES: Readonly<Record<string, WarningRule | undefined>> = {
  '/Pod': (pod, previous) =>
    isSameIn(['spec'], pod, previous)
      ? []
      : [...hostnameWarnings(pod, previous, "the Pod's hostname"), ...podWarnings(pod, '')],
  '/ReplicationController': (object, previous) => templateWarnings(object, previous, ['spec', 'template']),
  '/PodTemplate': (object, previous) => templateWarnings(object, previous, ['template']),
  'apps/DaemonSet': (object, previous) => templateWarnings(object, previous, ['spec', 'template']),
  'apps/Deployment': workloadWarnings,
  'apps/ReplicaSet': workloadWarnings,
  'apps/StatefulSet': (object, previous) => templateWarnings(object, previous, ['spec', 'template']),
  'batch/Job': workloadWarnings,
  'batch/CronJob': (object, previous) => [
    ...hostnameWarnings(object, previous, 'Pod names and hostnames'),
    ...templateWarnings(object, previous, ['spec', 'jobTemplate', 'spec', 'template']),
  ],
  '/Node': nodeWarnings,
  '/Service': serviceWarnings,
  '/Endpoints': () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  '/ComponentStatus': () => ['v1 ComponentStatus is deprecated in v1.19+'],
  '/PersistentVolume': persistentVolumeWarnings,
  '/PersistentVolumeClaim': claimWarnings,
  'networking.k8s.io/Ingress': (object) =>
    'kubernetes.io/ingress.class' in annotationsOf(object)
      ? [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
};

/**
 * Texts of the `Warning:` headers with which the API server answers a create (`previous` absent) or an update that it
 * accepts. An update is warned about only what it changes.
 */
export function warningsFor(kind: KindRef, object: KubeObject, previous?: KubeObject): readonly string[] {
  const own = RULES[`${kind.group}/${kind.kind}`]?.(
    fieldsOf(object),
    previous === undefined ? undefined : fieldsOf(previous),
  );
  return [...(own ?? []), ...(isBuiltInGroup(kind.group) ? [] : finalizerWarnings(object, previous))];
}

function finalizerWarnings(object: KubeObject, previous: KubeObject | undefined): readonly string[] {
  const known = new Set(previous?.metadata.finalizers ?? []);
  return (object.metadata.finalizers ?? [])
    .filter((name) => !known.has(name) && !name.includes('/') && !STANDARD_FINALIZERS.has(name))
    .map((name) => {
      const advice = 'prefer a domain-qualified finalizer name including a path (/)';
      return `metadata.finalizers: ${goQuote(name)}: ${advice} to avoid accidental conflicts with other finalizer writers`;
    });
}

function workloadWarnings(object: Fields, previous: Fields | undefined): readonly string[] {
  return [
    ...hostnameWarnings(object, previous, 'Pod names and hostnames'),
    ...templateWarnings(object, previous, ['spec', 'template']),
  ];
}

function templateWarnings(
  object: Fields,
  previous: Fields | undefined,
  path: readonly string[],
): readonly string[] {
  return isSameIn(path, object, previous) ? [] : podWarnings(fieldsOf(valueAt(object, path)), path.join('.'));
}

function hostnameWarnings(object: Fields, previous: Fields | undefined, use: string): readonly string[] {
  if (previous !== undefined) return [];
  const problems = dnsLabel(textOf(fieldsOf(object.metadata).name));
  if (problems.length === 0) return [];
  const effect = 'which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: this is used in ${use}, ${effect}: [${problems.join(' ')}]`];
}

function nodeWarnings(node: Fields, previous: Fields | undefined): readonly string[] {
  const path = ['spec', 'externalID'];
  if (!isSet(valueAt(node, path)) || isSameIn(path, node, previous)) return [];
  return ['spec.externalID: this field is deprecated, and is unused by Kubernetes'];
}

function serviceWarnings(service: Fields): readonly string[] {
  const spec = fieldsOf(service.spec);
  const type = textOf(spec.type);
  const warnings: string[] = [];
  const isHeadless = spec.clusterIP === 'None';
  const affinity = textOf(spec.sessionAffinity);
  if (isHeadless && affinity !== '' && affinity !== 'None') {
    warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  if (itemsOf(spec.externalIPs).length > 0 && type === 'ExternalName') {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (textOf(spec.externalName) !== '' && type !== 'ExternalName') {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  return warnings;
}

function persistentVolumeWarnings(volume: Fields): readonly string[] {
  const warnings: string[] = [];
  const annotations = annotationsOf(volume);
  for (const [key, replacement] of [
    [
      'volume.beta.kubernetes.io/storage-class',
      'deprecated since v1.8; use "storageClassName" attribute instead',
    ],
    [
      'volume.beta.kubernetes.io/mount-options',
      'deprecated since v1.31; use "mountOptions" attribute instead',
    ],
  ] as const) {
    if (key in annotations) warnings.push(`metadata.annotations[${key}]: ${replacement}`);
  }
  if (fieldsOf(volume.spec).persistentVolumeReclaimPolicy === 'Recycle') {
    const advice = 'Instead, the recommended approach is to use dynamic provisioning.';
    warnings.push(`spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. ${advice}`);
  }
  return warnings;
}

function claimWarnings(claim: Fields): readonly string[] {
  const warnings: string[] = [];
  const key = 'volume.beta.kubernetes.io/storage-class';
  if (key in annotationsOf(claim)) {
    warnings.push(
      `metadata.annotations[${key}]: deprecated since v1.8; use "storageClassName" attribute instead`,
    );
  }
  const size = valueAt(claim, ['spec', 'resources', 'requests', 'storage']);
  if (isSet(size) && /[mun]$/.test(quantityText(size))) {
    const text = goQuote(quantityText(size));
    warnings.push(
      `spec.resources.requests[storage]: fractional byte value ${text} is invalid, must be an integer`,
    );
  }
  return warnings;
}

function annotationsOf(object: Fields): Readonly<Record<string, string>> {
  return textMap(fieldsOf(object.metadata).annotations);
}

function isSameIn(path: readonly string[], object: Fields, previous: Fields | undefined): boolean {
  return previous !== undefined && deepEqual(valueAt(object, path), valueAt(previous, path));
}

function valueAt(object: Fields, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => fieldsOf(value)[name], object);
}
