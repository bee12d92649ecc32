import type { ControllerRevision, DaemonSet } from '../api/apps.ts';
import type { Node, Pod } from '../api/core.ts';
import type { KubeObject } from '../api/meta.ts';
import { CONTROLLER_REVISION_HASH } from '../api/well-known.ts';
import { isDeleting, isPodTerminal } from '../domain/conditions.ts';
import { nodeShouldRunDaemonPod } from '../domain/daemonset/placement.ts';
import { isPodUpdated, targetNodeName, templateGeneration } from '../domain/daemonset/pod-template.ts';
import { matchesRevision, revisionData } from '../domain/daemonset/revision-data.ts';
import { isControlledBy } from '../domain/owner-references.ts';
import { formatRfc3339 } from '../domain/rfc3339.ts';
import type { Availability, Mark, NodeState, NodeTrack, Segment, Timeline } from './plan-report.ts';
import { isServing, podStateAt } from './pod-state.ts';

/** A pod of the DaemonSet as the recorder knows it. */
interface TrackedPod {
  readonly uid: string;
  pod: Pod;
  isUpdated: boolean;
  state: NodeState;
}

/** One lane of a node: closed segments and the one that is open. */
interface Lane {
  readonly segments: Segment[];
  state: NodeState;
  sinceMs: number;
}

/** A node that has, had or wants a pod. */
interface Tracked {
  readonly name: string;
  node: Node | undefined;
  wants: boolean;
  /** In the order of their coming. */
  readonly pods: TrackedPod[];
  readonly main: Lane;
  surge: Lane | undefined;
  /** What it adds to the counts. */
  available: boolean;
  updated: boolean;
}

/** The counts of the moment, kept up to date with each change. */
interface Counts {
  readonly desired: number;
  readonly available: number;
  readonly updated: number;
  /** Updated and available. */
  readonly done: number;
  /** Pods beyond one a node. */
  readonly extra: number;
  /** Nodes that have not come to rest: see `isAtRest`. */
  readonly restless: number;
}

/** Follows one DaemonSet through a simulation and keeps what pictures and counts are made of. */
export interface Recorder {
  /** Takes over the state before the simulation; told of everything once, in any order. */
  begin(objects: Iterable<KubeObject>): void;
  /** Takes an object over after a write at the clock's time; `gone` when the write removed it. */
  take(object: KubeObject, gone: boolean): void;
  /** Lets time pass: pods settle. */
  passTo(now: number): void;
  mark(text: string): void;
  /** Keeps why the API refused a pod for a node; undefined when it took one. */
  noteRefusal(node: string, because: string | undefined): void;
  /** Why the API refuses pods for the node. */
  refusalOn(node: string): string | undefined;
  counts(): Counts;
  /** When something last changed that is more than a container failing again, in ms since the start. */
  lastProgressMs(): number;
  /** Whether a node has what it should have: one available updated pod, or none where it wants none. */
  isAtRest(node: string): boolean;
  /** Told when a node comes to rest, with the ms since the start. */
  onRest(listener: (node: string, atMs: number) => void): void;
  /** The most pods beyond one a node at any moment. */
  mostExtra(): number;
  /** Nodes that want a pod now, in order of their names. */
  wanting(): readonly string[];
  /** The pods of a node, in the order of their coming. */
  podsOn(
    node: string,
  ): readonly { readonly pod: Pod; readonly isUpdated: boolean; readonly state: NodeState }[];
  /** The current revision's ControllerRevision, as soon as there is one. */
  currentRevision(): ControllerRevision | undefined;
  /** Everything until now, or until an earlier time in ms since the start. */
  timeline(untilMs?: number): Timeline;
}

