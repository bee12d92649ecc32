import type { DaemonSet } from '../../api/apps.ts';
import type { Decision } from '../../domain/daemonset/observed.ts';
import type { WriteDecision } from './requests.ts';

/** One thing that a sync did, or tried to do. */
export interface SyncStep {
  readonly do: WriteDecision['do'];
  readonly node?: string;
  readonly pod?: string;
  /** The pod's `controller-revision-hash`. */
  readonly hash?: string;
  readonly revision?: string;
  /** Why, in words for users. */
  readonly because: string;
  /** The API's refusal; absent when it was done. */
  readonly refused?: string;
}

/** What one sync of a DaemonSet did. */
export interface SyncRecord {
  readonly daemonSet: DaemonSet;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly steps: readonly SyncStep[];
  /** The decisions behind it, in full. */
  readonly decisions: readonly Decision[];
}
