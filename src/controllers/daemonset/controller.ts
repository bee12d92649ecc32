import type { DaemonSet } from '../../api/apps.ts';
import type { Client, WriteOutcome } from '../../api/client.ts';
import type { Pod } from '../../api/core.ts';
import { hasReason, type Status, StatusError } from '../../api/status.ts';
import { CONTROLLER_REVISION_HASH, DAEMON_SET } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import { isBackoffExpired } from '../../domain/daemonset/failed-pods.ts';
import type { BackoffEntry, Decision, TemplateHash } from '../../domain/daemonset/observed.ts';
import { planFromMemory } from '../../domain/daemonset/plan.ts';
import {
  type Controller,
  type ReconcileContext,
  type Requeue,
  RetryError,
} from '../../runtime/controller.ts';
import { keyOf, keyText, parseKeyText, statusUpdate } from '../../runtime/write-requests.ts';
import { gather } from './gather.ts';
import { isWrite, requestFor, type WriteDecision } from './requests.ts';
import { createSyncMemories, type SyncMemories } from './sync-memories.ts';
import type { SyncRecord, SyncStep } from './sync-record.ts';
import { daemonSetWatches } from './watches.ts';

/** Parts of the DaemonSet controller. */
export interface DaemonSetControllerOptions {
  readonly hash: TemplateHash;
  /** Told of every sync that wrote or tried to write something. */
  readonly onSync?: (record: SyncRecord) => void;
  /** What it remembers to begin with; absent: nothing. */
  readonly memories?: SyncMemories;
}

/** A decision and what became of it. */
interface Done {
  readonly decision: WriteDecision;
  readonly outcome: WriteOutcome;
}

/** Decisions about ownership and history: everything after them stands on their success. */
const groundwork: ReadonlySet<string> = new Set<WriteDecision['do']>([
  'adoptPod',
  'releasePod',
  'adoptRevision',
  'releaseRevision',
  'labelRevision',
  'createRevision',
  'renumberRevision',
  'relabelPod',
]);

/**
 * Keeps one pod of each DaemonSet on each node that should have one. A sync takes over from the cache what changed since
 * the last one, plans, and commits in at most three batches: groundwork, the first pod, the rest. A first pod that is refused spares the API the others
 * (upstream's slow start).
 */
export function daemonSetController({
  hash,
  onSync,
  memories = createSyncMemories(),
}: DaemonSetControllerOptions): Controller {
  const backoff = new Map<string, BackoffEntry>();

  function forgetExpired(now: number): void {
    for (const [key, entry] of backoff) if (isBackoffExpired(entry, now)) backoff.delete(key);
  }

  async function sync(daemonSet: DaemonSet, context: ReconcileContext): Promise<readonly Requeue[]> {
    const { client, lister, recorder, now } = context;
    const observed = gather(daemonSet, lister, now, backoff);
    const decisions = planFromMemory(() => memories.upToDate(daemonSet, lister), observed, hash);
    if (decisions.length === 0) return [];
    if (decisions.some(({ do: what }) => what === 'adoptPod' || what === 'adoptRevision')) {
      await mustStillBeThere(daemonSet, client);
    }
    for (const decision of decisions) {
      if (decision.do === 'recordEvent')
        recorder.event(daemonSet, decision.type, decision.reason, decision.message);
      if (decision.do === 'setBackoff') backoff.set(decision.key, decision.entry);
    }
    const done: Done[] = [];
    let problem: string | undefined;
    try {
      problem = await carryOut(daemonSet, decisions.filter(isWrite), client, done);
    } finally {
      for (const one of done) tellEvents(one, daemonSet, context);
      if (done.length > 0) onSync?.({ daemonSet, now, decisions, steps: done.map(stepOf) });
    }
    const failure = decisions.find(({ do: what }) => what === 'fail');
    problem ??= failure?.do === 'fail' ? failure.message : undefined;
    if (problem !== undefined) throw new RetryError(problem);
    return decisions.flatMap((decision) => requeueOf(decision, keyText(daemonSet)));
  }

  return {
    name: 'daemonset-controller',
    // A DaemonSet that has all its pods can let go of them, before the next one makes as many.
    begunFirst: true,
    watches: [...memories.watches, ...daemonSetWatches],
    async reconcile(keys, context) {
      forgetExpired(context.now);
      memories.rest(context.lister, context.now);
      const requeues: Requeue[] = [];
      for (const key of keys) {
        const daemonSet = context.lister.get(DAEMON_SET, parseKeyText(key));
        if (daemonSet !== undefined) requeues.push(...(await sync(daemonSet, context)));
      }
      return requeues;
    },
  };
}

