import type { DaemonSet } from '../../api/apps.ts';
import { CONTROLLER_REVISION, NODE, POD } from '../../api/well-known.ts';
import type { BackoffEntry, FailedPodKey, Observed } from '../../domain/daemonset/observed.ts';
import type { ObservedBesideMemory } from '../../domain/daemonset/plan.ts';
import { isControlledBy } from '../../domain/owner-references.ts';
import type { Lister } from '../../runtime/controller.ts';

/** What a sync of a DaemonSet looks at besides nodes and pods. `now` is in milliseconds since the epoch. */
export function gather(
  daemonSet: DaemonSet,
  lister: Lister,
  now: number,
  backoff: ReadonlyMap<FailedPodKey, BackoffEntry>,
): ObservedBesideMemory {
  const { namespace = '' } = daemonSet.metadata;
  return { daemonSet, revisions: lister.list(CONTROLLER_REVISION, namespace), now, backoff };
}

/** All nodes, and all pods that a DaemonSet owns or might adopt: the start of a memory. */
export function gatherNodesAndPods(
  { uid = '', namespace = '' }: Pick<DaemonSet['metadata'], 'uid' | 'namespace'>,
  lister: Lister,
): Pick<Observed, 'nodes' | 'pods'> {
  return {
    nodes: lister.list(NODE),
    pods: [
      ...lister.ownedBy(POD, uid).filter((pod) => isControlledBy(pod, uid)),
      ...lister.uncontrolled(POD, namespace),
    ],
  };
}
