import type { DaemonSet } from '../../api/apps.ts';
import type { Pod } from '../../api/core.ts';
import type { NodeTally } from './node-tally.ts';
import type { Observed } from './observed.ts';

/** What the steps of one sync share. */
export interface SyncState {
  readonly daemonSet: DaemonSet;
  readonly tally: NodeTally;
  /** The current revision's hash. */
  readonly hash: string;
  /** The template generation, as labels carry it. */
  readonly generation: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly backoff: Observed['backoff'];
  /** Makes the pod of the current template for a node: see `daemonPodFactory`. */
  readonly podFor: (nodeName: string) => Pod;
}
