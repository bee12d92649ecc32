/**
 * A revisioned key–value log. It knows nothing of Kubernetes.
 *
 * Every successful write gets the next revision: 1, 2, 3, … without gaps (though not all of them are remembered, see
 * `compact` and `groupCommits`). A batch is all or nothing, and its writes
 * have consecutive revisions in the order given. When `commit` resolves, the batch survives a crash of the process
 * and of the machine. Several processes may share one store file; each sees the others' commits at its next call.
 *
 * Keys, values and terms are well-formed Unicode (no lone surrogates). `test/conformance/store-suite.ts` says in
 * tests what every engine must do.
 */

/**
 * A text by what it shares with others: `pieces[0] + fills[0] + pieces[1] + … + fills[n - 1] + pieces[n]`. Values whose
 * pieces are the same are kept in less space, and are written and read faster; otherwise they are the texts that they spell.
 */
export interface FormText {
  readonly pieces: readonly string[];
  /** One less than the pieces. */
  readonly fills: readonly string[];
}

/** A live key. Revisions are positive whole numbers. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  /**
   * The same value by its form, where the engine keeps it so. Entries of one form have the same list of pieces, by
   * identity, as long as the engine remembers it.
   */
  readonly form?: FormText;
  /** Revision at which the key was created (again, after a deletion). */
  readonly createRevision: number;
  /** Revision of the newest write. */
  readonly modRevision: number;
}

/** One write in the log. */
export interface Change {
  readonly revision: number;
  readonly key: string;
  /** The state after the write; null when the key was deleted. */
  readonly entry: Entry | null;
  /** The state before; null when the key was absent before. Compaction never takes it from a change that is still there. */
  readonly previous: Entry | null;
}

/** All keys that start with `prefix`; '' is everything. */
export interface KeyRange {
  readonly prefix: string;
  /**
   * Only keys that were put with this term. Terms are the store's index: short strings such as `node=worker-1`,
   * given with each put and replaced by the next.
   */
  readonly term?: string;
}

/**
 * Precondition of a write: the key is absent, is at this modRevision, or exists at any revision. It is checked against
 * the state before the batch. A delete of an absent key never holds, whatever it expects.
 */
export type Expect =
  | { readonly kind: 'absent' }
  | { readonly kind: 'at'; readonly modRevision: number }
  | { readonly kind: 'present' };

/** One write of a batch. */
export type Write =
  | {
      readonly op: 'put';
      readonly key: string;
      readonly value: string | FormText;
      readonly terms: readonly string[];
      readonly expect: Expect;
    }
  | { readonly op: 'delete'; readonly key: string; readonly expect: Expect };

/**
 * Answer to a batch. Not committed: nothing was written, and `failed` lists every write whose precondition did not
 * hold, in the order of the batch, with what is there instead.
 */
export type CommitResult =
  /** `revisions[i]` belongs to `writes[i]`. */
  | { readonly committed: true; readonly revisions: readonly number[] }
  | {
      readonly committed: false;
      readonly failed: readonly { readonly index: number; readonly actual: Entry | null }[];
    };

/** Options of a list. Keys come in ascending order of their UTF-8 bytes. */
export interface ListQuery {
  /** At most so many entries; absent or 0 is all. */
  readonly limit?: number;
  /** Only keys greater than this one. */
  readonly after?: string;
  /**
   * State as of this revision; absent or 0 is now. Throws StoreError `compacted` when it is older than `compacted()`,
   * `future` when it is newer than `revision()`.
   */
  readonly at?: number;
}

/** What a list read. */
export interface Listing {
  readonly entries: readonly Entry[];
  /** The revision that the entries belong to: the newest one, or `at`. */
  readonly revision: number;
  /** Whether `limit` left keys out. */
  readonly more: boolean;
}

/** All that is live at one revision, terms included: what a copy of a store starts from. */
export interface Snapshot {
  readonly revision: number;
  /** In ascending order of their keys. */
  readonly rows: readonly { readonly entry: Entry; readonly terms: readonly string[] }[];
}