/** Commits the writes and appends what became of them to `done`. Answers the first refusal that calls for a retry. */
async function carryOut(
  daemonSet: DaemonSet,
  writes: readonly WriteDecision[],
  client: Client,
  done: Done[],
): Promise<string | undefined> {
  const commit = async (batch: readonly WriteDecision[]): Promise<string | undefined> => {
    if (batch.length === 0) return undefined;
    const outcomes = await client.commit(batch.map((decision) => requestFor(decision, daemonSet)));
    let problem: string | undefined;
    for (let index = 0; index < batch.length; index += 1) {
      const decision = batch[index];
      const outcome = outcomes[index];
      if (decision === undefined || outcome === undefined) continue;
      const one = { decision, outcome };
      // Only what has lost a race is waited for: a promise for each of thousands of pods takes its time.
      if (hasLostRace(one)) one.outcome = await settleStatus(decision, outcome, client, daemonSet);
      done.push(one);
      problem ??= problemOf(one);
    }
    return problem;
  };

  const ground = await commit(writes.filter(({ do: what }) => groundwork.has(what)));
  if (ground !== undefined) return ground;
  const creates = writes.filter(({ do: what }) => what === 'createPod');
  const others = writes.filter(({ do: what }) => what !== 'createPod' && !groundwork.has(what));
  if (creates.length < 2) return commit([...creates, ...others]);
  const first = await commit(creates.slice(0, 1));
  const isRefused = done.at(-1)?.outcome.ok === false;
  const rest = await commit(isRefused ? others : [...creates.slice(1), ...others]);
  return first ?? rest;
}

/** Whether a status could not be written because the DaemonSet has changed since it was read. */
function hasLostRace({ decision, outcome }: Done): boolean {
  return decision.do === 'updateStatus' && !outcome.ok && outcome.error.reason === 'Conflict';
}

/** A status that lost a race is written once more, over the state that won. */
async function settleStatus(
  decision: WriteDecision,
  outcome: WriteOutcome,
  client: Client,
  daemonSet: DaemonSet,
): Promise<WriteOutcome> {
  if (decision.do !== 'updateStatus') return outcome;
  const isCollision = decision.status.collisionCount !== daemonSet.status?.collisionCount;
  if (isCollision) return outcome;
  try {
    const live = await client.get(DAEMON_SET, keyOf(daemonSet));
    if (live.metadata.uid !== daemonSet.metadata.uid) return outcome;
    const { conditions: _, collisionCount: __, ...counts } = decision.status;
    const kept = {
      ...(live.status?.conditions === undefined ? {} : { conditions: live.status.conditions }),
      ...(live.status?.collisionCount === undefined ? {} : { collisionCount: live.status.collisionCount }),
    };
    const [second] = await client.commit([statusUpdate({ ...live, status: { ...counts, ...kept } })]);
    return second ?? outcome;
  } catch (error) {
    if (error instanceof StatusError) return outcome;
    throw error;
  }
}

