import type { WatchEvent, WriteOutcome, WriteRequest } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import type { Expect, FormText, Write } from '../store/store.ts';
import { FormPaths } from './form-paths.ts';
import { DEFINITIONS } from './kind-lookup.ts';
import { LateText } from './late-text.ts';
import { haveSameTerms, TermFinder } from './object-keys.ts';
import { atRevision } from './open-state.ts';
import { groupResource, type ServedKind } from './served-kind.ts';
import { alreadyExists, conflict, MODIFIED } from './status-errors.ts';
import { encodeObject, withResourceVersion } from './stored-object.ts';
import type { WriteContext } from './strategies/strategy.ts';
import { answer } from './verbs/answer.ts';
import { NAME_ATTEMPTS } from './verbs/names.ts';
import type { Transition } from './verbs/transition.ts';
import { gather, type PlacedRequest, type WriteEnvironment } from './write-lookups.ts';
import { anyPlace, builtinPlace, isPlacedAlike, keyOf, type Place } from './write-places.ts';

/** How often a request is evaluated anew because somebody else wrote its object in between. */
const RACE_ATTEMPTS = 25;

/** A request on its way. */
interface Item extends PlacedRequest {
  readonly index: number;
  attempts: number;
  /** What it wants to write, once that is known. */
  plan: Plan | undefined;
}

/** What a request wants to write. */
interface Plan {
  readonly transition: Transition;
  readonly write: Write;
}

/** An item that has a plan. */
type Planned = Item & { readonly plan: Plan };

/** Requests that are carried out by one commit. */
interface Segment {
  readonly items: Item[];
  /** Keys that they are about: those asked for, and those that the server has chosen. */
  readonly keys: Set<string>;
  /** By the index of the request; those of all segments. */
  readonly outcomes: (WriteOutcome | undefined)[];
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
  const outcomes = new Array<WriteOutcome | undefined>(requests.length).fill(undefined);
  const segmentOf = (items: Item[]): Segment => ({ items, keys: new Set(), outcomes });
  let segment = segmentOf([]);
  const flush = async (): Promise<void> => {
    await writeSegment(environment, segment);
    segment = segmentOf([]);
  };
  const { kinds } = environment;
  let place: Place | undefined;
  for (let index = 0; index < requests.length; index++) {
    const request = requests[index] as WriteRequest; // index < length
    try {
      if (place === undefined || !isPlacedAlike(request, requests[index - 1])) {
        place = builtinPlace(kinds, request) ?? (await anyPlace(kinds, request));
      }
    } catch (error) {
      outcomes[index] = refused(error);
      place = undefined;
      continue;
    }
    const key = keyOf(place, request);
    if (key !== undefined) {
      if (segment.keys.has(key)) await flush();
      segment.keys.add(key);
    }
    segment.items.push(newItem(index, request, place, key));
    if (othersNeed(place.kind, request)) await flush();
  }
  await flush();
  return outcomes.map((outcome, index) => {
    if (outcome === undefined) throw new Error(`registry: request ${index} was left without an outcome`);
    return outcome;
  });
}

function newItem(index: number, request: WriteRequest, place: Place, key: string | undefined): Item {
  return { index, request, place, key, attempts: 0, before: undefined, isAssumed: false, plan: undefined };
}

/** Whether later requests of a batch may depend on this one: namespaces, priority classes and definitions. */
function othersNeed({ storedAs: { resource } }: ServedKind, request: WriteRequest): boolean {
  if (request.dryRun === true) return false;
  return resource === 'namespaces' || resource === 'priorityclasses' || resource === DEFINITIONS.resource;
}

/** A refusal as an outcome; anything that is no refusal is thrown on. */
function refused(error: unknown): WriteOutcome {
  if (error instanceof StatusError) return { ok: false, error: error.status, warnings: [] };
  throw error;
}

async function writeSegment(environment: WriteEnvironment, segment: Segment): Promise<void> {
  let waiting: readonly Item[] = segment.items;
  for (;;) {
    let lost = await evaluate(environment, segment, waiting);
    if (lost.length === 0) {
      lost = await commitPlans(environment, segment);
      if (lost.length === 0) return;
    }
    waiting = lost.filter((item) => mayTryAgain(item, segment.outcomes));
  }
}

/** Commits all plans or, when some lost a race, none; answers those. */
async function commitPlans(
  environment: WriteEnvironment,
  { items, outcomes }: Segment,
): Promise<readonly Planned[]> {
  const planned = items.filter(isPlanned);
  if (planned.length === 0) return [];
  const result = await environment.store.commit(planned.map(({ plan }) => plan.write));
  if (!result.committed) {
    const failed = result.failed.flatMap(({ index }) => planned[index] ?? []);
    for (const { plan } of failed) environment.states.forget(plan.write.key);
    return failed;
  }
  for (let at = 0; at < planned.length; at++) {
    const item = planned[at] as Planned; // at < length
    outcomes[item.index] = settle(environment, item, result.revisions[at] ?? 0);
  }
  return [];
}

