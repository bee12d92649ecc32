import type { WriteRequest } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { NAMESPACE } from '../api/well-known.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import { DEFINITIONS, type KindLookup } from './kind-lookup.ts';
import type { KnownState, KnownStates } from './known-states.ts';
import { kindPrefix, objectKey } from './object-keys.ts';
import type { RecentChanges } from './recent-changes.ts';
import type { ServedKind } from './served-kind.ts';
import type { WriteContext } from './strategies/strategy.ts';
import type { Place } from './write-places.ts';

/** What a batch of writes works with. */
export interface WriteEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly kinds: KindLookup;
  /** What this process knows of the store's objects. */
  readonly states: KnownStates;
  /** What this process wrote last, in order. */
  readonly recent: RecentChanges;
  /** Whether the store gets texts that are written when they are read. */
  readonly late: boolean;
}

/** A request whose place is known. */
export interface PlacedRequest {
  readonly request: WriteRequest;
  readonly place: Place;
  /** Where its object lies; undefined while the server has to choose the name. */
  readonly key: string | undefined;
  /** What lies under the key; undefined when nothing does. Set by `gather`. */
  before: KnownState | undefined;
  /** Whether `before` was not read, but is what this process knew. Set by `gather`. */
  isAssumed: boolean;
}

/**
 * Gathers everything that the verbs may ask for while they answer these requests, and tells each what lies under its
 * key. `fresh`: their objects are read, all in one read; otherwise those that this process knows are taken to be as it
 * left them.
 */
export async function gather(
  environment: WriteEnvironment,
  items: readonly PlacedRequest[],
  fresh: boolean,
): Promise<WriteContext> {
  const { clock, random } = environment;
  const unread = fresh ? items : items.filter((item) => !assumed(environment, item));
  const namespaces = new Map<string, KubeObject>();
  await readStates(environment, unread, namespacesOf(items), namespaces);
  const priorityClasses = await priorityClassesFor(environment, items);
  const definitions = await definitionsFor(environment, items);
  const lookups = {
    namespace: (name: string) => namespaces.get(name) ?? null,
    priorityClasses: () => priorityClasses,
    definitions: () => definitions,
  };
  return { now: clock.now(), random, lookups, client: environment };
}

/** Takes what this process knows for what is there, where it may. False: it has to be read. */
function assumed({ states }: WriteEnvironment, item: PlacedRequest): boolean {
  const { request, key } = item;
  // What is there lets no create pass, so that it would be read in any case.
  item.before = key === undefined || isCreate(request) ? undefined : states.get(key);
  item.isAssumed = item.before !== undefined;
  return item.isAssumed;
}

/** Reads, in one read, the states of the items that have a key, and the namespaces of these names. */
async function readStates(
  { store, states }: WriteEnvironment,
  items: readonly PlacedRequest[],
  names: ReadonlySet<string>,
  namespaces: Map<string, KubeObject>,
): Promise<void> {
  const wanted: string[] = [];
  for (const { key } of items) if (key !== undefined) wanted.push(key);
  for (const name of names) wanted.push(namespaceKey(name));
  const found = wanted.length === 0 ? [] : await store.getMany(wanted);
  let at = 0;
  for (const item of items) {
    const entry = item.key === undefined ? undefined : found[at++];
    item.before = entry === undefined || entry === null ? undefined : states.read(entry);
    item.isAssumed = false;
  }
  for (const name of names) {
    const entry = found[at++];
    if (entry !== undefined && entry !== null) namespaces.set(name, states.decode(entry));
  }
}

/** The namespaces in which these requests may create something. */
function namespacesOf(items: readonly PlacedRequest[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { place, request } of items) {
    if (place.kind.info.namespaced && mayCreate(place.kind, request)) names.add(place.namespace);
  }
  return names;
}

function mayCreate(kind: ServedKind, request: WriteRequest): boolean {
  if (request.verb === 'update') return kind.strategy.createOnUpdate;
  return isCreate(request) || (request.verb === 'patch' && request.patchType === 'apply');
}

/** Creates below a pod are verbs of their own. */
function isCreate(request: WriteRequest): boolean {
  return request.verb === 'create' && request.subresource === undefined;
}

function namespaceKey(name: string): string {
  return objectKey({ group: NAMESPACE.group, resource: 'namespaces' }, { namespace: '', name });
}

async function priorityClassesFor(
  { store, states }: WriteEnvironment,
  items: readonly PlacedRequest[],
): Promise<readonly KubeObject[]> {
  const pods = items.some(
    ({ place, request }) => place.kind.storedAs.resource === 'pods' && mayCreate(place.kind, request),
  );
  if (!pods) return [];
  const prefix = kindPrefix({ group: 'scheduling.k8s.io', resource: 'priorityclasses' });
  return (await store.list({ prefix })).entries.map((entry) => states.decode(entry));
}

async function definitionsFor(
  { kinds }: WriteEnvironment,
  items: readonly PlacedRequest[],
): Promise<readonly KubeObject[]> {
  const needed = items.some(
    ({ place, request }) =>
      request.verb !== 'delete' && place.kind.storedAs.resource === DEFINITIONS.resource,
  );
  return needed ? kinds.definitions() : [];
}
