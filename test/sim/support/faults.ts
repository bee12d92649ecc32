import type { ChangeBatch, Client, WriteOutcome, WriteRequest } from '../../../src/api/client.ts';
import type { Pod } from '../../../src/api/core.ts';
import { type Status, StatusError } from '../../../src/api/status.ts';
import { type Store, StoreError } from '../../../src/store/store.ts';

/** What goes wrong with one commit of the machinery, or beside it. */
export const COMMIT_FAULTS = [
  /** The server cannot be reached: nothing is written. */
  'unavailable',
  /** The connection breaks after the writes: they are there, but nobody learns of it. */
  'lost-reply',
  /** Every request of the batch is refused for a conflict that nothing else shows. */
  'conflict',
  /** Somebody else has changed every object of the batch since it was read. */
  'foreign-write',
  /** The process ends before the writes. */
  'crash-before',
  /** The process ends after the writes and before the reply. */
  'crash-after',
  /** The clock jumps an hour ahead. */
  'clock-forward',
  /** The clock is set back by ten minutes. */
  'clock-backward',
  /** A node is deleted, and registers anew a little later. */
  'node-vanishes',
  /** From here on a kubelet's reports do not arrive for a while. */
  'silent-kubelet',
] as const;
/** What goes wrong with one look at the log. */
export const WATCH_FAULTS = [
  /** The log cannot be read now. */
  'watch-unavailable',
  /** What has happened shows only at the next look, as when a hint is lost or comes late. */
  'late-hint',
  /** The log is compacted past the reader, who has to list everything anew. */
  'compaction',
] as const;
/** What goes wrong with one commit of the API's store, below the registry. */
export const STORE_FAULTS = [
  /** Between the registry's reads and its commit another process writes the same keys. */
  'store-foreign-write',
  /** The store is locked for too long: nothing is written. */
  'store-locked',
  /** The store fails after it has written. */
  'store-fails-after',
] as const;

type CommitFault = (typeof COMMIT_FAULTS)[number];
type WatchFault = (typeof WATCH_FAULTS)[number];
export type StoreFault = (typeof STORE_FAULTS)[number];

/** Ends a process: whoever runs the manager throws it away and builds another. */
export class Crash extends Error {}

/** Which commit and which look fails, counted from 1; undefined where all goes well. */
export interface FaultPlan {
  commit?(number: number): CommitFault | undefined;
  look?(number: number): WatchFault | undefined;
}

/** What faults do to the world around the client. */
export interface FaultEffects {
  /** Changes each object that the requests are about, without changing what it asks for. */
  touch(requests: readonly WriteRequest[]): Promise<void>;
  /** Writes something and forgets all history. */
  compact(): Promise<void>;
  moveClock(ms: number): void;
  removeNode(): Promise<void>;
  /** Brings the removed node back; false when it is not away. */
  restoreNode(): Promise<boolean>;
  /** Name of the node whose kubelet falls silent. */
  readonly silentNode: string;
}

const HOUR_MS = 3_600_000;
const TEN_MINUTES_MS = 600_000;
/** For so many commits a node is away, or a kubelet silent. */
const LASTING = 6;

const refusal = (code: number, reason: string): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason,
  message: `injected ${reason}`,
  code,
});
const refused = (code: number, reason: string): WriteOutcome => ({
  ok: false,
  error: refusal(code, reason),
  warnings: [],
});

