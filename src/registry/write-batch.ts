import type { WatchEvent, WriteOutcome, WriteRequest } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import type { Expect, FormText, Write } from '../store/store.ts';
import { FormPaths } from './form-paths.ts';
import { DEFINITIONS } from './kind-lookup.ts';
import { LateText } from './late-text.ts';
import type { KnownState } from './newest-states.ts';
import { haveSameTerms, objectKey, termsOf } from './object-keys.ts';
import { groupResource, type ServedKind } from './served-kind.ts';
import { alreadyExists, conflict, MODIFIED } from './status-errors.ts';
import { encodeObject, withResourceVersion } from './stored-object.ts';
import { answer } from './verbs/answer.ts';
import { nameInBody } from './verbs/create.ts';
import { NAME_ATTEMPTS } from './verbs/names.ts';
import type { Transition } from './verbs/transition.ts';
import { gather, type PlacedRequest, type WriteEnvironment } from './write-lookups.ts';

/** How often a request is evaluated anew because somebody else wrote its object in between. */
const RACE_ATTEMPTS = 25;

/** A request on its way. */
interface Item extends PlacedRequest {
  readonly index: number;
  attempts: number;
}

/** A request that wants to write. */
interface Planned {
  readonly item: Item;
  readonly transition: Transition;
  readonly write: Write;
  /** What is there now, as far as it is known. */
  readonly before: KnownState | undefined;
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
    const kind = await kinds.resolve(request.kind, request.verb);
    const namespace = requestNamespace(kind, request);
    return { index, request, kind, namespace, key: keyOf(kind, namespace, request), attempts: 0 };
  } catch (error) {
    outcomes.set(index, refused(error));
    return undefined;
  }
}

function keyOf(kind: ServedKind, namespace: string, request: WriteRequest): string | undefined {
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
  const planned = new Map<string, Planned>();
  let waiting = items;
  for (;;) {
    const lost: Planned[] = [];
    for (const plan of await evaluate(environment, waiting, outcomes)) {
      // Two names that the server chose may be the same.
      if (planned.has(plan.write.key)) lost.push(plan);
      else planned.set(plan.write.key, plan);
    }
    if (lost.length === 0) {
      const plans = [...planned.values()].sort((a, b) => a.item.index - b.item.index);
      const failed = await commitPlans(environment, plans, outcomes);
      if (failed.length === 0) return;
      for (const plan of failed) planned.delete(plan.write.key);
      lost.push(...failed);
    }
    waiting = lost.flatMap(({ item, transition }) => {
      const exhausted = whyExhausted(item, transition);
      if (exhausted === undefined) return item;
      outcomes.set(item.index, refused(exhausted));
      return [];
    });
  }
}

/** Commits all plans or, when some lost a race, none; answers those. */
async function commitPlans(
  environment: WriteEnvironment,
  plans: readonly Planned[],
  outcomes: Map<number, WriteOutcome>,
): Promise<readonly Planned[]> {
  if (plans.length === 0) return [];
  const result = await environment.store.commit(plans.map((plan) => plan.write));
  if (!result.committed) {
    const failed = result.failed.flatMap(({ index }) => plans[index] ?? []);
    for (const { write } of failed) environment.newest.forget(write.key);
    return failed;
  }
  plans.forEach((plan, at) => {
    outcomes.set(plan.item.index, settle(environment, plan, result.revisions[at] ?? 0));
  });
  return [];
}

function whyExhausted(item: Item, { object }: Transition): StatusError | undefined {
  const name = object.metadata.name ?? '';
  if (item.key === undefined && item.attempts >= NAME_ATTEMPTS) {
    const more = 'the server was not able to generate a unique name for the object';
    return alreadyExists(groupResource(item.kind), name, more);
  }
  return item.attempts >= RACE_ATTEMPTS ? conflict(groupResource(item.kind), name, MODIFIED) : undefined;
}

