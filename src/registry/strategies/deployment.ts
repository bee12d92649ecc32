import { deepEqual } from '../../domain/deep-equal.ts';
import { asksForMore, bumpGeneration, genericStrategy } from './generic.ts';
import type { Strategy } from './strategy.ts';

const generic = genericStrategy({ generation: true, statusKeeps: 'labels' });

/** Deployments count changes of their annotations as new generations too. */
export const deploymentStrategy: Strategy = {
  ...generic,
  prepareForUpdate: (next, previous, kind, context) => {
    const prepared = generic.prepareForUpdate(next, previous, kind, context);
    const { annotations = {} } = prepared.metadata;
    const changed = !deepEqual(annotations, previous.metadata.annotations ?? {});
    return changed && !asksForMore(prepared, previous) ? bumpGeneration(prepared, previous) : prepared;
  },
};
