import type { DaemonSet } from '../api/apps.ts';
import type { Client } from '../api/client.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import { CONTROLLER_REVISION, DAEMON_SET, NODE, POD } from '../api/well-known.ts';
import type { SyncRecord } from '../controllers/daemonset/sync-record.ts';
import { templateGeneration } from '../domain/daemonset/pod-template.ts';
import type { Lister } from '../runtime/controller.ts';
import type { Manager } from '../runtime/manager.ts';
import { runToFixedPoint } from '../runtime/run-to-fixed-point.ts';
import { eventRequests, eventText, type NodeEvent } from './node-events.ts';
import { createRecorder, type Recorder } from './timeline.ts';
import { createWaves, type Waves } from './waves.ts';
import type { World } from './world.ts';

/** A change that somebody makes, `atMs` after the start. */
export interface PlannedChange {
  readonly atMs: number;
  /** For people, as a mark in pictures: `apply new.yaml`. */
  readonly text: string;
  /** Makes the change. Throws what the API refuses. */
  apply(client: Client): Promise<void>;
}

/** What happens in a simulation. */
export interface RunScript {
  readonly target: ObjectKey;
  readonly changes: readonly PlannedChange[];
  readonly events: readonly NodeEvent[];
  /** Asked after each change of the rollout; true ends the run early. */
  readonly isEnough?: (recorder: Recorder) => boolean;
}

/** A simulation that has come to its end. */
export interface RolloutRun {
  readonly recorder: Recorder;
  readonly waves: Waves;
  readonly manager: Manager;
  /** The cluster as it was before the change, faults at the start included. */
  readonly listerBefore: Lister;
  readonly before: DaemonSet | undefined;
  readonly after: DaemonSet | undefined;
  /** Pods of the DaemonSet before the change, by UID, with their nodes as the recorder saw them. */
  readonly podsBefore: ReadonlyMap<string, string>;
  /** The ControllerRevision's name before. */
  readonly revisionBefore: string | undefined;
  readonly endMs: number;
  /** Whether all came to rest; else nothing but retries was left. */
  readonly complete: boolean;
  /** Steps of controllers. */
  readonly steps: number;
  /** The DaemonSet's syncs that created or deleted pods. */
  readonly syncs: number;
  /** Those of the changes that gave the pods another template. */
  readonly templateChanges: ReadonlySet<PlannedChange>;
  /** What the API refused in the DaemonSet's last sync that wrote anything, and when. */
  readonly refusal: { readonly atMs: number; readonly message: string } | undefined;
}

/** After so long with nothing but retries, waiting is in vain. */
const hopelessMs = 10 * 60_000;
/** How many steps may pile up history. */
const stepsToForget = 200;
/** No rollout is followed for longer. */
const longestMs = 90 * 24 * 3600_000;

/** Runs a world through its script until the rollout is over, or nothing but retries is left. */
export async function runRollout(world: World, script: RunScript): Promise<RolloutRun> {
  const { client, clock } = world;
  const { target } = script;
  const start = clock.now();
  const nodeManager = world.nodeManager();
  const early = script.events.filter(({ atMs }) => atMs === 0);
  await runToFixedPoint({ manager: nodeManager, clock });
  await occur(early, client, nodeManager, start);
  await runToFixedPoint({ manager: nodeManager, clock, maxVirtualMs: 0 });

  const before = await findDaemonSet(client, target);
  const recorder = createRecorder({ ...target, startedAt: start });
  recorder.begin(await observedObjects(client, target));
  for (const event of early) recorder.mark(eventText(event));
  const podsBefore = podsByUid(recorder, await client.list(NODE).then(({ items }) => items));
  const revisionBefore = recorder.currentRevision()?.metadata.name;
  const waves = createWaves(recorder, () => clock.now() - start);
  let syncs = 0;
  let refusal: RolloutRun['refusal'];
  const templateChanges = new Set<PlannedChange>();
  const manager = world.manager({
    onObject(object, gone) {
      recorder.passTo(clock.now());
      recorder.take(object, gone);
    },
    onSync(record: SyncRecord) {
      for (const step of record.steps) {
        if (step.do === 'createPod' && step.node !== undefined) recorder.noteRefusal(step.node, step.refused);
      }
      const message = record.steps.find(({ refused }) => refused !== undefined)?.refused;
      refusal = message === undefined ? undefined : { atMs: clock.now() - start, message };
      if (waves.sync(record)) syncs += 1;
    },
  });

  const agenda = agendaOf(script);
  let steps = 0;
  let complete = false;
  for (let index = 0; ; index += 1) {
    const due = agenda[index];
    const until = due === undefined ? start + longestMs : start + due.atMs;
    if (due === undefined || until > clock.now()) {
      const isLast = due === undefined;
      const end = await runUntil(until, { manager, world, recorder, start, isLast, script });
      steps += end.steps;
      if (isLast) {
        complete = end.complete;
        break;
      }
      clock.advanceTo(until);
      recorder.passTo(until);
    }
    if ('apply' in due) {
      recorder.mark(due.text);
      const last = await findDaemonSet(client, target);
      await due.apply(client);
      const next = await findDaemonSet(client, target);
      const isSame =
        last !== undefined && next !== undefined && templateGeneration(last) === templateGeneration(next);
      if (!isSame) templateChanges.add(due);
    } else {
      recorder.mark(eventText(due));
      await occur([due], client, manager, clock.now());
    }
  }
  const endMs = clock.now() - start;
  return {
    recorder,
    waves,
    manager,
    listerBefore: nodeManager.lister,
    before,
    after: await findDaemonSet(client, target),
    podsBefore,
    revisionBefore,
    endMs,
    complete,
    steps,
    syncs,
    templateChanges,
    refusal,
  };
}