function isPlanned(item: Item): item is Planned {
  return item.plan !== undefined;
}

/** Drops the plan of an item that lost a race; refuses it when that came too often. */
function mayTryAgain(item: Planned, outcomes: Segment['outcomes']): boolean {
  const exhausted = whyExhausted(item, item.plan.transition);
  (item as Item).plan = undefined;
  if (exhausted !== undefined) outcomes[item.index] = refused(exhausted);
  return exhausted === undefined;
}

function whyExhausted({ place, key, attempts }: Item, { object }: Transition): StatusError | undefined {
  const name = object.metadata.name ?? '';
  if (key === undefined && attempts >= NAME_ATTEMPTS) {
    const more = 'the server was not able to generate a unique name for the object';
    return alreadyExists(groupResource(place.kind), name, more);
  }
  return attempts >= RACE_ATTEMPTS ? conflict(groupResource(place.kind), name, MODIFIED) : undefined;
}

/**
 * Gathers what the items need and asks the verbs. Items that have nothing to write get their outcome here, after what
 * they go by was read: a write is checked again when it is committed, nothing else is. Those come back that chose a
 * name which their segment has already.
 */
async function evaluate(
  environment: WriteEnvironment,
  segment: Segment,
  items: readonly Item[],
  fresh = false,
): Promise<readonly Planned[]> {
  if (items.length === 0) return [];
  const lost: Planned[] = [];
  const unsure: Item[] = [];
  const paths = new FormPaths();
  const encode = (object: KubeObject): string | FormText =>
    environment.late ? new LateText(object) : encodeObject(object, paths);
  const terms = new TermFinder();
  const context = await gather(environment, items, fresh);
  for (const item of items) {
    item.attempts++;
    const outcome = plan(item, context, encode, terms);
    if (isPlanned(item)) {
      if (!takesName(item, segment.keys)) lost.push(item);
    } else if (item.isAssumed) {
      item.attempts--;
      unsure.push(item);
    } else segment.outcomes[item.index] = outcome;
  }
  return unsure.length === 0 ? lost : [...lost, ...(await evaluate(environment, segment, unsure, true))];
}

/** Plans what an item wants to write, or answers it when it writes nothing. */
function plan(
  item: Item,
  context: WriteContext,
  encode: (object: KubeObject) => string | FormText,
  terms: TermFinder,
): WriteOutcome | undefined {
  const { place, request, before } = item;
  const { kind, namespace } = place;
  try {
    const existing = before === undefined ? null : (kind.fromStored?.(before.object) ?? before.object);
    const transition = answer(kind, namespace, request, existing, context);
    const write = request.dryRun === true ? undefined : writeOf(item, transition, encode, terms);
    if (write === undefined) return succeeded(transition, transition.object);
    item.plan = { transition, write };
    return undefined;
  } catch (error) {
    return refused(error);
  }
}

/** Two names that the server chose may be the same. */
function takesName({ key, plan: { write } }: Planned, keys: Set<string>): boolean {
  if (key !== undefined) return true;
  if (keys.has(write.key)) return false;
  keys.add(write.key);
  return true;
}

function writeOf(
  { place, key: asked, before }: Item,
  transition: Transition,
  encode: (object: KubeObject) => string | FormText,
  terms: TermFinder,
): Write | undefined {
  if (transition.did === 'unchanged' || transition.did === 'pending') return undefined;
  const key = asked ?? place.prefix + (transition.object.metadata.name ?? '');
  const expect: Expect = before === undefined ? ABSENT : { kind: 'at', modRevision: before.modRevision };
  if (transition.did === 'deleted') return { op: 'delete', key, expect };
  const stored = place.kind.toStored?.(transition.object) ?? transition.object;
  const kept = before !== undefined && haveSameTerms(stored, before.object) ? before.terms : undefined;
  return { op: 'put', key, value: encode(stored), terms: kept ?? terms.termsOf(stored), expect };
}

const ABSENT: Expect = { kind: 'absent' };

function settle(
  { states, recent }: WriteEnvironment,
  { place: { kind }, before, plan: { transition, write } }: Planned,
  revision: number,
): WriteOutcome {
  const previous = before?.object;
  if (transition.did === 'deleted') {
    states.forget(write.key);
    if (previous === undefined) throw new Error('registry: something was deleted that was not there');
    const object = withResourceVersion(previous, revision);
    recent.append(revision, { type: 'DELETED', object, previous });
    return succeeded(transition, transition.object);
  }
  const object = atRevision(transition.object, revision);
  const stored = kind.toStored?.(object) ?? object;
  // Most events are written once, and nobody in this process asks for them again.
  if (kind.storedAs.resource !== 'events' || previous !== undefined) {
    const terms = write.op === 'put' ? write.terms : undefined;
    states.set(write.key, { modRevision: revision, object: stored, terms });
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
