import type { ControllerRevision, DaemonSet } from '../api/apps.ts';
import type { Pod } from '../api/core.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import { CONTROLLER_REVISION_HASH, DAEMON_SET, POD_TEMPLATE_GENERATION } from '../api/well-known.ts';
import { templateGeneration } from '../domain/daemonset/pod-template.ts';
import { revisionData } from '../domain/daemonset/revision-data.ts';
import { templateHash } from '../domain/hashing/template-hash.ts';
import { controllerReference, isControlledBy } from '../domain/owner-references.ts';

/**
 * The objects, with a ControllerRevision of the DaemonSet's present template where they hold none: every cluster has
 * one, but files often leave it out. Its hash is the one that the template's pods carry.
 */
export function withHistory(objects: readonly KubeObject[], target: ObjectKey): readonly KubeObject[] {
  const daemonSet = objects.find(
    (object): object is DaemonSet =>
      object.kind === DAEMON_SET.kind &&
      object.metadata.namespace === target.namespace &&
      object.metadata.name === target.name,
  );
  const uid = daemonSet?.metadata.uid;
  if (daemonSet === undefined || uid === undefined) return objects;
  const isKnown = objects.some(
    (object) => object.kind === 'ControllerRevision' && isControlledBy(object, uid),
  );
  return isKnown ? objects : [...objects, presentRevision(daemonSet, hashOfPods(daemonSet, objects))];
}

/** The hash of the pods that are of the present template, as their generation says. */
function hashOfPods(daemonSet: DaemonSet, objects: readonly KubeObject[]): string | undefined {
  const generation = templateGeneration(daemonSet);
  const uid = daemonSet.metadata.uid ?? '';
  const pod = objects.find(
    (object): object is Pod =>
      object.kind === 'Pod' &&
      isControlledBy(object, uid) &&
      generation !== undefined &&
      object.metadata.labels?.[POD_TEMPLATE_GENERATION] === generation,
  );
  return pod?.metadata.labels?.[CONTROLLER_REVISION_HASH];
}

function presentRevision(daemonSet: DaemonSet, known: string | undefined): ControllerRevision {
  const { template } = daemonSet.spec;
  const hash = known ?? templateHash(template, daemonSet.status?.collisionCount);
  const { name = '', namespace = '' } = daemonSet.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...template.metadata?.labels, [CONTROLLER_REVISION_HASH]: hash },
      ownerReferences: [controllerReference(daemonSet, DAEMON_SET)],
    },
    data: revisionData(template),
    revision: 1,
  };
}
