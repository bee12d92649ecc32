import type { ControllerRevision, DaemonSet } from '../../api/apps.ts';
import type { Node, Pod } from '../../api/core.ts';
import { CONTROLLER_REVISION_HASH } from '../../api/well-known.ts';
import { deepEqual } from '../deep-equal.ts';
import { type Claim, type Claimed, claimOf } from './claim.ts';
import { constructHistory, type History } from './history.ts';
import { MARK, type MarkRules, marksOf, type NodeState, nextChangeOfMarks } from './node-marks.ts';
import { MutableNodeTally } from './node-tally.ts';
import type { Observed, TemplateHash } from './observed.ts';
import { nodeShouldRunDaemonPod, type Placement } from './placement.ts';
import { daemonPodFactory, targetNodeName, templateGeneration } from './pod-template.ts';
import { byName, countingNodeName, isBound } from './pods-of-node.ts';
import { RestingNodes, type SavedMemory, type StandingNode, sumUp } from './resting-nodes.ts';
import type { SyncState } from './sync-state.ts';
import { allowsSurge } from './update-strategy.ts';

/** A node of the memory; the node's state is what the entry says. */
interface NodeEntry extends NodeState {
  node: Node | undefined;
  placement: Placement;
  pods: readonly Pod[] | undefined;
  /** As the tally knows them. */
  marks: number;
}

/** Marks of all nodes by the same rules, as of `now`, and what else goes with the rules. */
interface Marked {
  readonly rules: MarkRules;
  readonly tally: MutableNodeTally;
  readonly podFor: SyncState['podFor'];
  /** Milliseconds since the epoch. */
  now: number;
}

/** Nodes of which only the standing is known, and where to read everything when that is not enough. */
interface Resting {
  readonly nodes: RestingNodes;
  readonly everything: () => Pick<Observed, 'nodes' | 'pods'>;
}

/** A history without anything to do, and what it was read from. */
interface SettledHistory {
  readonly revisions: readonly ControllerRevision[];
  readonly collisionCount: number | undefined;
  readonly found: History;
}

const NOWHERE: Placement = { shouldRun: false, shouldContinueRunning: false };

/**
 * What a sync of one DaemonSet makes of nodes and pods, kept from sync to sync: which pods are its own, which are
 * where, and how many nodes stand how. Whoever keeps it tells it of every node and pod that changed; the next sync
 * then costs as much as has changed, not as much as there is. It holds nothing that cannot be made anew from the
 * objects, and it answers exactly what a new one would.
 *
 * It belongs to one DaemonSet with one spec: see `fits`.
 */
export class SyncMemory {
  readonly #daemonSet: DaemonSet;
  readonly #nodes = new Map<string, NodeEntry>();
  /** Pods that it owns, adopts or releases, by name. */
  readonly #pods = new Map<string, Pod>();
  readonly #adopted = new Map<string, Pod>();
  readonly #released = new Map<string, Pod>();
  /** How many own pods that name a node carry each revision hash. */
  readonly #hashes = new Map<string, number>();
  /** Names of nodes whose marks have to be made anew. */
  readonly #stale = new Set<string>();
  /** When the marks of a node change by time alone: milliseconds since the epoch, by the node's name. */
  readonly #changesAt = new Map<string, number>();
  #marked: Marked | undefined;
  #history: SettledHistory | undefined;
  #resting: Resting | undefined;

  constructor(daemonSet: DaemonSet) {
    this.#daemonSet = daemonSet;
  }

  /**
   * Whether this memory is one of this DaemonSet as it is now. Its metadata and status may be others than those that
   * the memory was made with; when its spec or identity is another, a new memory has to be made.
   */
  fits(daemonSet: DaemonSet): boolean {
    const { metadata, spec } = this.#daemonSet;
    return (
      metadata.uid === daemonSet.metadata.uid &&
      metadata.namespace === daemonSet.metadata.namespace &&
      metadata.name === daemonSet.metadata.name &&
      (spec === daemonSet.spec || deepEqual(spec, daemonSet.spec))
    );
  }

  /** A new memory of all nodes and of the pods that the DaemonSet owns or might adopt; others do no harm. */
  static of(daemonSet: DaemonSet, nodes: readonly Node[], pods: readonly Pod[]): SyncMemory {
    const memory = new SyncMemory(daemonSet);
    memory.#takeOver(nodes, pods);
    return memory;
  }

