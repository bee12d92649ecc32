import type { Client, WatchEvent } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import type { KindRef, KubeObject, ObjectKey } from '../api/meta.ts';
import { hasReason, StatusError } from '../api/status.ts';
import { NODE, POD } from '../api/well-known.ts';
import type { Lister } from './controller.ts';
import { kindKey, kindKeyOf } from './kind-key.ts';
import { createObjectIndex, type ObjectChange, type ObjectIndex } from './object-index.ts';
import { type PodsOnDemand, podsOnDemand, type RestingPods } from './pods-on-demand.ts';
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
  /**
   * While not all pods are in memory: those of an owner that are, among them all that are not at rest, and all that have
   * changed since the known state and are not. Undefined when all pods are known.
   */
  podsAtHand(): ((ownerUid: string) => readonly Pod[]) | undefined;
  /** The pods that are not at rest; all of them where nobody said what rest is. */
  restlessPods(): readonly Pod[];
}

/** A state of the cluster that whoever pulls has dealt with. */
export interface KnownState {
  readonly revision: string;
  /** Kinds whose objects are told in any case, as they are at every start. */
  readonly retold: readonly KindRef[];
  /**
   * Its pods that were not at rest (see `RestingPods`): the others are read when somebody asks for them, where the client
   * can. Absent: all pods are read at the start.
   */
  readonly restlessPods?: readonly ObjectKey[];
}

/** Changes asked for in one request. */
const batchSize = 2000;

const podKind = kindKey(POD);
const isPod = (object: KubeObject): boolean => kindKeyOf(object) === podKind;
const isEvent = (kind: string): boolean => kind === 'Event';
const versionOf = (object: KubeObject): string => object.metadata.resourceVersion ?? '';

/**
 * A cache over a client. It keeps the client's objects as they are and never copies them.
 *
 * `known` is a state that holds no news for whoever pulls: then the first pull tells of the changes since, as if it had
 * followed them, and of everything only when the log does not reach back to it. `resting` says which pods need not stay in
 * memory, where the client can read them again at once.
 */
