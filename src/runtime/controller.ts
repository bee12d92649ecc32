import type { Client } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import type { KindRef, KubeObject, ObjectKey } from '../api/meta.ts';
import type { Random } from './random.ts';
import type { EventRecorder } from './recorder.ts';

/** What the cache knows now. Reading it is synchronous; objects must not be changed. */
export interface Lister {
  get<T extends KubeObject>(kind: KindRef<T>, key: ObjectKey): T | undefined;
  /** All objects of a kind, or those of one namespace, in order of namespace and name. */
  list<T extends KubeObject>(kind: KindRef<T>, namespace?: string): readonly T[];
  /** Objects of a kind that name this UID in their ownerReferences. */
  ownedBy<T extends KubeObject>(kind: KindRef<T>, ownerUid: string): readonly T[];
  /** Objects of a kind in a namespace that no ownerReference claims as controller. */
  uncontrolled<T extends KubeObject>(kind: KindRef<T>, namespace: string): readonly T[];
  /** Objects of any kind that name this UID in their ownerReferences. */
  dependentsOf(ownerUid: string): readonly KubeObject[];
  /** The object of any kind with this UID. */
  byUid(uid: string): KubeObject | undefined;
  /** Objects of every kind but Event in this namespace. */
  inNamespace(namespace: string): readonly KubeObject[];
  /** Pods with this `spec.nodeName`; '' lists those without one. */
  podsOnNode(nodeName: string): readonly Pod[];
}

/** Turns a change of one object into keys of work. Keys are opaque to the manager. */
export interface Watch<T extends KubeObject = KubeObject> {
  /** `'*'` is every kind but Event. */
  readonly kind: KindRef<T> | '*';
  /** `previous` is absent for a new object, `current` for a deleted one. */
  enqueue(previous: T | undefined, current: T | undefined, lister: Lister): readonly WorkItem[];
}

/** A key, due now or later. */
export type WorkItem = string | Requeue;

/** Why somebody waits: shown to people when virtual time jumps over it. */
export interface Wait {
  /**
   * `machinery`: a timer of the control plane that ends by itself (pod GC quarantine). `user`: asked for by the user
   * (minReadySeconds). `retry`: the next try of something that failed, and may fail for ever.
   */
  readonly kind: 'machinery' | 'user' | 'retry';
  /** For people: `minReadySeconds of kube-system/fluentd`. */
  readonly because: string;
}

/** A key that should come back later. */
export interface Requeue {
  readonly key: string;
  readonly afterMs: number;
  readonly wait: Wait;
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

/** A reconcile that could not do all of its work, and has to be tried again with back-off. */
export class RetryError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RetryError';
  }
}

/** A level-triggered loop: gather from the lister, decide, commit. */
export interface Controller {
  /** Upstream's component name, and the source of its events: `daemonset-controller`. */
  readonly name: string;
  readonly watches: readonly Watch[];
  /** How many due keys one call may take; absent is 1. */
  readonly batch?: number;
  /** Whether, in a manager that finishes first, keys that were handled before go ahead of new ones. Absent or false: in turn. */
  readonly begunFirst?: boolean;
  /**
   * Handles due keys. Returns those that should come back later. A thrown StatusError or RetryError retries all of
   * `keys` with back-off; any other error ends the step. Conflicts need no care: the change that caused them comes back as a
   * watch event.
   */
  reconcile(keys: readonly string[], context: ReconcileContext): Promise<readonly Requeue[]>;
}

/**
 * A watch with the type of its kind. (The manager hands every watch only objects of its own kind, which the compiler
 * cannot see in a mixed list.)
 */
export function watch<T extends KubeObject>(
  kind: KindRef<T>,
  enqueue: (previous: T | undefined, current: T | undefined, lister: Lister) => readonly WorkItem[],
): Watch {
  return { kind, enqueue: enqueue as Watch['enqueue'] };
}
