import type {
  ChangeBatch,
  Client,
  ListOptions,
  WatchEvent,
  WriteOutcome,
  WriteRequest,
} from '../api/client.ts';
import type { KindRef, KubeObject, ObjectKey, ObjectList } from '../api/meta.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { type Change, type Entry, type Store, StoreError } from '../store/store.ts';
import { BOOTSTRAP_KEY, bootstrapWrites } from './bootstrap.ts';
import { finishDefinitions } from './custom-resources/cleanup.ts';
import { KindLookup } from './kind-lookup.ts';
import { KnownStates } from './known-states.ts';
import { listObjects } from './listing.ts';
import { isObjectKey, objectKey } from './object-keys.ts';
import { podsAtOnce } from './pods-at-once.ts';
import { RecentChanges } from './recent-changes.ts';
import { groupResource } from './served-kind.ts';
import { badRequest, expired, notFound } from './status-errors.ts';
import { withResourceVersion } from './stored-object.ts';
import { writeBatch } from './write-batch.ts';
import type { WriteEnvironment } from './write-lookups.ts';

/** What a client in process is made of. */
export interface LocalClientParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Whether texts are written only when they are read: for stores in memory, which keep what they are given, and for
   * those that commit in groups. Nobody may change an object that was written.
   */
  readonly writesLate?: boolean;
}

/** Of how many objects the newest state is kept parsed: several times what is on its way between two agents. */
const REMEMBERED_STATES = 1 << 14;
/** How many changes one call reads when the caller sets no limit. */
const CHANGES_AT_ONCE = 10_000;

/**
 * The API in process: every verb for every kind over a store. A fresh store gets its namespaces and priority classes
 * on first use. Objects that come out are shared with the client's own memory: they must not be changed.
 */
export function localClient({ store, clock, random, writesLate = false }: LocalClientParts): Client {
  const states = new KnownStates(REMEMBERED_STATES);
  const decode = (entry: Entry): KubeObject => states.decode(entry);
  const kinds = new KindLookup(store, decode);
  const recent = new RecentChanges();
  const environment: WriteEnvironment = {
    store,
    clock,
    random,
    kinds,
    states,
    recent,
    late: writesLate,
  };
  let bootstrapped = false;

  /** Reads of a store that cannot be written see it as it is. */
  const prepare = async (writing: boolean): Promise<void> => {
    if (bootstrapped) return;
    try {
      if ((await store.get(BOOTSTRAP_KEY)) === null) await store.commit(bootstrapWrites(clock.now(), random));
    } catch (error) {
      if (writing || !(error instanceof StoreError) || error.code !== 'readonly') throw error;
    }
    bootstrapped = true;
  };

  return {
    async get<T extends KubeObject>(ref: KindRef<T>, key: ObjectKey): Promise<T> {
      await prepare(false);
      const kind = await kinds.resolve(ref, 'get');
      const namespace = kind.info.namespaced ? key.namespace || 'default' : '';
      const entry = await store.get(objectKey(kind.storedAs, { namespace, name: key.name }));
      if (entry === null) throw notFound(groupResource(kind), key.name);
      const stored = decode(entry);
      // What lies under a kind's key is of that kind.
      return (kind.fromStored?.(stored) ?? stored) as T;
    },

    async list<T extends KubeObject>(ref: KindRef<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
      await prepare(false);
      const kind = await kinds.resolve(ref, 'list');
      const { fromStored } = kind;
      const read = fromStored === undefined ? decode : (entry: Entry) => fromStored(decode(entry));
      // What lies under a kind's prefix is of that kind.
      return (await listObjects(store, kind, options, read)) as ObjectList<T>;
    },

    async resources() {
      await prepare(false);
      return kinds.resources();
    },

    async commit(requests: readonly WriteRequest[]): Promise<readonly WriteOutcome[]> {
      await prepare(true);
      const outcomes = await writeBatch(environment, requests);
      return finishDefinitions(environment, requests, outcomes);
    },

    async changes(after: string, limit = CHANGES_AT_ONCE): Promise<ChangeBatch> {
      const from = revisionOf(after);
      const compacted = await store.compacted();
      recent.forget(compacted);
      const isKept = from >= compacted;
      const own = isKept ? recent.after(from, await store.revision(), limit + 1) : undefined;
      if (own !== undefined) {
        const events = own.length > limit ? own.slice(0, limit) : own;
        const resourceVersion = String(from + events.length);
        return { events, resourceVersion, more: own.length > limit };
      }
      const changes = await readChanges(store, from, limit + 1);
      const taken = changes.length > limit ? changes.slice(0, limit) : changes;
      return {
        events: taken.filter(({ key }) => isObjectKey(key)).map((change) => watchEvent(change, decode)),
        resourceVersion: String(taken.at(-1)?.revision ?? from),
        more: changes.length > limit,
      };
    },

    async revision() {
      await prepare(false);
      return String(await store.revision());
    },

    onChange: (hint) => store.onCommit(hint),
    ...(store.atOnce === undefined ? {} : { podsAtOnce: podsAtOnce(store.atOnce, decode) }),
  };
}

function revisionOf(resourceVersion: string): number {
  const text = resourceVersion === '' ? '0' : resourceVersion;
  if (!/^(0|[1-9][0-9]*)$/.test(text)) throw badRequest(`invalid resource version ${JSON.stringify(text)}`);
  return Number(text);
}

async function readChanges(store: Store, after: number, limit: number): Promise<readonly Change[]> {
  try {
    return await store.changes(after, limit);
  } catch (error) {
    if (error instanceof StoreError && (error.code === 'compacted' || error.code === 'future')) {
      const edge = error.code === 'compacted' ? await store.compacted() : await store.revision();
      throw expired(`too old resource version: ${after} (${edge})`);
    }
    throw error;
  }
}

function watchEvent({ revision, entry, previous }: Change, decode: (entry: Entry) => KubeObject): WatchEvent {
  const before = previous === null ? undefined : decode(previous);
  if (entry === null) {
    if (before === undefined)
      throw new Error(`registry: the log has no state before the deletion at ${revision}`);
    return { type: 'DELETED', object: withResourceVersion(before, revision), previous: before };
  }
  const object = decode(entry);
  return before === undefined ? { type: 'ADDED', object } : { type: 'MODIFIED', object, previous: before };
}