/** A client whose commits and looks at the log fail as planned. */
export function faultyClient(client: Client, plan: FaultPlan, effects: FaultEffects): Client {
  let commits = 0;
  let looks = 0;
  let nodeIsBackAt = 0;
  let silentUntil = 0;

  /** Commits all but what the silent kubelet sends. */
  async function commitHeard(requests: readonly WriteRequest[]): Promise<readonly WriteOutcome[]> {
    if (commits >= silentUntil) return client.commit(requests);
    const heard = requests.filter((request) => !isReportOf(request, effects.silentNode));
    const outcomes = [...(await client.commit(heard))];
    return requests.map((request) =>
      isReportOf(request, effects.silentNode)
        ? refused(503, 'ServiceUnavailable')
        : (outcomes.shift() ?? refused(500, 'InternalError')),
    );
  }

  return {
    ...client,
    async commit(requests) {
      commits += 1;
      if (commits === nodeIsBackAt) await effects.restoreNode();
      const fault = plan.commit?.(commits);
      switch (fault) {
        case 'unavailable':
          throw new StatusError(refusal(503, 'ServiceUnavailable'));
        case 'conflict':
          return requests.map(() => refused(409, 'Conflict'));
        case 'crash-before':
          throw new Crash();
        case 'foreign-write':
          await effects.touch(requests);
          break;
        case 'clock-forward':
          effects.moveClock(HOUR_MS);
          break;
        case 'clock-backward':
          effects.moveClock(-TEN_MINUTES_MS);
          break;
        case 'node-vanishes':
          await effects.removeNode();
          nodeIsBackAt = commits + LASTING;
          break;
        case 'silent-kubelet':
          silentUntil = commits + LASTING;
          break;
        case 'lost-reply':
        case 'crash-after':
        case undefined:
          break;
        default:
          return fault satisfies never;
      }
      const outcomes = await commitHeard(requests);
      if (fault === 'lost-reply') throw new StatusError(refusal(504, 'Timeout'));
      if (fault === 'crash-after') throw new Crash();
      return outcomes;
    },
    async changes(after, limit) {
      looks += 1;
      switch (plan.look?.(looks)) {
        case 'watch-unavailable':
          throw new StatusError(refusal(503, 'ServiceUnavailable'));
        case 'late-hint':
          return { events: [], resourceVersion: after, more: false } satisfies ChangeBatch;
        case 'compaction':
          await effects.compact();
          break;
        default:
          break;
      }
      return client.changes(after, limit);
    },
  };
}

/** A store whose commits fail where `faultOf` says so; commits are numbered from 1. */
export function faultyStore(store: Store, faultOf: (commit: number) => StoreFault | undefined): Store {
  let commits = 0;
  return {
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    list: (range, query) => store.list(range, query),
    count: (range) => store.count(range),
    changes: (after, limit) => store.changes(after, limit),
    revision: () => store.revision(),
    compacted: () => store.compacted(),
    compact: (through) => store.compact(through),
    snapshot: () => store.snapshot(),
    onCommit: (hint) => store.onCommit(hint),
    close: () => store.close(),
    async commit(writes) {
      commits += 1;
      const fault = faultOf(commits);
      if (fault === 'store-locked') throw new StoreError('locked', 'injected: the store is locked');
      if (fault === 'store-foreign-write') await rewrite(store, new Set(writes.map(({ key }) => key)));
      const result = await store.commit(writes);
      if (fault === 'store-fails-after') throw new StoreError('io', 'injected: the disk is gone');
      return result;
    },
  };
}

/** Writes what is under the keys once more: nothing changes but the revisions. */
async function rewrite(store: Store, keys: ReadonlySet<string>): Promise<void> {
  const { rows } = await store.snapshot();
  await store.commit(
    rows
      .filter(({ entry }) => keys.has(entry.key))
      .map(({ entry: { key, value }, terms }) => ({
        op: 'put',
        key,
        value,
        terms,
        expect: { kind: 'present' },
      })),
  );
}

/** Whether a request is what the kubelet of a node reports. */
function isReportOf(request: WriteRequest, nodeName: string): boolean {
  if (request.verb !== 'update' || request.subresource !== 'status') return false;
  if (request.kind.kind === 'Node') return request.key.name === nodeName;
  // A Pod's status is written with the whole pod.
  return request.kind.kind === 'Pod' && (request.object as Pod).spec.nodeName === nodeName;
}
