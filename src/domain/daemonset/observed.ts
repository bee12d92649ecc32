import type { ControllerRevision, DaemonSet, DaemonSetStatus } from '../../api/apps.ts';
import type { Node, Pod, PodTemplateSpec } from '../../api/core.ts';

/** Everything that one sync of a DaemonSet looks at. Nothing in it is changed. */
export interface Observed {
  readonly daemonSet: DaemonSet;
  /** All nodes of the cluster. */
  readonly nodes: readonly Node[];
  /** All pods of the DaemonSet's namespace that it owns or that have no controller. Others are ignored. */
  readonly pods: readonly Pod[];
  /**
   * ControllerRevisions of the namespace. Those that the DaemonSet neither owns nor may adopt matter only when a new
   * revision would have to take their name.
   */
  readonly revisions: readonly ControllerRevision[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Back-off of failed pods, by `FailedPodKey`: see `failed-pods.ts`. */
  readonly backoff: ReadonlyMap<FailedPodKey, BackoffEntry>;
}

/** State of one back-off entry. Times are milliseconds since the epoch, `delayMs` milliseconds. */
export interface BackoffEntry {
  readonly delayMs: number;
  readonly lastUpdate: number;
}

/** Key of a failed pod's back-off: `<uid of the DaemonSet>/<status.observedGeneration>/<node>`, as upstream's. */
export type FailedPodKey = string;

/**
 * One thing to do, with its reason in words. The list of a sync is in the order in which upstream would act; the
 * controller hands all writes over in one batch.
 */
export type Decision =
  | { readonly do: 'adoptPod'; readonly pod: Pod; readonly because: string }
  | { readonly do: 'releasePod'; readonly pod: Pod; readonly because: string }
  | { readonly do: 'adoptRevision'; readonly revision: ControllerRevision; readonly because: string }
  | { readonly do: 'releaseRevision'; readonly revision: ControllerRevision; readonly because: string }
  /** Give a revision that lacks it the hash label (its own name). */
  | {
      readonly do: 'labelRevision';
      readonly revision: ControllerRevision;
      readonly hash: string;
      readonly because: string;
    }
  | { readonly do: 'createRevision'; readonly revision: ControllerRevision; readonly because: string }
  | {
      readonly do: 'renumberRevision';
      readonly revision: ControllerRevision;
      readonly number: number;
      readonly because: string;
    }
  | { readonly do: 'deleteRevision'; readonly revision: ControllerRevision; readonly because: string }
  /** Give a pod another hash label (revisions with equal data were merged). */
  | { readonly do: 'relabelPod'; readonly pod: Pod; readonly hash: string; readonly because: string }
  | { readonly do: 'createPod'; readonly nodeName: string; readonly pod: Pod; readonly because: string }
  | { readonly do: 'deletePod'; readonly nodeName: string; readonly pod: Pod; readonly because: string }
  | {
      readonly do: 'recordEvent';
      readonly type: 'Normal' | 'Warning';
      readonly reason: string;
      readonly message: string;
    }
  | { readonly do: 'updateStatus'; readonly status: DaemonSetStatus; readonly because: string }
  | { readonly do: 'setBackoff'; readonly key: FailedPodKey; readonly entry: BackoffEntry }
  | {
      readonly do: 'requeue';
      readonly afterMs: number;
      readonly wait: 'machinery' | 'user';
      readonly because: string;
    }
  /** The sync ends in this error (upstream's text) after the writes of the other decisions: retry it with back-off. */
  | { readonly do: 'fail'; readonly message: string };

/** Computes a template's `controller-revision-hash`. Passed in, so that plans stay pure and tests may choose. */
export type TemplateHash = (template: PodTemplateSpec, collisionCount: number | undefined) => string;
