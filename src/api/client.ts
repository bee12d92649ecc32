import type { Pod } from './core.ts';
import type { Json, KindRef, KubeObject, ObjectKey, ObjectList } from './meta.ts';
import type { Status } from './status.ts';

/** What discovery says of a resource. */
export interface ResourceInfo {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** `daemonsets`. */
  readonly plural: string;
  /** `daemonset`. */
  readonly singular: string;
  /** `ds`. */
  readonly shortNames: readonly string[];
  /** `all`. */
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** `status`, `scale`, … */
  readonly subresources: readonly string[];
}

/** Options of a list. Selectors are in their string forms, as in the API's query. */
export interface ListOptions {
  /** Absent or '': all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  /** The state as of exactly this revision; absent is the newest. Has no say when `continue` is given. */
  readonly resourceVersion?: string;
}

/** metav1.Preconditions. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** Deletion policy for dependents. */
export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

/** The four patch types of the API. */
export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';

/** How the server treats unknown and duplicate fields. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

interface WriteBase {
  readonly kind: KindRef;
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** Default `Strict`. */
  readonly fieldValidation?: FieldValidation;
  /** `status` writes the status alone; absent writes the rest. */
  readonly subresource?: string;
}

/**
 * One write, as one request to the API server would carry it.
 *
 * `namespace` may be '' for cluster-scoped kinds. Subresources that are verbs of their own are creates below a pod, as
 * in the API: `{verb: 'create', kind: POD, namespace, subresource: 'binding', object: Binding}` binds the pod named by
 * `object.metadata.name` to the node named by `object.target.name`, and `subresource: 'eviction'` with a policy/v1
 * Eviction deletes it with `object.deleteOptions`. Their outcome carries the pod. `update` with subresource `finalize`
 * replaces the `spec.finalizers` of a namespace.
 */
export type WriteRequest =
  | (WriteBase & { readonly verb: 'create'; readonly namespace: string; readonly object: KubeObject })
  | (WriteBase & { readonly verb: 'update'; readonly key: ObjectKey; readonly object: KubeObject })
  | (WriteBase & {
      readonly verb: 'patch';
      readonly key: ObjectKey;
      readonly patchType: PatchType;
      readonly patch: Json;
      /** Server-side apply only: take fields from other managers. */
      readonly force?: boolean;
    })
  | (WriteBase & {
      readonly verb: 'delete';
      readonly key: ObjectKey;
      readonly preconditions?: Preconditions;
      /** Seconds; absent is the kind's own (for pods `terminationGracePeriodSeconds`). */
      readonly gracePeriodSeconds?: number;
      readonly propagationPolicy?: PropagationPolicy;
    });

/** What became of a write. */
export type WriteOutcome =
  | {
      readonly ok: true;
      /**
       * `unchanged`: nothing was written. `deleted`: the object is gone. `deleting`: it waits for its finalizers
       * or its grace period.
       */
      readonly did: 'created' | 'updated' | 'unchanged' | 'deleted' | 'deleting';
      /** The object after the write; for `deleted`, the last state. */
      readonly object: KubeObject;
      /** Texts of `Warning:` headers. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly error: Status; readonly warnings: readonly string[] };

/** One change of one object. DELETED carries the last state, with the revision of the deletion. */
export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
  /** The state before, where the log still has it. */
  readonly previous?: T;
}

/** Changes after a revision, in order. */
export interface ChangeBatch {
  readonly events: readonly WatchEvent[];
  /** Ask again from here. */
  readonly resourceVersion: string;
  /** True when `limit` cut the batch short. */
  readonly more: boolean;
}

/** Reads objects. Throws StatusError (NotFound, BadRequest, Expired). */
interface Reader {
  get<T extends KubeObject>(kind: KindRef<T>, key: ObjectKey): Promise<T>;
  list<T extends KubeObject>(kind: KindRef<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** Every kind served now, custom resources included, in the order of `kubectl api-resources`. */
  resources(): Promise<readonly ResourceInfo[]>;
}

/**
 * Writes objects. Each request succeeds or fails on its own, as separate requests to an API server would; those
 * that succeed are durable when the promise resolves. An engine with transactions commits them in one.
 */
interface Writer {
  commit(requests: readonly WriteRequest[]): Promise<readonly WriteOutcome[]>;
}

/** Follows changes. `changes` throws StatusError with reason Expired (410) when the log was compacted past `after`. */
interface Watcher {
  changes(after: string, limit?: number): Promise<ChangeBatch>;
  /** Newest revision, without reading anything else: cheap enough to poll. */
  revision(): Promise<string>;
  /** Calls back when something may have changed in this process. May come late, doubled or never. */
  onChange(hint: () => void): () => void;
}

/** Which pods: those bound to this node, those that name this owner in their ownerReferences, or those of a namespace. */
export type PodChoice =
  | { readonly nodeName: string }
  | { readonly ownerUid: string }
  /** '' is all namespaces. */
  | { readonly namespace: string };

/**
 * Reads of pods that answer before they return, for whoever has to know in the middle of a step. They show the state at
 * a resourceVersion; they throw StatusError with reason Expired when it was compacted away.
 */
export interface PodsAtOnce {
  get(key: ObjectKey, resourceVersion: string): Pod | undefined;
  list(choice: PodChoice, resourceVersion: string): readonly Pod[];
}

/** The API as controllers, agents and commands see it: in process, or a remote API server. */
export interface Client extends Reader, Writer, Watcher {
  /** Absent where reading takes time, as over a network. */
  readonly podsAtOnce?: PodsAtOnce;
}
