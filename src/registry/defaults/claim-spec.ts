import { type Filler, fill, within } from './filling.ts';
import { roundResources } from './resource-list.ts';

/** Fills a v1.PersistentVolumeClaimSpec, in a claim or in a template of one. */
export const fillClaimSpec: Filler = (spec) =>
  within(fill(spec, { volumeMode: 'Filesystem' }), 'resources', roundResources);
