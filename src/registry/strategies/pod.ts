import type { Pod } from '../../api/core.ts';
import type { ObjectMeta } from '../../api/meta.ts';
import { admitTolerations } from '../admission/default-tolerations.ts';
import { admitPriority } from '../admission/priority.ts';
import { asksForMore, bumpGeneration, withGeneration } from './generic.ts';
import { qosClass } from './qos-class.ts';
import type { Strategy } from './strategy.ts';

/** Pods: admission of priority and tolerations, phase Pending and QoS class on create, a grace period on delete. */
export const podStrategy: Strategy = {
  createOnUpdate: false,
  unconditionalUpdate: true,
  prepareForCreate: (object, kind, context) => {
    // The strategy is registered for pods only.
    const pod = object as Pod;
    const spec = admitTolerations(admitPriority(kind, pod, context.lookups.priorityClasses()));
    const status = { phase: 'Pending', qosClass: qosClass(spec) };
    return withGeneration({ ...pod, spec, status } as Pod, 1);
  },
  prepareForUpdate: (next, previous) => {
    const kept = { ...next, status: (previous as Pod).status };
    return asksForMore(kept, previous) ? bumpGeneration(kept, previous) : kept;
  },
  prepareForStatusUpdate: (next, previous) => {
    const status = (next as Pod).status ?? {};
    return {
      ...previous,
      metadata: withOwnersOf(previous.metadata, next.metadata),
      status: { ...status, qosClass: (previous as Pod).status?.qosClass },
    } as Pod;
  },
  gracePeriodSeconds: (object, asked) => {
    const { spec, status } = object as Pod;
    const bound = (spec.nodeName ?? '') !== '';
    const ended = status?.phase === 'Failed' || status?.phase === 'Succeeded';
    if (!bound || ended) return 0;
    const seconds = asked ?? spec.terminationGracePeriodSeconds ?? 0;
    return seconds < 0 ? 1 : seconds;
  },
};

function withOwnersOf({ ownerReferences }: ObjectMeta, next: ObjectMeta): ObjectMeta {
  if (next.ownerReferences === ownerReferences) return next;
  const { ownerReferences: _dropped, ...rest } = next;
  return ownerReferences === undefined ? rest : { ...rest, ownerReferences };
}
