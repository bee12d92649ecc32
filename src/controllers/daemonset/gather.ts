import type { DaemonSet } from '../../api/apps.ts';
import { CONTROLLER_REVISION, NODE, POD } from '../../api/well-known.ts';
import type { BackoffEntry, FailedPodKey, Observed } from '../../domain/daemonset/observed.ts';
import { isControlledBy } from '../../domain/owner-references.ts';
import type { Lister } from '../../runtime/controller.ts';

/** What a sync of a DaemonSet looks at, from the cache. `now` is in milliseconds since the epoch. */
export function gather(
  daemonSet: DaemonSet,
  lister: Lister,
  now: number,
  backoff: ReadonlyMap<FailedPodKey, BackoffEntry>,
): Observed {
  const { uid = '', namespace = '' } = daemonSet.metadata;
  return {
    daemonSet,
    nodes: lister.list(NODE),
    pods: [
      ...lister.ownedBy(POD, uid).filter((pod) => isControlledBy(pod, uid)),
      ...lister.uncontrolled(POD, namespace),
    ],
    revisions: lister.list(CONTROLLER_REVISION, namespace),
    now,
    backoff,
  };
}