  /**
   * The memory that was saved, when it is one of this DaemonSet; otherwise undefined. Before it is told of a node or a pod
   * that has changed since, the node has to be woken. `everything` reads all nodes and pods, should that be needed.
   */
  static restored(
    daemonSet: DaemonSet,
    saved: SavedMemory,
    everything: Resting['everything'],
  ): SyncMemory | undefined {
    const { generation, templateGeneration: labelled, hash, now, most, others } = saved;
    if (generation !== daemonSet.metadata.generation || labelled !== templateGeneration(daemonSet))
      return undefined;
    const memory = new SyncMemory(daemonSet);
    const { tally } = memory.#beginMarking(daemonSet, hash, labelled, now);
    memory.#resting = { nodes: new RestingNodes(saved), everything };
    for (const { marks, hashes, count } of [
      ...others.map((other) => ({ ...other, count: other.names.length })),
      most,
    ]) {
      tally.addResting(marks, count);
      for (const one of hashes) memory.#countHash(one, count);
    }
    return memory;
  }

  /** How many pods it holds. */
  podCount(): number {
    return this.#pods.size;
  }

  /** Whether there are nodes that are known by their standing alone. */
  hasResting(): boolean {
    return this.#resting !== undefined;
  }

  /** Whether a node may be known by its standing alone. */
  isResting(name: string): boolean {
    return this.#resting?.nodes.has(name) === true;
  }

  /**
   * Takes over a resting node as it is now. `existed`: whether the cluster had it when the memory was saved. `pods`: those
   * bound to it that the DaemonSet owns or might adopt.
   */
  wake(name: string, existed: boolean, node: Node | undefined, pods: readonly Pod[]): void {
    const standing = this.#resting?.nodes.wake(name, existed);
    if (standing !== undefined) {
      for (const hash of standing.hashes) this.#countHash(hash, -1);
      const entry = this.#nodes.get(name) ?? this.#addEntry(name);
      entry.marks = standing.marks;
      this.#stale.add(name);
    }
    this.setNode(name, node);
    for (const pod of pods) this.setPod(pod.metadata.name ?? '', pod);
  }

