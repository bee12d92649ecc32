import type { ControllerRevision } from '../../../api/apps.ts';
import type { Client } from '../../../api/client.ts';
import type { PodTemplateSpec } from '../../../api/core.ts';
import type { Json, KindRef, KubeObject } from '../../../api/meta.ts';
import { CONTROLLER_REVISION } from '../../../api/well-known.ts';
import { matchesRevision, revisionData } from '../../../domain/daemonset/revision-data.ts';
import { ownRevisions, revisionTemplate } from '../../../domain/rollout/history.ts';
import { matchesLabelSelector } from '../../../domain/selectors/labels.ts';
import type { RolledOut, Workload } from './workload.ts';

/** One revision of a workload. */
export interface Revision {
  readonly number: number;
  /** From the annotation `kubernetes.io/change-cause`; '' for none. */
  readonly cause: string;
  readonly template: PodTemplateSpec | undefined;
  /** Whether the workload has this revision's template now. */
  readonly current: boolean;
}

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const DEPLOYMENT_REVISION = 'deployment.kubernetes.io/revision';
const REPLICA_SET: KindRef<Workload> = { group: 'apps', version: 'v1', kind: 'ReplicaSet' };

/** The revisions of a workload in ascending order: ControllerRevisions, or the ReplicaSets of a Deployment. */
export async function revisionsOf(client: Client, workload: RolledOut): Promise<readonly Revision[]> {
  const { kind, object } = workload;
  const namespace = object.metadata.namespace ?? '';
  if (kind === 'Deployment') return deploymentRevisions(client, object, namespace);
  const { items } = await client.list<ControllerRevision>(CONTROLLER_REVISION, { namespace });
  const data = revisionData(object.spec.template);
  return ownRevisions(object, object.spec.selector, items).map((revision) => ({
    number: revision.revision,
    cause: causeOf(revision),
    template: revisionTemplate(revision) as unknown as PodTemplateSpec | undefined, // what a controller put there
    current: matchesRevision(revision, data),
  }));
}

async function deploymentRevisions(
  client: Client,
  deployment: Workload,
  namespace: string,
): Promise<readonly Revision[]> {
  const { items } = await client.list<Workload>(REPLICA_SET, { namespace });
  const now = revisionData(deployment.spec.template);
  return items
    .filter(
      ({ metadata }) =>
        matchesLabelSelector(deployment.spec.selector, metadata.labels) &&
        metadata.ownerReferences?.some(
          (owner) => owner.controller === true && owner.uid === deployment.metadata.uid,
        ),
    )
    .map((replicaSet) => {
      const template = withoutHash(replicaSet.spec.template);
      return {
        number: Number(replicaSet.metadata.annotations?.[DEPLOYMENT_REVISION] ?? 0),
        cause: causeOf(replicaSet),
        template: replicaSet.spec.template,
        current: JSON.stringify(revisionData(template)) === JSON.stringify(now satisfies Json),
      };
    })
    .filter(({ number }) => number > 0)
    .sort((a, b) => a.number - b.number);
}

/** A ReplicaSet's template without the label that the Deployment's controller added. */
export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

const causeOf = ({ metadata }: KubeObject): string => metadata.annotations?.[CHANGE_CAUSE] ?? '';
