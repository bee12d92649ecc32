import { deepEqual } from '../../domain/deep-equal.ts';
import { asksForMore, bumpGeneration, fieldOf, genericStrategy } from '../strategies/generic.ts';
import type { Strategy } from '../strategies/strategy.ts';

const withStatus = genericStrategy({
  generation: true,
  unconditionalUpdate: false,
  statusKeeps: 'metadata',
});

/** Without a status subresource, `status` is a field like any other: writers set it and generations count it. */
const withoutStatus: Strategy = {
  ...withStatus,
  prepareForUpdate: (next, previous) => {
    const changed =
      asksForMore(next, previous) || !deepEqual(fieldOf(next, 'status'), fieldOf(previous, 'status'));
    return changed ? bumpGeneration(next, previous) : next;
  },
};

/** The strategy of custom resources, with or without the `status` subresource. */
export function customResourceStrategy(hasStatus: boolean): Strategy {
  return hasStatus ? withStatus : withoutStatus;
}
