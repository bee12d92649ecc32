import type { WriteOutcome, WriteRequest } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import { NAMESPACE } from '../api/well-known.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Entry, Expect, Store, Write } from '../store/store.ts';
import { DEFINITIONS, type KindLookup } from './kind-lookup.ts';
import { kindPrefix, objectKey, termsOf } from './object-keys.ts';
import { groupResource, type ServedKind } from './served-kind.ts';
import { alreadyExists, conflict, MODIFIED } from './status-errors.ts';
import { encodeObject, type RevisionCache, withResourceVersion } from './stored-object.ts';
import type { Lookups, WriteContext } from './strategies/strategy.ts';
import { answer } from './verbs/answer.ts';
import { nameInBody } from './verbs/create.ts';
import { NAME_ATTEMPTS } from './verbs/names.ts';
import type { Transition } from './verbs/transition.ts';

/** What a batch of writes works with. */
export interface WriteEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly kinds: KindLookup;
  readonly cache: RevisionCache;
}

/** How often a request is evaluated anew because somebody else wrote its object in between. */
const RACE_ATTEMPTS = 25;

/** A request on its way. */
interface Item {
  readonly index: number;
  readonly request: WriteRequest;
  readonly kind: ServedKind;
  /** Where its object lies; undefined while the server has to choose the name. */
  readonly key: string | undefined;
  attempts: number;
}

/** A request that wants to write. */
interface Planned {
  readonly item: Item;
  readonly transition: Transition;
  readonly write: Write;
}

/**
 * Carries out requests in their order, each for itself, with as few commits as their order allows: one, unless a key
 * comes twice or a request needs what an earlier one makes. Objects are read once; whoever lost a race against
 * another writer is evaluated again on the newer state.
 */
export async function writeBatch(
  environment: WriteEnvironment,
  requests: readonly WriteRequest[],
): Promise<readonly WriteOutcome[]> {
  const outcomes = new Map<number, WriteOutcome>();
  let segment: Item[] = [];
  const keys = new Set<string>();
  const flush = async (): Promise<void> => {
    await writeSegment(environment, segment, outcomes);
    segment = [];
    keys.clear();
  };
  for (const [index, request] of requests.entries()) {
    const item = await place(environment, index, request, outcomes);
    if (item === undefined) continue;
    if (item.key !== undefined && keys.has(item.key)) await flush();
    if (item.key !== undefined) keys.add(item.key);
    segment.push(item);
    if (othersNeed(item)) await flush();
  }
  await flush();
  return requests.map((_request, index) => {
    const outcome = outcomes.get(index);
    if (outcome === undefined) throw new Error(`registry: request ${index} was left without an outcome`);
    return outcome;
  });
}

/** Whether later requests of a batch may depend on this one: namespaces, priority classes and definitions. */
function othersNeed({ kind, request }: Item): boolean {
  if (request.dryRun === true) return false;
  const { resource } = kind.storedAs;
  return resource === 'namespaces' || resource === 'priorityclasses' || resource === DEFINITIONS.resource;
}

async function place(
  { kinds }: WriteEnvironment,
  index: number,
  request: WriteRequest,
  outcomes: Map<number, WriteOutcome>,
): Promise<Item | undefined> {
  try {
    const kind = await kinds.resolve(request.kind);
    return { index, request, kind, key: keyOf(kind, request), attempts: 0 };
  } catch (error) {
    outcomes.set(index, refused(error));
    return undefined;
  }
}

function keyOf(kind: ServedKind, request: WriteRequest): string | undefined {
  const namespace = requestNamespace(kind, request);
  const name = request.verb === 'create' ? nameInBody(request.object) : request.key.name;
  return name === undefined ? undefined : objectKey(kind.storedAs, { namespace, name });
}

/** The namespace that a request is sent to: `default` where a namespaced kind's request names none. */
function requestNamespace(kind: ServedKind, request: WriteRequest): string {
  if (!kind.info.namespaced) return '';
  return (request.verb === 'create' ? request.namespace : request.key.namespace) || 'default';
}

/** A refusal as an outcome; anything that is no refusal is thrown on. */
function refused(error: unknown): WriteOutcome {
  if (error instanceof StatusError) return { ok: false, error: error.status, warnings: [] };
  throw error;
}

async function writeSegment(
  environment: WriteEnvironment,
  items: readonly Item[],
  outcomes: Map<number, WriteOutcome>,
): Promise<void> {
  const planned = new Map<Item, Planned>();
  let waiting = items;
  while (waiting.length > 0) {
    for (const [item, plan] of await evaluate(environment, waiting, outcomes)) planned.set(item, plan);
    const plans = [...planned.values()];
    if (plans.length === 0) return;
    const result = await environment.store.commit(plans.map((plan) => plan.write));
    if (result.committed) {
      plans.forEach((plan, at) => {
        outcomes.set(plan.item.index, settle(environment, plan, result.revisions[at] ?? 0));
      });
      return;
    }
    const lost = result.failed.flatMap(({ index }) => plans[index] ?? []);
    for (const plan of lost) planned.delete(plan.item);
    waiting = lost.flatMap(({ item, transition }) => {
      const exhausted = whyExhausted(item, transition);
      if (exhausted === undefined) return item;
      outcomes.set(item.index, refused(exhausted));
      return [];
    });
    if (waiting.length === 0 && planned.size > 0) waiting = [...planned.keys()];
  }
}

