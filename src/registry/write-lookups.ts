import type { WriteRequest } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { NAMESPACE } from '../api/well-known.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import { DEFINITIONS, type KindLookup } from './kind-lookup.ts';
import type { KnownState, NewestStates } from './newest-states.ts';
import { kindPrefix, objectKey } from './object-keys.ts';
import type { RecentChanges } from './recent-changes.ts';
import type { RevisionCache } from './revision-cache.ts';
import type { ServedKind } from './served-kind.ts';
import type { Lookups, WriteContext } from './strategies/strategy.ts';

/** What a batch of writes works with. */
export interface WriteEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly kinds: KindLookup;
  readonly cache: RevisionCache;
  /** What this process wrote last under its keys. */
  readonly newest: NewestStates;
  /** What this process wrote last, in order. */
  readonly recent: RecentChanges;
  /** Whether the store gets texts that are written when they are read. */
  readonly late: boolean;
}

/** A request whose kind and place are known. */
export interface PlacedRequest {
  readonly request: WriteRequest;
  readonly kind: ServedKind;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  /** Where its object lies; undefined while the server has to choose the name. */
  readonly key: string | undefined;
}

/** What a round of evaluation goes by. */
export interface Gathered {
  /** What lies under the keys of the requests now; absent keys are missing. */
  readonly states: ReadonlyMap<string, GatheredState>;
  readonly context: WriteContext;
}

/** What lies under a key. */
interface GatheredState extends KnownState {
  /** Whether it was not read, but is what this process wrote last. */
  readonly isAssumed: boolean;
}

/**
 * Gathers everything that the verbs may ask for while they answer these requests. `fresh`: their objects are read, all
 * in one read; otherwise those that this process wrote last are taken to be as it left them.
 */
export async function gather(
  environment: WriteEnvironment,
  items: readonly PlacedRequest[],
  fresh: boolean,
): Promise<Gathered> {
  const { store, cache } = environment;
  const states = new Map<string, GatheredState>();
  const keys = new Set<string>();
  for (const { kind, request, namespace, key } of items) {
    if (key !== undefined) {
      // What is there lets no create pass, so that it would be read in any case.
      const creates = request.verb === 'create' && request.subresource === undefined;
      const mayAssume = !fresh && !creates;
      const known = mayAssume ? environment.newest.get(key) : undefined;
      if (known === undefined) keys.add(key);
      else states.set(key, { ...known, isAssumed: true });
    }
    if (mayCreate(kind, request) && kind.info.namespaced) keys.add(namespaceKey(namespace));
  }
  const wanted = [...keys];
  const found = await store.getMany(wanted);
  wanted.forEach((key, at) => {
    const entry = found[at];
    if (entry === undefined || entry === null) return;
    states.set(key, { modRevision: entry.modRevision, object: cache.decode(entry), isAssumed: false });
  });
  const priorityClasses = await priorityClassesFor(environment, items);
  const definitions = await definitionsFor(environment, items);
  const lookups: Lookups = {
    namespace: (name) => states.get(namespaceKey(name))?.object ?? null,
    priorityClasses: () => priorityClasses,
    definitions: () => definitions,
  };
  return {
    states,
    context: { now: environment.clock.now(), random: environment.random, lookups, client: environment },
  };
}

function mayCreate(kind: ServedKind, request: WriteRequest): boolean {
  if (request.verb === 'update') return kind.strategy.createOnUpdate;
  return request.verb === 'create' || (request.verb === 'patch' && request.patchType === 'apply');
}

function namespaceKey(name: string): string {
  return objectKey({ group: NAMESPACE.group, resource: 'namespaces' }, { namespace: '', name });
}

async function priorityClassesFor(
  { store, cache }: WriteEnvironment,
  items: readonly PlacedRequest[],
): Promise<readonly KubeObject[]> {
  const pods = items.some(
    ({ kind, request }) => kind.storedAs.resource === 'pods' && mayCreate(kind, request),
  );
  if (!pods) return [];
  const prefix = kindPrefix({ group: 'scheduling.k8s.io', resource: 'priorityclasses' });
  return (await store.list({ prefix })).entries.map((entry) => cache.decode(entry));
}

async function definitionsFor(
  { kinds }: WriteEnvironment,
  items: readonly PlacedRequest[],
): Promise<readonly KubeObject[]> {
  const needed = items.some(
    ({ kind, request }) => request.verb !== 'delete' && kind.storedAs.resource === DEFINITIONS.resource,
  );
  return needed ? kinds.definitions() : [];
}