/** Why a sync has to be tried again after this refusal; undefined when it need not. */
function problemOf({ decision, outcome }: Done): string | undefined {
  if (outcome.ok) return undefined;
  const { reason, message = reason ?? 'refused' } = outcome.error;
  switch (decision.do) {
    case 'createPod':
      return isNamespaceTerminating(outcome.error) ? undefined : message;
    case 'releasePod':
    case 'releaseRevision':
      return reason === 'NotFound' || reason === 'Invalid' ? undefined : message;
    case 'deletePod':
    case 'deleteRevision':
    case 'adoptPod':
    case 'adoptRevision':
    case 'updateStatus':
      return reason === 'NotFound' ? undefined : message;
    default:
      return message;
  }
}

function isNamespaceTerminating({ details }: Status): boolean {
  return details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true;
}

/** The events of upstream's pod control. */
function tellEvents({ decision, outcome }: Done, daemonSet: DaemonSet, { recorder }: ReconcileContext): void {
  if (decision.do === 'createPod') {
    if (outcome.ok) {
      recorder.event(
        daemonSet,
        'Normal',
        'SuccessfulCreate',
        `Created pod: ${outcome.object.metadata.name ?? ''}`,
      );
    } else if (!isNamespaceTerminating(outcome.error)) {
      recorder.event(daemonSet, 'Warning', 'FailedCreate', `Error creating: ${outcome.error.message ?? ''}`);
    }
  }
  if (decision.do === 'deletePod') {
    if (outcome.ok) {
      recorder.event(
        daemonSet,
        'Normal',
        'SuccessfulDelete',
        `Deleted pod: ${decision.pod.metadata.name ?? ''}`,
      );
    } else if (outcome.error.reason !== 'NotFound') {
      recorder.event(daemonSet, 'Warning', 'FailedDelete', `Error deleting: ${outcome.error.message ?? ''}`);
    }
  }
}

function stepOf({ decision, outcome }: Done): SyncStep {
  const { do: what, because } = decision;
  const refused = outcome.ok ? {} : { refused: outcome.error.message ?? outcome.error.reason ?? 'refused' };
  if ('revision' in decision) {
    return { do: what, because, ...refused, revision: decision.revision.metadata.name ?? '' };
  }
  if (!('pod' in decision)) return { do: what, because, ...refused };
  const { metadata }: Pod = what === 'createPod' && outcome.ok ? (outcome.object as Pod) : decision.pod;
  const { name: pod = '' } = metadata;
  const hash = metadata.labels?.[CONTROLLER_REVISION_HASH];
  const node = 'nodeName' in decision ? decision.nodeName : undefined;
  // A run keeps a step for each of its pods: one made in one piece takes the least room.
  if (outcome.ok && node !== undefined && hash !== undefined) return { do: what, because, node, pod, hash };
  return {
    do: what,
    because,
    ...refused,
    ...(node === undefined ? {} : { node }),
    pod,
    ...(hash === undefined ? {} : { hash }),
  };
}

function requeueOf(decision: Decision, key: string): readonly Requeue[] {
  if (decision.do !== 'requeue') return [];
  // The only machinery that a sync waits for is the back-off of pods that failed, and may fail again for ever.
  const kind = decision.wait === 'machinery' ? 'retry' : decision.wait;
  return [{ key, afterMs: decision.afterMs, wait: { kind, because: decision.because } }];
}

/** Adoption needs more than the cache: a DaemonSet that is gone or going must not collect new dependents. */
async function mustStillBeThere(daemonSet: DaemonSet, client: Client): Promise<void> {
  const name = keyText(daemonSet);
  try {
    const live = await client.get(DAEMON_SET, keyOf(daemonSet));
    if (live.metadata.uid !== daemonSet.metadata.uid) {
      const uids = `got uid ${live.metadata.uid ?? ''}, wanted ${daemonSet.metadata.uid ?? ''}`;
      throw new RetryError(`original DaemonSet ${name} is gone: ${uids}`);
    }
    if (isDeleting(live))
      throw new RetryError(`${name} has just been deleted at ${live.metadata.deletionTimestamp}`);
  } catch (error) {
    throw hasReason(error, 'NotFound') ? new RetryError(`original DaemonSet ${name} is gone`) : error;
  }
}