function whyExhausted(item: Item, { object }: Transition): StatusError | undefined {
  const name = object.metadata.name ?? '';
  if (item.key === undefined && item.attempts >= NAME_ATTEMPTS) {
    const more = 'the server was not able to generate a unique name for the object';
    return alreadyExists(groupResource(item.kind), name, more);
  }
  return item.attempts >= RACE_ATTEMPTS ? conflict(groupResource(item.kind), name, MODIFIED) : undefined;
}

/** Reads what the items need and asks the verbs. Items that have nothing to write get their outcome here. */
async function evaluate(
  environment: WriteEnvironment,
  items: readonly Item[],
  outcomes: Map<number, WriteOutcome>,
): Promise<ReadonlyMap<Item, Planned>> {
  const planned = new Map<Item, Planned>();
  const { entries, context } = await gather(environment, items);
  for (const item of items) {
    item.attempts++;
    const entry = item.key === undefined ? null : (entries.get(item.key) ?? null);
    try {
      const { kind, request } = item;
      const stored = entry === null ? null : environment.cache.decode(entry);
      const existing = stored === null ? null : (kind.fromStored?.(stored) ?? stored);
      const transition = answer(kind, requestNamespace(kind, request), request, existing, context);
      const write = request.dryRun === true ? undefined : writeOf(kind, transition, item.key, entry);
      if (write === undefined) outcomes.set(item.index, succeeded(transition, transition.object));
      else planned.set(item, { item, transition, write });
    } catch (error) {
      outcomes.set(item.index, refused(error));
    }
  }
  return planned;
}

function writeOf(
  kind: ServedKind,
  transition: Transition,
  askedKey: string | undefined,
  entry: Entry | null,
): Write | undefined {
  if (transition.did === 'unchanged' || transition.did === 'pending') return undefined;
  const { namespace = '', name = '' } = transition.object.metadata;
  const key = askedKey ?? objectKey(kind.storedAs, { namespace, name });
  const expect: Expect = entry === null ? { kind: 'absent' } : { kind: 'at', modRevision: entry.modRevision };
  if (transition.did === 'deleted') return { op: 'delete', key, expect };
  const stored = kind.toStored?.(transition.object) ?? transition.object;
  return { op: 'put', key, value: encodeObject(stored), terms: termsOf(stored), expect };
}

function settle({ cache }: WriteEnvironment, { item, transition }: Planned, revision: number): WriteOutcome {
  if (transition.did === 'deleted') return succeeded(transition, transition.object);
  const object = withResourceVersion(transition.object, revision);
  cache.remember(revision, item.kind.toStored?.(object) ?? object);
  return succeeded(transition, object);
}

function succeeded({ did, warnings }: Transition, object: KubeObject): WriteOutcome {
  return { ok: true, did: did === 'pending' ? 'deleting' : did, object, warnings };
}

interface Gathered {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly context: WriteContext;
}

async function gather(environment: WriteEnvironment, items: readonly Item[]): Promise<Gathered> {
  const { store, cache } = environment;
  const keys = new Set(items.flatMap(({ key }) => key ?? []));
  for (const { kind, request } of items) {
    const mayCreate =
      request.verb === 'create' || (request.verb === 'update' && kind.strategy.createOnUpdate);
    if (mayCreate && kind.info.namespaced) keys.add(namespaceKey(requestNamespace(kind, request)));
  }
  const wanted = [...keys];
  const found = await store.getMany(wanted);
  const entries = new Map<string, Entry>();
  wanted.forEach((key, at) => {
    const entry = found[at];
    if (entry !== undefined && entry !== null) entries.set(key, entry);
  });
  const priorityClasses = await priorityClassesFor(environment, items);
  const definitions = await definitionsFor(environment, items);
  const lookups: Lookups = {
    namespace: (name) => {
      const entry = entries.get(namespaceKey(name));
      return entry === undefined ? null : cache.decode(entry);
    },
    priorityClasses: () => priorityClasses,
    definitions: () => definitions,
  };
  return { entries, context: { now: environment.clock.now(), random: environment.random, lookups } };
}

function namespaceKey(name: string): string {
  return objectKey({ group: NAMESPACE.group, resource: 'namespaces' }, { namespace: '', name });
}

async function priorityClassesFor(
  { store, cache }: WriteEnvironment,
  items: readonly Item[],
): Promise<readonly KubeObject[]> {
  const pods = items.some(
    ({ kind, request }) => request.verb === 'create' && kind.storedAs.resource === 'pods',
  );
  if (!pods) return [];
  const prefix = kindPrefix({ group: 'scheduling.k8s.io', resource: 'priorityclasses' });
  return (await store.list({ prefix })).entries.map((entry) => cache.decode(entry));
}

async function definitionsFor(
  { kinds }: WriteEnvironment,
  items: readonly Item[],
): Promise<readonly KubeObject[]> {
  const needed = items.some(
    ({ kind, request }) => request.verb !== 'delete' && kind.storedAs.resource === DEFINITIONS.resource,
  );
  return needed ? kinds.definitions() : [];
}
