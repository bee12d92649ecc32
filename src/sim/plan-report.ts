/**
 * What a plan found: the stable document behind every output of `kdaemon plan` (text, JSON, Markdown, SVG, HTML) and
 * behind `--fail-on`. Times without a unit in their name are RFC 3339; `…Ms` are whole milliseconds of virtual time
 * since the start of the rollout. Lists of nodes are sorted by name.
 */

/** What the change means for one node. */
export type NodeEffect =
  /** No pod before, one after. */
  | 'gain'
  /** A pod before, none after. */
  | 'lose'
  /** The pod is replaced by one of the new revision. */
  | 'replace'
  /** The pod stays as it is. */
  | 'keep'
  /** It should get (or change) a pod, and does not get there. */
  | 'blocked'
  /** No pod before and none after. */
  | 'none';

/** A node and what happens on it. */
export interface PlannedNode {
  readonly node: string;
  readonly effect: NodeEffect;
  /** For people: the rule that decided, or what is in the way. */
  readonly because: string;
}

/**
 * The state of a node with respect to the DaemonSet, at one moment. `old`: a ready pod of an older revision. `oldUnready`:
 * one that is not available. `pending`: created and not bound, or bound and not begun. `started` but not ready is
 * `starting`; `ready` counts as available unless minReadySeconds have not passed (`settling`).
 */
export type NodeState =
  | 'absent'
  | 'old'
  | 'oldUnready'
  | 'pending'
  | 'pulling'
  | 'starting'
  | 'settling'
  | 'ready'
  | 'failed'
  | 'terminating';

/** A span in which a node's state did not change: from `fromMs` (included) to `toMs` (excluded). */
export interface Segment {
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: NodeState;
}

/** One node's way through the rollout. With maxSurge the new pod beside the old one has the second lane. */
export interface NodeTrack {
  readonly node: string;
  readonly segments: readonly Segment[];
  readonly surge?: readonly Segment[];
}

/** How many pods were available from `atMs` on, and how many nodes wanted one. */
export interface Availability {
  readonly atMs: number;
  readonly available: number;
  readonly updated: number;
  readonly desired: number;
}

/** Something worth a mark in a picture: a fault that struck, the rollout's end, the moment it stuck. */
export interface Mark {
  readonly atMs: number;
  readonly text: string;
}

/** Everything that pictures need. */
export interface Timeline {
  readonly startedAt: string;
  readonly endMs: number;
  readonly tracks: readonly NodeTrack[];
  readonly availability: readonly Availability[];
  readonly marks: readonly Mark[];
}

/** Pods that were replaced together: one pass of the rolling update. */
export interface Wave {
  readonly number: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly nodes: readonly string[];
}

/** Where and why a rollout stands still. */
export interface Stuck {
  readonly atMs: number;
  readonly because: string;
  /** Nodes whose pod is unavailable, with the reason. */
  readonly nodes: readonly { readonly node: string; readonly because: string }[];
  /** The smallest change of the strategy that moves it on, when there is one, or what going back would touch. */
  readonly advice?: string;
}

/** The DaemonSet's update strategy, resolved against the nodes that want a pod. */
export interface PlannedStrategy {
  readonly type: 'RollingUpdate' | 'OnDelete';
  /** As written: `10%` or `1`. */
  readonly maxUnavailable?: string;
  readonly maxSurge?: string;
  /** The same as a number of nodes (percentages round up). */
  readonly unavailableBudget: number;
  readonly surgeBudget: number;
  readonly minReadySeconds: number;
}