  /**
   * What to keep of this memory as of `now`, when it has taken over all that there is; undefined where that is more than
   * how nodes stand: when pods or nodes have to be looked at by the next sync, or by a later one, or pods wait for a node.
   */
  saved(now: number): SavedMemory | undefined {
    if (this.#adopted.size + this.#released.size > 0) return undefined;
    const marked = this.#markedAt(now);
    if (marked === undefined) return undefined;
    // Asked for in the middle of every rollout: what forbids it at a glance comes before a look at all pods.
    if (this.#changesAt.size > 0 || marked.tally.hasListed()) return undefined;
    for (const pod of this.#pods.values()) if (!isBound(pod)) return undefined;
    const { hash, generation } = marked.rules;
    const sum = sumUp(this.#standings(), this.#resting?.nodes.most());
    const { metadata } = this.#daemonSet;
    if (sum === undefined || metadata.generation === undefined) return undefined;
    return {
      namespace: metadata.namespace ?? '',
      generation: metadata.generation,
      hash,
      ...(generation === undefined ? {} : { templateGeneration: generation }),
      now,
      ...sum,
    };
  }

  /**
   * A memory of the same that knows how nodes stand, and holds no pods; undefined while pods are on their way, when they would
   * be asked for again at once.
   */
  resting(now: number, everything: Resting['everything']): SyncMemory | undefined {
    const tally = this.#markedAt(now)?.tally;
    if (tally === undefined || tally.count(MARK.available) !== tally.count(MARK.desired)) return undefined;
    const saved = this.saved(now);
    return saved === undefined ? undefined : SyncMemory.restored(this.#daemonSet, saved, everything);
  }

  *#standings(): Generator<StandingNode, void, undefined> {
    const hashes = new Map<string, string[]>();
    for (const [name, pod] of this.#pods) {
      const nodeName = this.#released.has(name) ? undefined : targetNodeName(pod);
      if (nodeName === undefined) continue;
      const known = hashes.get(nodeName);
      if (known === undefined) hashes.set(nodeName, [hashOf(pod)]);
      else known.push(hashOf(pod));
    }
    for (const [name, { node, marks }] of this.#nodes) {
      yield { name, exists: node !== undefined, marks, hashes: hashes.get(name)?.sort() ?? NONE };
      hashes.delete(name);
    }
    for (const [name, left] of hashes) yield { name, exists: false, marks: 0, hashes: left.sort() };
    // Whether they exist is not known; that they are named, is.
    for (const [name, standing] of this.#resting?.nodes.named() ?? [])
      yield { name, exists: false, ...standing };
  }

  /** Reads everything: what is known of resting nodes does not suffice. */
  #wakeAll(): void {
    const resting = this.#resting;
    if (resting === undefined) return;
    this.#resting = undefined;
    this.#marked = undefined;
    for (const part of [this.#nodes, this.#pods, this.#adopted, this.#released, this.#hashes]) part.clear();
    this.#changesAt.clear();
    const { nodes, pods } = resting.everything();
    this.#takeOver(nodes, pods);
  }

  #takeOver(nodes: readonly Node[], pods: readonly Pod[]): void {
    for (const node of nodes) this.setNode(node.metadata.name ?? '', node);
    const { namespace } = this.#daemonSet.metadata;
    for (const pod of pods)
      if (pod.metadata.namespace === namespace) this.setPod(pod.metadata.name ?? '', pod);
  }

  #countHash(hash: string, more: number): void {
    const count = (this.#hashes.get(hash) ?? 0) + more;
    if (count > 0) this.#hashes.set(hash, count);
    else this.#hashes.delete(hash);
  }

  /** Takes over a node of the cluster as it is now; undefined when there is none of this name (any more). */
  setNode(name: string, node: Node | undefined): void {
    const known = this.#nodes.get(name);
    if (known === undefined ? node === undefined : known.node === node) return;
    const entry = known ?? this.#addEntry(name);
    entry.node = node;
    entry.placement = node === undefined ? NOWHERE : nodeShouldRunDaemonPod(node, this.#daemonSet);
    this.#stale.add(name);
  }

  /**
   * Takes over a pod of the DaemonSet's namespace as it is now; undefined when there is none of this name (any more).
   * Pods that are not the DaemonSet's own and may not become so count as none.
   */
  setPod(name: string, pod: Pod | undefined): void {
    const known = this.#pods.get(name);
    if (known === pod) return;
    if (known !== undefined) this.#forget(name, known);
    const claimed = pod === undefined ? undefined : claimOf(this.#daemonSet, pod);
    if (pod !== undefined && claimed !== undefined) this.#learn(name, pod, claimed);
  }

  /** Pods that get a controller reference and those that lose theirs, by name. */
  newClaims(): Pick<Claimed<Pod>, 'adopted' | 'released'> {
    return {
      adopted: [...this.#adopted.values()].sort(byName),
      released: [...this.#released.values()].sort(byName),
    };
  }

  /** Whether any own pod that names a node carries this revision hash; those that have ended count. */
  hasPodOf(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  /** The DaemonSet with the spec of this memory, which is equal to its own: what is made of a spec is made once. */
  withOwnSpec(daemonSet: DaemonSet): DaemonSet {
    return { ...daemonSet, spec: this.#daemonSet.spec };
  }

  /** The revisions put in order. An order in which nothing has to be changed holds as long as the revisions do. */
  historyOf(daemonSet: DaemonSet, revisions: readonly ControllerRevision[], hashOf: TemplateHash): History {
    const collisionCount = daemonSet.status?.collisionCount;
    const known = this.#history;
    if (known?.revisions === revisions && known.collisionCount === collisionCount) return known.found;
    const ownPods = (): readonly Pod[] => {
      this.#wakeAll();
      return this.#ownPods();
    };
    const found = constructHistory(daemonSet, revisions, ownPods, hashOf);
    this.#history = found.decisions.length === 0 ? { revisions, collisionCount, found } : undefined;
    return found;
  }

  /** What the steps of a sync look at, as of `now`. It holds until the memory is told of the next change. */
  stateAt(
    daemonSet: DaemonSet,
    hash: string,
    { now, backoff }: Pick<Observed, 'now' | 'backoff'>,
  ): SyncState {
    const generation = templateGeneration(daemonSet);
    const known = this.#marked;
    const isSame = known !== undefined && known.rules.hash === hash && known.rules.generation === generation;
    const holds = isSame && known.now <= now;
    if (!holds) this.#wakeAll();
    const marked = holds ? known : this.#markAnew(daemonSet, hash, generation, now);
    for (const [name, at] of this.#changesAt) if (at <= now) this.#stale.add(name);
    this.#markStale(marked, now);
    return { daemonSet, tally: marked.tally, hash, generation, now, backoff, podFor: marked.podFor };
  }

  #ownPods(): readonly Pod[] {
    const own: Pod[] = [];
    for (const [name, pod] of this.#pods) if (!this.#released.has(name)) own.push(pod);
    return own.sort(byName);
  }

  /** No node has marks yet. */
  #beginMarking(daemonSet: DaemonSet, hash: string, generation: string | undefined, now: number): Marked {
    const { minReadySeconds = 0 } = daemonSet.spec;
    const marked: Marked = {
      rules: { hash, generation, minReadySeconds, surge: allowsSurge(daemonSet) },
      tally: new MutableNodeTally(),
      podFor: daemonPodFactory(daemonSet, hash),
      now,
    };
    this.#marked = marked;
    return marked;
  }

  #markAnew(daemonSet: DaemonSet, hash: string, generation: string | undefined, now: number): Marked {
    const marked = this.#beginMarking(daemonSet, hash, generation, now);
    this.#stale.clear();
    for (const name of [...this.#nodes.keys()].sort()) {
      const entry = this.#nodes.get(name);
      if (entry !== undefined) entry.marks = 0;
      this.#stale.add(name);
    }
    return marked;
  }

  /** The marks as of `now`; undefined where there are none, or where they are of a time that is yet to come again. */
  #markedAt(now: number): Marked | undefined {
    const marked = this.#marked;
    if (marked === undefined || now < marked.now) return undefined;
    this.#markStale(marked, now);
    return marked;
  }

  #markStale(marked: Marked, now: number): void {
    for (const name of this.#stale) this.#mark(name, marked, now);
    this.#stale.clear();
    marked.now = now;
  }

  #mark(name: string, { rules, tally }: Marked, now: number): void {
    const entry = this.#nodes.get(name);
    if (entry === undefined) return;
    const marks = marksOf(entry, rules, now);
    tally.change(entry, entry.marks, marks);
    entry.marks = marks;
    const at = nextChangeOfMarks(entry, rules, now);
    if (at === undefined) this.#changesAt.delete(name);
    else this.#changesAt.set(name, at);
    if (entry.node === undefined && entry.pods === undefined) this.#nodes.delete(name);
  }

  #learn(name: string, pod: Pod, claimed: Claim): void {
    this.#pods.set(name, pod);
    if (claimed === 'released') {
      this.#released.set(name, pod);
      return;
    }
    if (claimed === 'adopted') this.#adopted.set(name, pod);
    const nodeName = targetNodeName(pod);
    if (nodeName === undefined) return;
    this.#countHash(hashOf(pod), 1);
    if (countingNodeName(pod) === undefined) return;
    const entry = this.#nodes.get(nodeName) ?? this.#addEntry(nodeName);
    entry.pods = entry.pods === undefined ? [pod] : [...entry.pods, pod].sort(byName);
    this.#stale.add(nodeName);
  }

  #forget(name: string, pod: Pod): void {
    this.#pods.delete(name);
    this.#adopted.delete(name);
    if (this.#released.delete(name)) return;
    const nodeName = targetNodeName(pod);
    if (nodeName === undefined) return;
    this.#countHash(hashOf(pod), -1);
    const entry = this.#nodes.get(nodeName);
    if (entry?.pods?.includes(pod) !== true) return;
    entry.pods = entry.pods.length === 1 ? undefined : entry.pods.filter((other) => other !== pod);
    this.#stale.add(nodeName);
  }

  #addEntry(name: string): NodeEntry {
    const entry: NodeEntry = { name, node: undefined, placement: NOWHERE, pods: undefined, marks: 0 };
    this.#nodes.set(name, entry);
    return entry;
  }
}

const NONE: readonly string[] = [];

function hashOf(pod: Pod): string {
  return pod.metadata.labels?.[CONTROLLER_REVISION_HASH] ?? '';
}

/** A new memory of what was observed. */
export function syncMemoryOf({
  daemonSet,
  nodes,
  pods,
}: Pick<Observed, 'daemonSet' | 'nodes' | 'pods'>): SyncMemory {
  return SyncMemory.of(daemonSet, nodes, pods);
}
