// Mirrors CreatePodTemplate, IsPodUpdated, ReplaceDaemonSetPodNodeNameNodeAffinity and GetTargetNodeName (v1.37.2).
import type { DaemonSet } from '../../api/apps.ts';
import type { Affinity, Pod } from '../../api/core.ts';
import {
  CONTROLLER_REVISION_HASH,
  DAEMON_SET,
  POD_TEMPLATE_GENERATION,
  TEMPLATE_GENERATION,
} from '../../api/well-known.ts';
import { madeOnce } from '../made-once.ts';
import { controllerReference } from '../owner-references.ts';
import { parseInt64 } from '../selectors/labels.ts';
import { addOrUpdateDaemonPodTolerations } from './placement.ts';

/**
 * Makes the pods of a DaemonSet's current template, one a node. The pods carry `generateName`; their names, defaults
 * and UIDs are the API's to give. They are pinned by affinity, not nodeName: the scheduler binds them.
 *
 * All pods of one factory share one `metadata` and, but for the affinity, every field of `spec`, as the same objects.
 * So two pods with the same `metadata` object differ in nothing but the node's name in their affinity, and whoever has
 * to work on many of them may do what does not depend on it once. A sync memory keeps its factory from sync to sync.
 */
export function daemonPodFactory(daemonSet: DaemonSet, hash: string): (nodeName: string) => Pod {
  const { metadata: meta, spec } = daemonSet.spec.template;
  const generation = templateGeneration(daemonSet);
  const metadata = Object.freeze({
    generateName: `${daemonSet.metadata.name ?? ''}-`,
    ...(daemonSet.metadata.namespace !== undefined && { namespace: daemonSet.metadata.namespace }),
    labels: {
      ...meta?.labels,
      ...(generation !== undefined && { [POD_TEMPLATE_GENERATION]: generation }),
      ...(hash !== '' && { [CONTROLLER_REVISION_HASH]: hash }),
    },
    ...(meta?.annotations !== undefined && { annotations: meta.annotations }),
    ...(meta?.finalizers !== undefined && { finalizers: meta.finalizers }),
    ownerReferences: [controllerReference(daemonSet, DAEMON_SET)],
  });
  // The affinity has its place already: V8 gives each object to which a spread adds a field a hidden class of its own.
  const shared = { ...spec, tolerations: addOrUpdateDaemonPodTolerations(spec), affinity: spec.affinity };
  return (nodeName) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { ...shared, affinity: pinnedTo(nodeName, spec.affinity) },
  });
}

/** The number in the template generation annotation, as labels carry it; undefined when absent or unreadable. */
export function templateGeneration(daemonSet: DaemonSet): string | undefined {
  return parseInt64(daemonSet.metadata.annotations?.[TEMPLATE_GENERATION])?.toString();
}

/** Whether a pod is of the current template: by the revision's hash, or by the template generation. */
export function isPodUpdated(pod: Pod, hash: string, generation: string | undefined): boolean {
  const labels = pod.metadata.labels;
  if (labels === undefined) return false;
  if (generation !== undefined && labels[POD_TEMPLATE_GENERATION] === generation) return true;
  return hash !== '' && labels[CONTROLLER_REVISION_HASH] === hash;
}

/** The node that a daemon pod runs on or waits for; undefined when it names none, or several. */
export function targetNodeName(pod: Pod): string | undefined {
  if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== '') return pod.spec.nodeName;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields = [] } of required?.nodeSelectorTerms ?? []) {
    for (const { key, operator, values = [] } of matchFields) {
      if (key === 'metadata.name' && operator === 'In') return values.length === 1 ? values[0] : undefined;
    }
  }
  return undefined;
}

/** Required terms give way to the one node (they were weighed when it was chosen); all else stays. */
function pinnedTo(nodeName: string, affinity: Affinity | undefined): Affinity {
  const pin = pinTo(nodeName);
  if (affinity === undefined) return pin;
  return { ...affinity, nodeAffinity: { ...affinity.nodeAffinity, ...pin.nodeAffinity } };
}

/** The affinity to one node and nothing else. Daemon pods of a node share it, whatever DaemonSets they are of. */
const pinTo = madeOnce((nodeName): Affinity => {
  const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
});
