import type { Client, WatchEvent } from '../api/client.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';
import { hasReason, StatusError } from '../api/status.ts';
import type { Lister } from './controller.ts';
import { kindKey, kindKeyOf } from './kind-key.ts';
import { createObjectIndex, type ObjectChange } from './object-index.ts';
import { compareResourceVersions } from './resource-version.ts';

/** Everything in the cluster but events, as of the last pull. */
export interface Cache {
  readonly lister: Lister;
  /**
   * Takes over what happened since the last pull; at first, and when the log no longer reaches back, by listing
   * everything. `onChange` is called for each change: one by one as they are taken over, but after a list only when
   * all of it is there. Returns how many changes there were. Throws what the client throws.
   */
  pull(onChange: (change: ObjectChange, lister: Lister) => void): Promise<number>;
  /** Everything up to this revision was taken over; undefined before the first pull. */
  seen(): string | undefined;
}

/** A state of the cluster that whoever pulls has dealt with. */
export interface KnownState {
  readonly revision: string;
  /** Kinds whose objects are told in any case, as they are at every start. */
  readonly retold: readonly KindRef[];
}

/** Changes asked for in one request. */
const batchSize = 2000;

const isEvent = (kind: string): boolean => kind === 'Event';
const versionOf = (object: KubeObject): string => object.metadata.resourceVersion ?? '';

/**
 * A cache over a client. It keeps the client's objects as they are and never copies them.
 *
 * `known` is a state that holds no news for whoever pulls: then the first pull tells of the changes since, as if it had
 * followed them, and of everything only when the log does not reach back to it.
 */
export function createCache(client: Client, known?: KnownState): Cache {
  let index = createObjectIndex();
  /** Everything up to this revision is in the index; undefined before the first list. */
  let seen: string | undefined;

  function take(event: WatchEvent): ObjectChange | undefined {
    const object = event.object;
    const previous = index.peer(object);
    if (previous !== undefined && compareResourceVersions(versionOf(object), versionOf(previous)) <= 0) {
      return undefined;
    }
    if (event.type === 'DELETED') {
      if (previous === undefined) return undefined;
      index.remove(previous);
      return { previous, current: undefined };
    }
    index.put(object);
    return { previous, current: object };
  }

  /** Lists everything anew. `start` is a revision that all of it is at least as new as. */
  async function list(): Promise<{ readonly start: string; readonly changes: readonly ObjectChange[] }> {
    const start = await client.revision();
    const next = createObjectIndex();
    const kinds = new Map<string, KindRef>();
    for (const info of await client.resources()) {
      if (isEvent(info.kind) || !info.verbs.includes('list')) continue;
      const kind = { group: info.group, version: info.version, kind: info.kind };
      if (!kinds.has(kindKey(kind))) kinds.set(kindKey(kind), kind);
    }
    for (const kind of kinds.values()) {
      try {
        for (const object of (await client.list(kind)).items) next.put(object);
      } catch (error) {
        // A custom kind may be gone by now.
        if (!hasReason(error, 'NotFound')) throw error;
      }
    }
    const changes: ObjectChange[] = [];
    for (const gone of index.all()) {
      if (next.peer(gone)?.metadata.uid !== gone.metadata.uid)
        changes.push({ previous: gone, current: undefined });
    }
    for (const current of next.all()) {
      const known = index.peer(current);
      const previous = known?.metadata.uid === current.metadata.uid ? known : undefined;
      if (previous === undefined || versionOf(previous) !== versionOf(current))
        changes.push({ previous, current });
    }
    index = next;
    seen = start;
    return { start, changes };
  }

  /** The changes after `known` up to `start`, as the log has them; undefined when it does not have them all. */
  async function changesBetween(after: string, start: string): Promise<readonly ObjectChange[] | undefined> {
    const changes: ObjectChange[] = [];
    try {
      let more = true;
      for (let from = after; more && compareResourceVersions(from, start) < 0; ) {
        const batch = await client.changes(from, batchSize);
        for (const { type, object, previous } of batch.events) {
          const isLater = compareResourceVersions(versionOf(object), start) > 0;
          if (isLater || isEvent(object.kind)) continue;
          changes.push({ previous, current: type === 'DELETED' ? undefined : object });
        }
        from = batch.resourceVersion;
        more = batch.more;
      }
      return changes;
    } catch (error) {
      if (error instanceof StatusError) return undefined;
      throw error;
    }
  }

  async function follow(after: string, onChange: (change: ObjectChange) => void): Promise<number> {
    let count = 0;
    let more = true;
    for (let from = after; more; ) {
      const batch = await client.changes(from, batchSize);
      for (const event of batch.events) {
        if (isEvent(event.object.kind)) continue;
        const change = take(event);
        if (change === undefined) continue;
        count += 1;
        onChange(change);
      }
      from = batch.resourceVersion;
      seen = from;
      more = batch.more;
    }
    return count;
  }

  const lister: Lister = {
    get: (kind, key) => index.get(kind, key),
    list: (kind, namespace) => index.list(kind, namespace),
    ownedBy: (kind, ownerUid) => index.ownedBy(kind, ownerUid),
    uncontrolled: (kind, namespace) => index.uncontrolled(kind, namespace),
    dependentsOf: (ownerUid) => index.dependentsOf(ownerUid),
    byUid: (uid) => index.byUid(uid),
    inNamespace: (namespace) => index.inNamespace(namespace),
    podsOnNode: (nodeName) => index.podsOnNode(nodeName),
  };

  return {
    lister,
    seen: () => seen,
    async pull(onChange) {
      const tell = (change: ObjectChange): void => onChange(change, lister);
      if (seen !== undefined) {
        try {
          return await follow(seen, tell);
        } catch (error) {
          if (!hasReason(error, 'Expired') && !hasReason(error, 'Gone')) throw error;
        }
      }
      const isFirst = seen === undefined;
      const { start, changes: all } = await list();
      const since = isFirst && known !== undefined ? await changesBetween(known.revision, start) : undefined;
      const retold = new Set(known?.retold.map(kindKey));
      const isRetold = ({ current }: ObjectChange): boolean =>
        current !== undefined && retold.has(kindKeyOf(current));
      const changes = since === undefined ? all : [...since, ...all.filter(isRetold)];
      for (const change of changes) tell(change);
      return changes.length + (await follow(start, tell));
    },
  };
}