/** Where a recorder begins. */
export interface RecorderOptions {
  readonly namespace: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** A recorder for the DaemonSet of this name. Each change costs the same, however many nodes there are. */
export function createRecorder({ namespace, name, startedAt }: RecorderOptions): Recorder {
  const nodes = new Map<string, Tracked>();
  const nodeOfPod = new Map<string, string>();
  const revisions = new Map<string, ControllerRevision>();
  const availability: Availability[] = [];
  const marks: Mark[] = [];
  const refusals = new Map<string, string>();
  const listeners: ((node: string, atMs: number) => void)[] = [];
  /** Pods that settle, soonest first: the time of each is at most that of the next. */
  const settling: { readonly at: number; readonly uid: string }[] = [];
  let daemonSet: DaemonSet | undefined;
  let current: ControllerRevision | undefined;
  let hash = '';
  let generation: string | undefined;
  let now = startedAt;
  let progressMs = 0;
  let mostExtra = 0;
  const counts = { desired: 0, available: 0, updated: 0, done: 0, extra: 0, restless: 0 };

  const elapsed = (): number => now - startedAt;

  function trackedNode(nodeName: string): Tracked {
    let tracked = nodes.get(nodeName);
    if (tracked === undefined) {
      tracked = {
        name: nodeName,
        node: undefined,
        wants: false,
        pods: [],
        main: { segments: [], state: 'absent', sinceMs: elapsed() },
        surge: undefined,
        available: false,
        updated: false,
      };
      nodes.set(nodeName, tracked);
    }
    return tracked;
  }

  const isUpdatedPod = (pod: Pod): boolean => isPodUpdated(pod, hash, generation);

  function rested({ wants, pods }: Tracked): boolean {
    const [only] = pods;
    if (pods.length === 0) return !wants;
    return (
      pods.length === 1 && only !== undefined && (wants ? only.state === 'ready' : !isDeleting(only.pod))
    );
  }

  /** Takes a node's share out of the counts, changes it, and puts it back in. */
  function change(tracked: Tracked, work: () => void): void {
    const wasAtRest = rested(tracked);
    count(tracked, -1);
    work();
    for (const one of tracked.pods) classify(one);
    const served = (one: TrackedPod): boolean => isServing(one.state);
    tracked.available = tracked.wants && tracked.pods.some(served);
    tracked.updated =
      tracked.wants && tracked.pods.some((one) => one.isUpdated && one.state !== 'terminating');
    count(tracked, 1);
    draw(tracked);
    sample();
    if (!wasAtRest && rested(tracked)) for (const listener of listeners) listener(tracked.name, elapsed());
  }

  function count(tracked: Tracked, sign: 1 | -1): void {
    const { wants, available, updated, pods } = tracked;
    if (wants) counts.desired += sign;
    if (available) counts.available += sign;
    if (updated) counts.updated += sign;
    if (wants && pods.some((one) => one.state === 'ready')) counts.done += sign;
    if (pods.length > 1) counts.extra += sign * (pods.length - 1);
    if (counts.extra > mostExtra) mostExtra = counts.extra;
    if (!rested(tracked)) counts.restless += sign;
  }

  function classify(tracked: TrackedPod): void {
    const before = tracked.state;
    const minReadySeconds = daemonSet?.spec.minReadySeconds ?? 0;
    const { state, changesAt } = podStateAt(tracked.pod, {
      isUpdated: tracked.isUpdated,
      minReadySeconds,
      now,
    });
    tracked.state = state;
    if (changesAt !== undefined) settleLater(changesAt, tracked.uid);
    const isMere = (one: NodeState): boolean => one === 'failed' || one === 'starting' || one === 'pulling';
    if (state !== before && !(isMere(state) && before === 'failed')) progressMs = elapsed();
  }

  function settleLater(at: number, uid: string): void {
    let position = settling.length;
    while (position > 0 && (settling[position - 1]?.at ?? 0) > at) position -= 1;
    if (settling[position - 1]?.uid === uid && settling[position - 1]?.at === at) return;
    settling.splice(position, 0, { at, uid });
  }

  function draw(tracked: Tracked): void {
    const [first, second] = tracked.pods;
    advance(tracked.main, first?.state ?? 'absent');
    if (second !== undefined || tracked.surge !== undefined) {
      tracked.surge ??= { segments: [], state: 'absent', sinceMs: elapsed() };
      advance(tracked.surge, second?.state ?? 'absent');
    }
  }

  function advance(lane: Lane, state: NodeState): void {
    if (lane.state === state) return;
    close(lane, elapsed());
    lane.state = state;
    lane.sinceMs = elapsed();
  }

  function close({ segments, state, sinceMs }: Lane, toMs: number): void {
    if (toMs <= sinceMs) return;
    const last = segments.at(-1);
    if (last !== undefined && last.state === state && last.toMs === sinceMs) {
      segments[segments.length - 1] = { ...last, toMs };
    } else segments.push({ fromMs: sinceMs, toMs, state });
  }

  /** One sample a moment: what comes and goes without time in between was never there. */
  function sample(): void {
    const next: Availability = {
      atMs: elapsed(),
      available: counts.available,
      updated: counts.updated,
      desired: counts.desired,
    };
    if (availability.at(-1)?.atMs === next.atMs) availability.pop();
    const last = availability.at(-1);
    const isSame =
      last !== undefined &&
      last.available === next.available &&
      last.updated === next.updated &&
      last.desired === next.desired;
    if (!isSame) availability.push(next);
  }

  function takeNode(node: Node, gone: boolean): void {
    const tracked = trackedNode(node.metadata.name ?? '');
    change(tracked, () => {
      tracked.node = gone ? undefined : node;
      tracked.wants = wantsPod(tracked.node);
    });
  }

  function wantsPod(node: Node | undefined): boolean {
    return node !== undefined && daemonSet !== undefined && nodeShouldRunDaemonPod(node, daemonSet).shouldRun;
  }

  function takePod(pod: Pod, gone: boolean): void {
    if (daemonSet === undefined || !isControlledBy(pod, daemonSet.metadata.uid ?? '')) return;
    const uid = pod.metadata.uid ?? '';
    const nodeName = nodeOfPod.get(uid) ?? targetNodeName(pod);
    if (nodeName === undefined) return;
    const tracked = trackedNode(nodeName);
    const at = tracked.pods.findIndex((one) => one.uid === uid);
    if (at < 0 && gone) return;
    change(tracked, () => {
      const known = tracked.pods[at];
      if (gone) {
        tracked.pods.splice(at, 1);
        nodeOfPod.delete(uid);
        progressMs = elapsed();
      } else if (known === undefined) {
        tracked.pods.push({ uid, pod, isUpdated: isUpdatedPod(pod), state: 'absent' });
        nodeOfPod.set(uid, nodeName);
        progressMs = elapsed();
      } else {
        if (known.pod.metadata.labels !== pod.metadata.labels) known.isUpdated = isUpdatedPod(pod);
        known.pod = pod;
      }
    });
  }

  function takeDaemonSet(next: DaemonSet): void {
    const before = daemonSet;
    daemonSet = next;
    if (before !== undefined && before.metadata.generation === next.metadata.generation) return;
    generation = templateGeneration(next);
    findRevision();
    reclassifyAll();
    progressMs = elapsed();
  }

  function takeRevision(revision: ControllerRevision, gone: boolean): void {
    const key = revision.metadata.name ?? '';
    if (gone) revisions.delete(key);
    else revisions.set(key, revision);
    const before = hash;
    findRevision();
    if (hash !== before) reclassifyAll();
  }

  function findRevision(): void {
    current = undefined;
    hash = '';
    if (daemonSet === undefined) return;
    const data = revisionData(daemonSet.spec.template);
    for (const revision of revisions.values()) {
      if (!isControlledBy(revision, daemonSet.metadata.uid ?? '') || !matchesRevision(revision, data))
        continue;
      if (current === undefined || revision.revision >= current.revision) current = revision;
    }
    hash = current?.metadata.labels?.[CONTROLLER_REVISION_HASH] ?? '';
  }

  function reclassifyAll(): void {
    for (const tracked of nodes.values()) {
      change(tracked, () => {
        tracked.wants = wantsPod(tracked.node);
        for (const one of tracked.pods) one.isUpdated = isUpdatedPod(one.pod);
      });
    }
  }

  function take(object: KubeObject, gone: boolean): void {
    // The kind says what the object is.
    if (object.metadata.namespace === namespace) {
      if (object.kind === 'Pod') takePod(object as Pod, gone);
      else if (object.kind === 'ControllerRevision') takeRevision(object as ControllerRevision, gone);
      else if (object.kind === 'DaemonSet' && object.metadata.name === name && !gone)
        takeDaemonSet(object as DaemonSet);
    }
    if (object.kind === 'Node') takeNode(object as Node, gone);
  }

  return {
    begin(objects) {
      const all = [...objects];
      const rank = ({ kind }: KubeObject): number =>
        ['ControllerRevision', 'DaemonSet', 'Node', 'Pod'].indexOf(kind);
      for (const object of all.sort((a, b) => rank(a) - rank(b))) {
        if (object.kind === 'Pod' && isPodTerminal(object as Pod) && isDeleting(object)) continue;
        take(object, false);
      }
      progressMs = 0;
      sample();
    },
    take,
    passTo(time) {
      for (let next = settling[0]; next !== undefined && next.at <= time; next = settling[0]) {
        settling.shift();
        now = Math.max(now, next.at);
        const nodeName = nodeOfPod.get(next.uid);
        const tracked = nodeName === undefined ? undefined : nodes.get(nodeName);
        if (tracked !== undefined) change(tracked, () => undefined);
      }
      now = Math.max(now, time);
    },
    mark: (text) => void marks.push({ atMs: elapsed(), text }),
    noteRefusal(node, because) {
      if (because === undefined) refusals.delete(node);
      else refusals.set(node, because);
    },
    refusalOn: (node) => refusals.get(node),
    counts: () => ({ ...counts }),
    lastProgressMs: () => progressMs,
    isAtRest: (nodeName) => {
      const tracked = nodes.get(nodeName);
      return tracked === undefined || rested(tracked);
    },
    onRest: (listener) => void listeners.push(listener),
    mostExtra: () => mostExtra,
    wanting: () =>
      [...nodes.values()]
        .filter(({ wants }) => wants)
        .map((tracked) => tracked.name)
        .sort(),
    podsOn: (nodeName) => nodes.get(nodeName)?.pods ?? [],
    currentRevision: () => current,
    timeline(untilMs = elapsed()) {
      const endMs = Math.min(untilMs, elapsed());
      const tracks = [...nodes.values()]
        .filter(({ wants, main, pods }) => wants || pods.length > 0 || main.segments.length > 0)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((tracked) => trackOf(tracked, endMs) ?? []);
      return {
        startedAt: formatRfc3339(startedAt),
        endMs,
        tracks,
        availability: availability.filter(({ atMs }) => atMs <= endMs),
        marks: marks.filter(({ atMs }) => atMs <= endMs),
      };
    },
  };

  function trackOf({ name: node, wants, main, surge }: Tracked, endMs: number): NodeTrack | undefined {
    const drawn = segmentsUntil(main, endMs);
    const isEmpty = drawn.every(({ state }) => state === 'absent') && !wants;
    if (isEmpty) return undefined;
    return {
      node,
      segments: drawn,
      ...(surge === undefined
        ? {}
        : { surge: segmentsUntil(surge, endMs).filter(({ state }) => state !== 'absent') }),
    };
  }
}

/** What a lane showed until a time, its open segment included. */
function segmentsUntil({ segments, state, sinceMs }: Lane, endMs: number): readonly Segment[] {
  return [...segments, { fromMs: sinceMs, toMs: endMs, state }]
    .filter(({ fromMs }) => fromMs < endMs)
    .map((segment) => (segment.toMs > endMs ? { ...segment, toMs: endMs } : segment));
}
