import type { PodTemplateSpec } from './core.ts';
import type { Condition, Json, KubeObject, LabelSelector } from './meta.ts';

/** A count, or a percentage such as `25%`. */
export type IntOrString = number | string;

/** apps/v1 DaemonSetStatus. Absent means 0 for the optional counters. */
export interface DaemonSetStatus {
  readonly currentNumberScheduled: number;
  readonly numberMisscheduled: number;
  readonly desiredNumberScheduled: number;
  readonly numberReady: number;
  readonly observedGeneration?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly numberUnavailable?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly Condition[];
}

/** apps/v1 DaemonSetSpec. */
export interface DaemonSetSpec {
  readonly selector: LabelSelector;
  readonly template: PodTemplateSpec;
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly maxUnavailable?: IntOrString; readonly maxSurge?: IntOrString };
  };
  /** Seconds. */
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit?: number;
}

/** apps/v1 DaemonSet. */
export interface DaemonSet extends KubeObject {
  readonly spec: DaemonSetSpec;
  readonly status?: DaemonSetStatus;
}

/** apps/v1 ControllerRevision. */
export interface ControllerRevision extends KubeObject {
  readonly data?: Json;
  readonly revision: number;
}
