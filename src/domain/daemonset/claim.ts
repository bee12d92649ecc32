// Mirrors ControllerRefManager's ClaimObject (pkg/controller/controller_ref_manager.go, v1.37.2).
import type { DaemonSet } from '../../api/apps.ts';
import type { KubeObject } from '../../api/meta.ts';
import { isDeleting } from '../conditions.ts';
import { controllerOf } from '../owner-references.ts';
import { matchesLabelSelector } from '../selectors/labels.ts';

/** Which objects are a DaemonSet's own. */
export interface Claimed<T> {
  /** Own ones, adopted ones included. */
  readonly owned: readonly T[];
  /** Orphans that the selector matches: they get a controller reference. */
  readonly adopted: readonly T[];
  /** Own ones that the selector no longer matches: they lose theirs. */
  readonly released: readonly T[];
}

/** What an object is to a DaemonSet: see `Claimed`. Those that are adopted are not in `owned` here. */
export type Claim = 'owned' | 'adopted' | 'released';

/** What an object is to a DaemonSet that is not on its way out; undefined when it is nothing to it. */
export function claimOf({ metadata, spec }: DaemonSet, object: KubeObject): Claim | undefined {
  if (object.metadata.namespace !== metadata.namespace) return undefined;
  const controller = controllerOf(object);
  if (controller !== undefined && controller.uid !== metadata.uid) return undefined;
  const matches = matchesLabelSelector(spec.selector, object.metadata.labels);
  if (controller !== undefined) return matches ? 'owned' : 'released';
  return matches && !isDeleting(object) ? 'adopted' : undefined;
}

/** Sorts out the ownership of objects. The DaemonSet must not be on its way out. */
export function claim<T extends KubeObject>(daemonSet: DaemonSet, candidates: readonly T[]): Claimed<T> {
  const owned: T[] = [];
  const adopted: T[] = [];
  const released: T[] = [];
  for (const object of candidates) {
    const claimed = claimOf(daemonSet, object);
    if (claimed === 'released') released.push(object);
    if (claimed === 'adopted') adopted.push(object);
    if (claimed === 'owned' || claimed === 'adopted') owned.push(object);
  }
  return { owned, adopted, released };
}