/**
 * Gathers what the items need and asks the verbs. Items that have nothing to write get their outcome here, after what
 * they go by was read: a write is checked again when it is committed, nothing else is.
 */
async function evaluate(
  environment: WriteEnvironment,
  items: readonly Item[],
  outcomes: Map<number, WriteOutcome>,
  fresh = false,
): Promise<readonly Planned[]> {
  if (items.length === 0) return [];
  const planned: Planned[] = [];
  const unsure: Item[] = [];
  const paths = new FormPaths();
  const encode = (object: KubeObject): string | FormText =>
    environment.late ? new LateText(object) : encodeObject(object, paths);
  const { states, context } = await gather(environment, items, fresh);
  for (const item of items) {
    item.attempts++;
    const before = item.key === undefined ? undefined : states.get(item.key);
    let outcome: WriteOutcome;
    try {
      const { kind, request } = item;
      const existing = before === undefined ? null : (kind.fromStored?.(before.object) ?? before.object);
      const transition = answer(kind, item.namespace, request, existing, context);
      const write = request.dryRun === true ? undefined : writeOf(kind, transition, item.key, before, encode);
      if (write !== undefined) {
        planned.push({ item, transition, write, before });
        continue;
      }
      outcome = succeeded(transition, transition.object);
    } catch (error) {
      outcome = refused(error);
    }
    if (before?.isAssumed === true) {
      item.attempts--;
      unsure.push(item);
    } else outcomes.set(item.index, outcome);
  }
  return [...planned, ...(await evaluate(environment, unsure, outcomes, true))];
}

function writeOf(
  kind: ServedKind,
  transition: Transition,
  askedKey: string | undefined,
  before: KnownState | undefined,
  encode: (object: KubeObject) => string | FormText,
): Write | undefined {
  if (transition.did === 'unchanged' || transition.did === 'pending') return undefined;
  const { namespace = '', name = '' } = transition.object.metadata;
  const key = askedKey ?? objectKey(kind.storedAs, { namespace, name });
  const expect: Expect =
    before === undefined ? { kind: 'absent' } : { kind: 'at', modRevision: before.modRevision };
  if (transition.did === 'deleted') return { op: 'delete', key, expect };
  const stored = kind.toStored?.(transition.object) ?? transition.object;
  const kept = before !== undefined && haveSameTerms(stored, before.object) ? before.terms : undefined;
  return { op: 'put', key, value: encode(stored), terms: kept ?? termsOf(stored), expect };
}

function settle(
  { cache, newest, recent }: WriteEnvironment,
  { item, transition, write, before }: Planned,
  revision: number,
): WriteOutcome {
  if (before !== undefined) cache.forget(before.modRevision);
  const previous = before?.object;
  if (transition.did === 'deleted') {
    newest.forget(write.key);
    if (previous === undefined) throw new Error('registry: something was deleted that was not there');
    const object = withResourceVersion(previous, revision);
    recent.append(revision, { type: 'DELETED', object, previous });
    return succeeded(transition, transition.object);
  }
  const object = withResourceVersion(transition.object, revision);
  const stored = item.kind.toStored?.(object) ?? object;
  // Most events are written once, and nobody in this process asks for them again.
  if (item.kind.storedAs.resource !== 'events' || previous !== undefined) {
    cache.remember(revision, stored);
    const terms = write.op === 'put' ? { terms: write.terms } : {};
    newest.set(write.key, { modRevision: revision, object: stored, ...terms });
  }
  recent.append(revision, changeTo(stored, previous));
  return succeeded(transition, object);
}

function changeTo(object: KubeObject, previous: KubeObject | undefined): WatchEvent {
  return previous === undefined ? { type: 'ADDED', object } : { type: 'MODIFIED', object, previous };
}

function succeeded({ did, warnings }: Transition, object: KubeObject): WriteOutcome {
  return { ok: true, did: did === 'pending' ? 'deleting' : did, object, warnings };
}
