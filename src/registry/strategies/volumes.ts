import { genericStrategy, withStatus } from './generic.ts';
import type { Strategy } from './strategy.ts';

const generic = genericStrategy({ generation: false });

/** PersistentVolumes and PersistentVolumeClaims start in phase Pending. */
export const volumeStrategy: Strategy = {
  ...generic,
  prepareForCreate: (object) => withStatus(object, { phase: 'Pending' }),
};
