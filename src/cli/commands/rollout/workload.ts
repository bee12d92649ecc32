import type { DaemonSet } from '../../../api/apps.ts';
import type { PodTemplateSpec } from '../../../api/core.ts';
import type { KubeObject, LabelSelector } from '../../../api/meta.ts';
import type { StatefulSet } from '../../../domain/rollout/replicated-status.ts';
import type { Chosen } from '../../chosen-objects.ts';
import { CommandError } from '../../errors.ts';

/** The fields that all kinds with rollouts share. */
export interface Workload extends KubeObject {
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplateSpec };
}

/** An apps/v1 Deployment, the fields that rollouts look at. */
interface Deployment extends Workload {
  readonly spec: Workload['spec'] & { readonly replicas?: number; readonly paused?: boolean };
}

/** An object that has rollouts, by kind. */
export type RolledOut =
  | { readonly kind: 'DaemonSet'; readonly object: DaemonSet }
  | { readonly kind: 'StatefulSet'; readonly object: Workload & StatefulSet }
  | { readonly kind: 'Deployment'; readonly object: Deployment };

/** The object as one that has rollouts; undefined for all other kinds. */
export function rolledOut({ resource, object }: Chosen): RolledOut | undefined {
  if (resource.group !== 'apps') return undefined;
  // The API accepts only objects that have their kind's shape.
  switch (resource.kind) {
    case 'DaemonSet':
      return { kind: 'DaemonSet', object: object as DaemonSet };
    case 'StatefulSet':
      return { kind: 'StatefulSet', object: object as Workload & StatefulSet };
    case 'Deployment':
      return { kind: 'Deployment', object: object as Deployment };
    default:
      return undefined;
  }
}

/** Kinds that kubectl can tell apart without being able to do anything for them. */
const FAMILIAR: Readonly<Record<string, string>> = {
  Pod: '',
  ReplicationController: '',
  ReplicaSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
};

/**
 * The object as one that has rollouts. Throws kubectl's refusal of all other kinds, which names what it lacks for them
 * (`missing`: `history viewer`) and what it was retrieving (`history`).
 */
export function requireRolledOut(
  chosen: Chosen,
  { missing, retrieving }: { readonly missing: string; readonly retrieving: string },
): RolledOut {
  const workload = rolledOut(chosen);
  if (workload !== undefined) return workload;
  const { kind, group } = chosen.resource;
  const isFamiliar = Object.hasOwn(FAMILIAR, kind) && FAMILIAR[kind] === group;
  throw new CommandError(
    isFamiliar
      ? `no ${missing} has been implemented for ${JSON.stringify(kind)}`
      : `error retrieving ${retrieving} for ${JSON.stringify(kind)}, no visitor method exists for {${group} ${kind}}`,
  );
}

/** `daemonsets.apps "x"`, as kubectl begins refusals. */
export function subject({ resource, name }: Chosen): string {
  const type = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  return `${type} ${JSON.stringify(name)}`;
}
