import type { Preconditions, PropagationPolicy } from '../../api/client.ts';
import type { Pod } from '../../api/core.ts';
import type { Condition, KubeObject } from '../../api/meta.ts';
import { growingCopy } from '../../domain/growing-copy.ts';
import { formatRfc3339 } from '../../domain/rfc3339.ts';
import { openMetadata } from '../open-state.ts';
import { groupResource, type ServedKind } from '../served-kind.ts';
import { badRequest, conflict, notFound, refusal } from '../status-errors.ts';
import { at } from '../strategies/generic.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import { nameInBody } from './create.ts';
import { remove } from './delete.ts';
import type { Transition } from './transition.ts';

/**
 * POST pods/binding: puts the pod on the node `target.name` and sets its PodScheduled condition. Throws 409 when the
 * pod is being deleted, has a node already, or waits for scheduling gates.
 */
export function bind(
  kind: ServedKind,
  binding: unknown,
  existing: KubeObject | null,
  context: WriteContext,
): Transition {
  const name = nameInBody(binding) ?? '';
  const nodeName = at(binding, 'target', 'name');
  const targetKind = at(binding, 'target', 'kind') ?? 'Node';
  if (targetKind !== 'Node' && targetKind !== '') {
    throw invalidBinding(
      name,
      `target.kind: Unsupported value: ${JSON.stringify(targetKind)}: supported values: "Node", "<empty>"`,
      {
        reason: 'FieldValueNotSupported',
        field: 'target.kind',
      },
    );
  }
  if (typeof nodeName !== 'string' || nodeName === '') {
    throw invalidBinding(name, 'target.name: Required value', {
      reason: 'FieldValueRequired',
      field: 'target.name',
    });
  }
  if (existing === null) throw notFound(groupResource(kind), name);
  // Only pods have this subresource.
  const pod = existing as Pod;
  const refused = whyUnbindable(pod, at(binding, 'metadata', 'uid'));
  if (refused !== undefined) throw conflict({ group: '', resource: 'pods/binding' }, name, refused);
  const others = pod.status?.conditions?.filter((condition) => condition.type !== 'PodScheduled') ?? [];
  const scheduled = scheduledNow(context);
  const bound: Pod = {
    ...pod,
    metadata: openMetadata(pod.metadata),
    spec: Object.assign(growingCopy(pod.spec), { nodeName }),
    status: Object.assign(growingCopy(pod.status ?? {}), {
      conditions: others.length === 0 ? scheduled : [...others, ...scheduled],
    }),
  };
  return { did: 'updated', object: bound, warnings: [] };
}

const scheduledConditions = new WeakMap<WriteContext, readonly Condition[]>();

/** The condition of a pod that gets its node now, in a list that all pods of a batch share. */
function scheduledNow(context: WriteContext): readonly Condition[] {
  let conditions = scheduledConditions.get(context);
  if (conditions === undefined) {
    const lastTransitionTime = formatRfc3339(context.now);
    conditions = [{ type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime }];
    scheduledConditions.set(context, conditions);
  }
  return conditions;
}

function whyUnbindable(pod: Pod, uid: unknown): string | undefined {
  const name = pod.metadata.name ?? '';
  if (typeof uid === 'string' && uid !== '' && uid !== pod.metadata.uid) {
    return `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid ?? ''}`;
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    return `pod ${name} is being deleted, cannot be assigned to a host`;
  }
  if ((pod.spec.nodeName ?? '') !== '') {
    return `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`;
  }
  const gates = at(pod, 'spec', 'schedulingGates');
  if (Array.isArray(gates) && gates.length > 0) return `pod ${name} has non-empty .spec.schedulingGates`;
  return undefined;
}

function invalidBinding(
  name: string,
  problem: string,
  cause: { readonly reason: string; readonly field: string },
): Error {
  const [, text = ''] = problem.split(/: (.*)/s);
  return refusal(422, 'Invalid', `Binding "${name}" is invalid: ${problem}`, {
    ...(name === '' ? {} : { name }),
    kind: 'Binding',
    causes: [{ reason: cause.reason, message: text, field: cause.field }],
  });
}

/**
 * POST pods/eviction: deletes the pod with the eviction's delete options. Disruption budgets have no controller here,
 * so none can forbid it.
 */
export function evict(
  kind: ServedKind,
  eviction: unknown,
  existing: KubeObject | null,
  context: WriteContext,
): Transition {
  const name = nameInBody(eviction);
  if (name === undefined) throw badRequest('name is required');
  const grace = at(eviction, 'deleteOptions', 'gracePeriodSeconds');
  const key = { namespace: existing?.metadata.namespace ?? '', name };
  return remove(
    kind,
    {
      key,
      gracePeriodSeconds: typeof grace === 'number' ? grace : undefined,
      // The eviction's schema is not decoded: wrong shapes of these two are treated as absent by the checks in remove.
      preconditions: at(eviction, 'deleteOptions', 'preconditions') as Preconditions | undefined,
      propagationPolicy: at(eviction, 'deleteOptions', 'propagationPolicy') as PropagationPolicy | undefined,
    },
    existing,
    context,
  );
}