type AgendaItem = PlannedChange | NodeEvent;

/** Changes and later events in the order of their times; at one time changes come first. */
function agendaOf({ changes, events }: RunScript): readonly AgendaItem[] {
  return [...changes, ...events.filter(({ atMs }) => atMs > 0)].sort((a, b) => a.atMs - b.atMs);
}

async function occur(
  events: readonly NodeEvent[],
  client: Client,
  manager: Manager,
  now: number,
): Promise<void> {
  for (const event of events) {
    const outcomes = await client.commit(eventRequests(event, manager.lister, now));
    for (const outcome of outcomes) if (!outcome.ok) throw new StatusError(outcome.error);
  }
}

interface Stretch {
  readonly manager: Manager;
  readonly world: World;
  readonly recorder: Recorder;
  readonly start: number;
  /** Whether nothing is to come after it. */
  readonly isLast: boolean;
  readonly script: RunScript;
}

/** Lets the controllers work until a time, or (in the last stretch) until there is nothing to wait for. */
async function runUntil(
  until: number,
  { manager, world, recorder, start, isLast, script }: Stretch,
): Promise<{ readonly complete: boolean; readonly steps: number }> {
  const { clock } = world;
  let steps = 0;
  let forgotten = 0;
  for (;;) {
    while (await manager.step()) {
      steps += 1;
      if (script.isEnough?.(recorder) === true) return { complete: false, steps };
    }
    recorder.passTo(clock.now());
    // Nothing is due, so the manager has seen everything that was written.
    if (steps - forgotten > stepsToForget) {
      await world.forgetHistory();
      forgotten = steps;
    }
    const isOver = isLast && recorder.counts().restless === 0;
    if (isOver) return { complete: true, steps };
    const next = manager.nextDue();
    if (next === undefined) return { complete: recorder.counts().restless === 0, steps };
    const isRetry = next.wait?.kind === 'retry';
    const idleMs = Math.max(next.at, clock.now()) - start - recorder.lastProgressMs();
    if (isLast && isRetry && idleMs > hopelessMs) return { complete: false, steps };
    if (next.at > until) return { complete: false, steps };
    clock.advanceTo(next.at);
    recorder.passTo(clock.now());
  }
}

async function findDaemonSet(client: Client, { namespace, name }: ObjectKey): Promise<DaemonSet | undefined> {
  const { items } = await client.list(DAEMON_SET, { namespace, fieldSelector: `metadata.name=${name}` });
  return items[0];
}

async function observedObjects(client: Client, { namespace }: ObjectKey): Promise<readonly KubeObject[]> {
  const lists = [
    await client.list(NODE),
    await client.list(DAEMON_SET, { namespace }),
    await client.list(CONTROLLER_REVISION, { namespace }),
    await client.list(POD, { namespace }),
  ];
  return lists.flatMap(({ items }): readonly KubeObject[] => items);
}

function podsByUid(recorder: Recorder, nodes: readonly KubeObject[]): ReadonlyMap<string, string> {
  const pods = new Map<string, string>();
  for (const { metadata } of nodes) {
    const name = metadata.name ?? '';
    for (const { pod } of recorder.podsOn(name)) pods.set(pod.metadata.uid ?? '', name);
  }
  return pods;
}