/** How the rollout went. */
export interface PlannedRollout {
  /**
   * `complete`: every node that wants a pod has an available one of the new revision. `stuck`: nothing more would happen. `onDelete`: the
   * strategy leaves outdated pods alone. `unchanged`: there was nothing to do.
   */
  readonly outcome: 'complete' | 'stuck' | 'onDelete' | 'unchanged';
  /** Until the outcome was reached. */
  readonly durationMs: number;
  readonly waves: readonly Wave[];
  readonly desired: number;
  /** Nodes with a pod of the new revision, available or not. */
  readonly updated: number;
  readonly available: number;
  /** Nodes with an available pod of the new revision. */
  readonly upToDate: number;
  /** The worst moment. */
  readonly fewestAvailable: { readonly count: number; readonly atMs: number };
  /** The most nodes at once that wanted a pod and had no available one. */
  readonly mostUnavailable: number;
  /** The most pods at once beyond one a node. */
  readonly mostSurge: number;
  readonly stuck?: Stuck;
}

/** Requests as plain numbers: millicores, bytes, and extended resources by their name. */
export interface Requests {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly other?: Readonly<Record<string, number>>;
}

/** What DaemonSets take of a node. */
export interface NodeShare {
  readonly node: string;
  /** Requests of all DaemonSets' pods that belong on the node, this one included, after the change. */
  readonly requests: Requests;
  /** Of the node's allocatable, in percent; null when the node states none. */
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
}

/** What the change costs. */
export interface Capacity {
  /** Requests of one new pod, and of the pod before (zero for a new DaemonSet). */
  readonly perPod: Requests;
  readonly perPodBefore: Requests;
  /** After minus before, over all nodes. */
  readonly added: Requests;
  /** Nodes where the new pod does not fit, with the scheduler's reason. */
  readonly pending: readonly { readonly node: string; readonly because: string }[];
  /** Host ports that another pod on the node holds. */
  readonly hostPortClashes: readonly {
    readonly node: string;
    readonly port: string;
    readonly heldBy: string;
  }[];
  readonly shares: readonly NodeShare[];
}

/** Something to know before shipping, whether or not the simulated rollout ran into it. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  /** A stable name in kebab-case: `surge-with-host-port`. */
  readonly rule: string;
  readonly text: string;
}

/** One strategy of `--compare`. */
export interface ComparedStrategy {
  /** As asked for: `maxUnavailable=10%`. */
  readonly name: string;
  readonly outcome: PlannedRollout['outcome'];
  readonly durationMs: number;
  /** Nodes with an available pod of the new revision at the end. */
  readonly upToDate: number;
  readonly fewestAvailable: number;
  readonly mostUnavailable: number;
  readonly mostSurge: number;
  /** The most that surge pods requested at once. */
  readonly extra: Requests;
  readonly stuckBecause?: string;
}

/** A field of the DaemonSet that the change sets, with short texts of its values; absent where there is none. */
export interface Difference {
  /** `spec.template.spec.containers[agent].image`. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** What the simulation took for granted about pods, in milliseconds. */
interface Assumptions {
  /** Only for images that a node has not run yet. */
  readonly pullMs: number;
  readonly initMs: number;
  readonly startMs: number;
  readonly readyMs: number;
  readonly stopMs: number;
}

/** The document. */
export interface PlanReport {
  readonly apiVersion: 'kdaemon.dev/v1alpha1';
  readonly kind: 'RolloutPlan';
  readonly daemonSet: { readonly namespace: string; readonly name: string };
  readonly change: 'create' | 'update' | 'none';
  /** What was done and when, later changes included: `apply new.yaml`. */
  readonly steps: readonly Mark[];
  /** Fields of the spec that differ between before and after; empty for a new DaemonSet. */
  readonly differences: readonly Difference[];
  readonly strategy: PlannedStrategy;
  /** Names of ControllerRevisions. */
  readonly revisions: { readonly before?: string; readonly after?: string };
  readonly counts: Readonly<Record<NodeEffect, number>>;
  readonly nodes: readonly PlannedNode[];
  readonly rollout: PlannedRollout;
  readonly capacity: Capacity;
  readonly findings: readonly Finding[];
  readonly timeline: Timeline;
  readonly faults: readonly string[];
  readonly assumptions: Assumptions;
  readonly seed: number;
  readonly compared?: readonly ComparedStrategy[];
}
