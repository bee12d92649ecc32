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

/** Sorts out ownership of pods or ControllerRevisions. The DaemonSet must not be on its way out. */
export function claim<T extends KubeObject>(daemonSet: DaemonSet, candidates: readonly T[]): Claimed<T> {
  const owned: T[] = [];
  const adopted: T[] = [];
  const released: T[] = [];
  for (const object of candidates) {
    if (object.metadata.namespace !== daemonSet.metadata.namespace) continue;
    const controller = controllerOf(object);
    if (controller !== undefined && controller.uid !== daemonSet.metadata.uid) continue;
    const matches = matchesLabelSelector(daemonSet.spec.selector, object.metadata.labels);
    if (controller !== undefined) {
      (matches ? owned : released).push(object);
    } else if (matches && !isDeleting(object)) {
      owned.push(object);
      adopted.push(object);
    }
  }
  return { owned, adopted, released };
}