/** The closed set of ways in which a store fails. */
export type StoreErrorCode =
  /** The asked revision was compacted away. */
  | 'compacted'
  /** The asked revision does not exist yet. */
  | 'future'
  /** Another process holds the write lock for too long. */
  | 'locked'
  /** The file or its folder cannot be written. */
  | 'readonly'
  /** The file or its folder cannot be opened (permission, is a directory, no such folder). */
  | 'unreadable'
  /** The file is no SQLite database, or none of ours. */
  | 'foreign'
  /** The file is damaged. */
  | 'corrupt'
  /** The file was written by a newer kdaemon. */
  | 'newer'
  /** No space left. */
  | 'full'
  /** The store was closed. */
  | 'closed'
  /** Anything else that the operating system reports. */
  | 'io';

/** A failure of the store; `message` is one line for people, without a path of ours in it unless it is the user's. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** Reads that answer before they return. They throw StoreError where the others reject. */
export interface ReadsAtOnce {
  get(key: string): Entry | null;
  list(range: KeyRange, query?: ListQuery): Listing;
}

/** The log. Every method may reject with StoreError; after `close` all but `close` reject with `closed`. */
export interface Store {
  get(key: string): Promise<Entry | null>;
  /** Many keys in one read; the result has the order of `keys`. */
  getMany(keys: readonly string[]): Promise<readonly (Entry | null)[]>;
  list(range: KeyRange, query?: ListQuery): Promise<Listing>;
  /** `get` and `list` for whoever has to know in the middle of a step; absent where reading takes time. */
  readonly atOnce?: ReadsAtOnce;
  /** How many live keys are in the range, without reading their values. */
  count(range: KeyRange): Promise<number>;
  /**
   * Writes a batch, or nothing of it. A key may occur once in a batch (RangeError otherwise); an empty batch is
   * committed without touching the store.
   */
  commit(writes: readonly Write[]): Promise<CommitResult>;
  /**
   * Changes with `revision > after`, oldest first; `limit` absent or 0 is all of them. Throws `compacted` if some of
   * them are gone, `future` if `after` is newer than `revision()`: the caller has followed another store.
   *
   * Revisions that a group has left out (see `groupCommits`) are missing. The change that comes instead has as `previous`
   * what lay under the key before the group. Deletions, and the states before them, are never left out, nor is the newest
   * revision of a group. A `list` at a revision inside of such a group throws `compacted`.
   */
  changes(after: number, limit?: number): Promise<readonly Change[]>;
  /** The newest revision; 0 in a new store. Cheap: meant for polling. */
  revision(): Promise<number>;
  /** How far history is forgotten; 0 in a new store. `changes(after)` and `list` at a revision work from here on. */
  compacted(): Promise<number>;
  /**
   * Forgets history up to and including `through`; live entries stay, and so does the state as of `through`. Works in
   * small steps, between which others may write. Does nothing when that much is forgotten already; throws `future`.
   * Where `through` lies inside of a group that has left out states, history is kept from the beginning of that group.
   */
  compact(through: number): Promise<void>;
  /** Reads all that is live, at one revision. */
  snapshot(): Promise<Snapshot>;
  /**
   * Lets commits become durable, and visible to other processes, together: each waits for others until so many writes
   * (`most`) have come together or a second has passed, at the latest until `flush` or `close`. For a run that tells
   * nobody of its writes before it has flushed them; should it end before, the last of them are as if never made. 1 ends it.
   * Absent where commits cost nothing by themselves.
   *
   * History through `exactThrough` (default: all of it) is kept as ever. Of later revisions, a state may be left out that
   * was replaced by another state of its key before anybody else could see it: see `changes`. A value that is given in
   * such a group is read at its end, and must not change until then.
   */
  readonly groupCommits?: (most: number, exactThrough?: number) => void;
  /** Makes durable what waits in a group. */
  readonly flush?: () => Promise<void>;
  /** Calls back after a commit in this process. A hint only: it may come late, doubled, or never. Returns the undo. */
  onCommit(hint: () => void): () => void;
  /** Lets go of the file. May be called twice. */
  close(): Promise<void>;
}