export function createCache(client: Client, known?: KnownState, resting?: RestingPods): Cache {
  let index = createObjectIndex();
  /** Everything up to this revision is in the index; undefined before the first list. */
  let seen: string | undefined;
  /** Where pods are read on demand. */
  let demanded: PodsOnDemand | undefined;
  /**
   * Changes that were taken over and have to be told yet. While pods are read on demand they wait until the index stands at
   * one revision, at which pods can be read.
   */
  const untold: ObjectChange[] = [];

  function take(event: WatchEvent): ObjectChange | undefined {
    const object = event.object;
    const known = index.peer(object);
    const previous = known ?? (demanded !== undefined && isPod(object) ? event.previous : undefined);
    if (previous !== undefined && compareResourceVersions(versionOf(object), versionOf(previous)) <= 0) {
      return undefined;
    }
    if (event.type === 'DELETED') {
      if (previous === undefined) return undefined;
      index.remove(previous);
      return { previous, current: undefined };
    }
    index.put(object);
    // Its kind says that it is one.
    if (demanded !== undefined && isPod(object)) demanded.hasChanged(object as Pod);
    return { previous, current: object };
  }

  /** Everything but events, and maybe but pods, as new as the newest revision. */
  async function listed(withPods: boolean): Promise<ObjectIndex> {
    const next = createObjectIndex();
    const kinds = new Map<string, KindRef>();
    for (const info of await client.resources()) {
      if (isEvent(info.kind) || !info.verbs.includes('list')) continue;
      const kind = { group: info.group, version: info.version, kind: info.kind };
      if (!withPods && kindKey(kind) === podKind) continue;
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
    return next;
  }

  /** Lists everything anew. `start` is a revision that all of it is at least as new as. */
  async function list(): Promise<{ readonly start: string; readonly changes: readonly ObjectChange[] }> {
    const start = await client.revision();
    const next = await listed(true);
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
    // Of pods that were not in the index nobody can say whether they have gone: their nodes have to be looked at.
    if (demanded?.hasAll() === false)
      for (const node of next.list(NODE)) changes.push({ previous: node, current: node });
    index = next;
    seen = start;
    demanded = readingOnDemand(start, true);
    for (const pod of index.list(POD)) demanded?.hasChanged(pod);
    return { start, changes };
  }

  function readingOnDemand(start: string, hasAll: boolean): PodsOnDemand | undefined {
    const pods = client.podsAtOnce;
    if (pods === undefined || (hasAll && resting === undefined)) return undefined;
    return podsOnDemand(index, pods, () => seen ?? start, hasAll, resting);
  }

  /**
   * Takes over a known state without reading its pods: of those, only the ones that have changed since and those that were
   * not at rest. What has changed is to be told then; undefined when the log does not reach back to that state, or pods
   * cannot be read when they are asked for.
   */
  async function listBesidePods({ revision, retold, restlessPods }: KnownState) {
    const pods = client.podsAtOnce;
    if (pods === undefined || restlessPods === undefined) return undefined;
    const start = await client.revision();
    const changes = await changesBetween(revision, start);
    if (changes === undefined) return undefined;
    index = await listed(false);
    for (const { previous, current } of changes) {
      if (current !== undefined && isPod(current)) index.put(current);
      else if (current === undefined && previous !== undefined && isPod(previous)) index.remove(previous);
    }
    for (const key of restlessPods) {
      const pod = index.get(POD, key) ?? pods.get(key, start);
      if (pod !== undefined) index.put(pod);
    }
    seen = start;
    demanded = readingOnDemand(start, false);
    const again = retold.flatMap((kind) => index.list(kind));
    untold.push(...changes, ...again.map((current) => ({ previous: undefined, current })));
    return { start, count: untold.length };
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
        if (demanded === undefined || demanded.hasAll()) onChange(change);
        else untold.push(change);
      }
      from = batch.resourceVersion;
      seen = from;
      more = batch.more;
    }
    tellUntold(onChange);
    demanded?.letGo();
    return count;
  }

  function tellUntold(onChange: (change: ObjectChange) => void): void {
    let told = 0;
    try {
      for (const change of untold) {
        onChange(change);
        told += 1;
      }
    } finally {
      untold.splice(0, told);
    }
  }

  const now = (): Lister => demanded?.lister ?? index;
  const lister: Lister = {
    get: (kind, key) => now().get(kind, key),
    list: (kind, namespace) => now().list(kind, namespace),
    ownedBy: (kind, ownerUid) => now().ownedBy(kind, ownerUid),
    uncontrolled: (kind, namespace) => now().uncontrolled(kind, namespace),
    dependentsOf: (ownerUid) => now().dependentsOf(ownerUid),
    byUid: (uid) => now().byUid(uid),
    inNamespace: (namespace) => now().inNamespace(namespace),
    podsOnNode: (nodeName) => now().podsOnNode(nodeName),
  };

  return {
    lister,
    seen: () => seen,
    podsAtHand: () =>
      demanded === undefined || demanded.hasAll() ? undefined : (ownerUid) => index.ownedBy(POD, ownerUid),
    restlessPods: () => index.list(POD).filter((pod) => resting?.isAtRest(pod) !== true),
    async pull(onChange) {
      const tell = (change: ObjectChange): void => onChange(change, lister);
      const isFirst = seen === undefined;
      try {
        const besidePods = isFirst && known !== undefined ? await listBesidePods(known) : undefined;
        if (besidePods !== undefined) return besidePods.count + (await follow(besidePods.start, tell));
        if (seen !== undefined) return await follow(seen, tell);
      } catch (error) {
        if (!hasReason(error, 'Expired') && !hasReason(error, 'Gone')) throw error;
      }
      const { start, changes: all } = await list();
      tellUntold(tell);
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
