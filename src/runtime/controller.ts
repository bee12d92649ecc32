import type { Client } from '../api/client.ts';
import type { KindRef, KubeObject, ObjectKey } from '../api/meta.ts';
import type { EventRecorder } from './recorder.ts';
import type { Random } from './random.ts';

/** What the cache knows now. Reading it is synchronous; objects must not be changed. */
export interface Lister {
  get<T extends KubeObject>(kind: KindRef<T>, key: ObjectKey): T | undefined;
  /** All objects of a kind, or those of one namespace, in order of namespace and name. */
  list<T extends KubeObject>(kind: KindRef<T>, namespace?: string): readonly T[];
  /** Objects of a kind that name this UID in their ownerReferences. */
  ownedBy<T extends KubeObject>(kind: KindRef<T>, ownerUid: string): readonly T[];
  /** Objects of any kind that name this UID in their ownerReferences. */
  dependentsOf(ownerUid: string): readonly KubeObject[];
  /** The object of any kind with this UID. */
  byUid(uid: string): KubeObject | undefined;
  /** Pods with this `spec.nodeName`. */
  podsOnNode(nodeName: string): readonly import('../api/core.ts').Pod[];
}

/** Turns a change of one object into keys of work. Pure. Keys are opaque to the manager. */
export interface Watch<T extends KubeObject = KubeObject> {
  /** `'*'` is every kind. */
  readonly kind: KindRef<T> | '*';
  enqueue(previous: T | undefined, current: T | undefined, lister: Lister): readonly WorkItem[];
}

/** A key, due now or later. */
export type WorkItem = string | { readonly key: string; readonly afterMs: number; readonly wait: Wait };

/** Why somebody waits: shown to people when virtual time jumps over it. */
export interface Wait {
  /** `machinery`: a timer of the control plane (pod GC quarantine, back-off). `user`: asked for by the user (minReadySeconds). */
  readonly kind: 'machinery' | 'user';
  /** For people: `minReadySeconds of kube-system/fluentd`. */
  readonly because: string;
}

/** Everything a reconcile may use. */
export interface ReconcileContext {
  readonly client: Client;
  readonly lister: Lister;
  readonly recorder: EventRecorder;
  readonly random: Random;
  /** Milliseconds since the epoch; the same for the whole reconcile. */
  readonly now: number;
}

/** A key that should come back later. */
export interface Requeue {
  readonly key: string;
  readonly afterMs: number;
  readonly wait: Wait;
}

/** A level-triggered loop: gather from the lister, decide, commit. */
export interface Controller {
  /** Upstream's component name, and the source of its events: `daemonset-controller`. */
  readonly name: string;
  readonly watches: readonly Watch[];
  /** How many due keys one call may take; absent is 1. */
  readonly batch?: number;
  /**
   * Handles due keys. Returns those that should come back later. A thrown error retries all of `keys` with
   * back-off. Conflicts need no care: the change that caused them comes back as a watch event.
   */
  reconcile(keys: readonly string[], context: ReconcileContext): Promise<readonly Requeue[]>;
}
