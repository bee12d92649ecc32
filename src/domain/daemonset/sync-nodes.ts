// Mirrors syncNodes (pkg/controller/daemon/daemon_controller.go, v1.37.2).
import type { Pod } from '../../api/core.ts';
import type { Decision } from './observed.ts';

/** How many pods one sync creates at most, and how many it deletes at most. The rest is for later syncs. */
const BURST_REPLICAS = 250;

/** A node that needs a pod. */
export interface NeededPod {
  readonly nodeName: string;
  readonly because: string;
}

/** A pod that has to go. */
export interface UnwantedPod {
  readonly pod: Pod;
  readonly nodeName: string;
  readonly because: string;
}

/** What a step of the sync wants done to pods. */
export interface NodeChanges {
  readonly create: readonly NeededPod[];
  readonly delete: readonly UnwantedPod[];
}

/** Turns changes into decisions: creates first, no more than the burst of each. `podFor` makes a node's new pod. */
export function syncNodes(podFor: (nodeName: string) => Pod, changes: NodeChanges): readonly Decision[] {
  return [
    ...changes.create
      .slice(0, BURST_REPLICAS)
      .map(
        ({ nodeName, because }): Decision => ({ do: 'createPod', nodeName, pod: podFor(nodeName), because }),
      ),
    ...changes.delete
      .slice(0, BURST_REPLICAS)
      .map((unwanted): Decision => ({ do: 'deletePod', ...unwanted })),
  ];
}
