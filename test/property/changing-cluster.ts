import type { DaemonSet } from '../../src/api/apps.ts';
import type { Pod, PodStatus } from '../../src/api/core.ts';
import type { KubeObject, ObjectMeta } from '../../src/api/meta.ts';
import {
  CONTROLLER_REVISION,
  CONTROLLER_REVISION_HASH,
  DAEMON_SET,
  NODE,
  POD,
} from '../../src/api/well-known.ts';
import { gather, gatherNodesAndPods } from '../../src/controllers/daemonset/gather.ts';
import { createSyncMemories } from '../../src/controllers/daemonset/sync-memories.ts';
import type { BackoffEntry, Decision } from '../../src/domain/daemonset/observed.ts';
import { planDaemonSet, planFromMemory } from '../../src/domain/daemonset/plan.ts';
import { targetNodeName } from '../../src/domain/daemonset/pod-template.ts';
import { controllerReference } from '../../src/domain/owner-references.ts';
import { formatRfc3339 } from '../../src/domain/rfc3339.ts';
import { kindKey, kindKeyOf } from '../../src/runtime/kind-key.ts';
import { createObjectIndex } from '../../src/runtime/object-index.ts';
import {
  daemonSet,
  imageHash,
  node,
  ON_DELETE,
  readiness,
  rolling,
  START,
} from '../unit/domain/daemonset/world.ts';

/** One thing that happens, and numbers that choose among its possibilities. */
export interface Happening {
  readonly what: (typeof HAPPENINGS)[number];
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Everything that can happen between two syncs. What happens often stands more than once. */
export const HAPPENINGS = [
  'a node comes or changes',
  'a node goes',
  'a node is written without a change',
  'a pod comes',
  'a pod changes its status',
  'a pod changes its status',
  'a pod is being deleted',
  'a pod goes',
  'a pod changes its labels or owner',
  'a DaemonSet gets another template',
  'a DaemonSet gets another strategy',
  'a DaemonSet is made anew',
  'a status or an annotation of a DaemonSet changes',
  'a revision changes',
  'time passes',
  'time passes',
  'the clock is set back',
  'the process starts anew',
  'a plan is carried out',
  'a plan is carried out',
  'a plan is carried out',
] as const;

const TAINTS = [
  undefined,
  undefined,
  [{ key: 'a', effect: 'NoSchedule' }],
  [{ key: 'a', effect: 'NoExecute' }],
];
const STRATEGIES = [ON_DELETE, rolling(1), rolling(2), rolling('50%'), rolling(0, 1), rolling(0, '50%')];
const OWNERS = ['own', 'own', 'own', 'none', 'other'] as const;

/** The element that a number chooses; undefined of an empty list. */
function chosen<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

function labelled(choice: number): Partial<ObjectMeta> {
  const hash = `fluentd${choice % 3}`;
  const labels = {
    name: 'fluentd',
    [CONTROLLER_REVISION_HASH]: hash,
    'pod-template-generation': `${choice % 5}`,
  };
  return { labels: choice % 7 === 0 ? { name: 'another' } : labels };
}

function ownedBy(of: DaemonSet, choice: number): Partial<ObjectMeta> {
  const owner = chosen(OWNERS, choice);
  if (owner === 'none') return { ownerReferences: [] };
  const stranger = { ...of, metadata: { ...of.metadata, uid: 'uid-stranger' } };
  return { ownerReferences: [controllerReference(owner === 'own' ? of : stranger, DAEMON_SET)] };
}

/** A pod that waits is bound, as the scheduler would, or not yet. */
function bound(pod: Pod | undefined, choice: number): Partial<Pod> {
  const nodeName = pod === undefined ? undefined : targetNodeName(pod);
  if (pod === undefined || nodeName === undefined || choice % 3 === 0) return {};
  return { spec: { ...pod.spec, nodeName } };
}

/**
 * A cache with nodes, pods, revisions and three DaemonSets (two of them in one namespace, and with selectors that
 * overlap), which is told of every change as the manager tells it, and memories of the DaemonSets.
 */
export class ChangingCluster {
  readonly #index = createObjectIndex();
  #memories = createSyncMemories({}, 1);
  readonly #backoff = new Map<string, BackoffEntry>();
  #now = START + 60_000;
  #made = 0;
  /** How many memories were taken over by a new process. */
  restored = 0;

  constructor() {
    for (const [name, namespace, minReadySeconds] of [
      ['fluentd', 'logging', 0],
      ['second', 'logging', 10],
      ['fluentd', 'elsewhere', 10],
    ] as const) {
      const made = daemonSet({ updateStrategy: rolling(1), minReadySeconds });
      this.#put({
        ...made,
        metadata: { ...made.metadata, name, namespace, uid: `uid-${namespace}-${name}` },
      });
    }
    for (let index = 0; index < 4; index += 1) this.#put(node(`node-${index}`));
  }

  daemonSets(): readonly DaemonSet[] {
    return this.#index.list(DAEMON_SET);
  }

  /** The plan over the memory, and the one that is made of everything that the cache has. */
  plans(of: DaemonSet): { readonly fromMemory: readonly Decision[]; readonly anew: readonly Decision[] } {
    this.#memories.rest(this.#index, this.#now);
    const observed = gather(of, this.#index, this.#now, this.#backoff);
    const fromMemory = planFromMemory(() => this.#memories.upToDate(of, this.#index), observed, imageHash);
    return {
      fromMemory,
      anew: planDaemonSet({ ...observed, ...gatherNodesAndPods(of.metadata, this.#index) }, imageHash),
    };
  }

  /** Lets something happen. Nothing does where there is nothing that it could happen to. */
  happen({ what, a, b, c }: Happening): void {
    const of = chosen(this.daemonSets(), a);
    const pod = chosen(this.#index.list(POD), b);
    const someNode = chosen(this.#index.list(NODE), b);
    const revision = chosen(this.#index.list(CONTROLLER_REVISION), b);
    if (of === undefined) return;
    const ways: Readonly<Record<Happening['what'], () => void>> = {
      'a node comes or changes': () => {
        const taints = chosen(TAINTS, b);
        const labels = { zone: c % 2 === 0 ? 'a' : 'b' };
        this.#put(node(`node-${a % 7}`, { labels, ...(taints === undefined ? {} : { taints }) }));
      },
      'a node goes': () => this.#remove(someNode),
      'a node is written without a change': () => this.#edit(someNode, {}),
      'a pod comes': () => this.#put(this.#newPod(of, `node-${b % 8}`, c)),
      'a pod changes its status': () => this.#edit(pod, { status: this.#status(c), ...bound(pod, a) }),
      'a pod is being deleted': () => this.#editMeta(pod, { deletionTimestamp: formatRfc3339(this.#now) }),
      'a pod goes': () => this.#remove(pod),
      'a pod changes its labels or owner': () =>
        this.#editMeta(pod, c % 2 === 0 ? labelled(c >> 1) : ownedBy(of, c >> 1)),
      'a DaemonSet gets another template': () => {
        const nodeSelector = c % 4 === 0 ? { zone: 'a' } : {};
        const containers = [{ name: 'fluentd', image: `fluentd:${b % 3}` }];
        const metadata = { labels: { name: 'fluentd' } };
        this.#editSpec(of, { template: { metadata, spec: { containers, nodeSelector } } });
      },
      'a DaemonSet gets another strategy': () =>
        this.#editSpec(of, {
          updateStrategy: chosen(STRATEGIES, b) ?? ON_DELETE,
          minReadySeconds: c % 3 === 0 ? 10 : 0,
          revisionHistoryLimit: c % 2 === 0 ? 0 : 2,
        }),
      'a DaemonSet is made anew': () => {
        this.#made += 1;
        this.#put({ ...of, metadata: { ...of.metadata, uid: `uid-again-${this.#made}` } });
      },
      'a status or an annotation of a DaemonSet changes': () => {
        const annotations = { 'deprecated.daemonset.template.generation': `${b % 3}` };
        if (c % 2 === 0) this.#editMeta(of, { annotations });
        else this.#edit(of, { status: { ...NO_STATUS, observedGeneration: a % 3, collisionCount: b % 3 } });
      },
      'a revision changes': () => {
        if (revision === undefined) return;
        const copy = { ...revision, metadata: { ...revision.metadata, name: `copy-${a % 3}` } };
        if (c % 3 === 0) this.#remove(revision);
        else if (c % 3 === 1) this.#edit(revision, { revision: a % 5 });
        else this.#put(copy);
      },
      'time passes': () => {
        this.#now += [1_000, 5_000, 11_000][b % 3] ?? 0;
      },
      'the clock is set back': () => {
        this.#now -= 7_000;
      },
      'the process starts anew': () => {
        if (c % 4 > 0) this.#comeToRest();
        // A mark is left only when all pods have a node.
        if (this.#index.podsOnNode('').length > 0) return;
        const saved = JSON.stringify(this.#memories.saved(this.#index, this.#now));
        this.restored += Object.keys(JSON.parse(saved)).length;
        this.#memories = createSyncMemories(JSON.parse(saved), 1);
      },
      'a plan is carried out': () => {
        for (const decision of this.plans(of).anew) this.#carryOut(of, decision, c);
      },
    };
    ways[what]();
  }

  /** Does what was decided; of several ways in which the cluster may answer, `choice` picks one. */
  #carryOut(of: DaemonSet, decision: Decision, choice: number): void {
    const owner = { ownerReferences: [controllerReference(of, DAEMON_SET)] };
    switch (decision.do) {
      case 'createPod':
        this.#put(this.#named(decision.pod));
        break;
      case 'deletePod':
        if (choice % 2 === 0) this.#remove(decision.pod);
        else this.#editMeta(decision.pod, { deletionTimestamp: formatRfc3339(this.#now) });
        break;
      case 'adoptPod':
        this.#editMeta(decision.pod, owner);
        break;
      case 'releasePod':
        this.#editMeta(decision.pod, { ownerReferences: [] });
        break;
      case 'relabelPod': {
        const labels = { ...decision.pod.metadata.labels, [CONTROLLER_REVISION_HASH]: decision.hash };
        this.#editMeta(decision.pod, { labels });
        break;
      }
      case 'createRevision':
        this.#put({ ...decision.revision, metadata: { ...decision.revision.metadata, uid: 'uid-revision' } });
        break;
      case 'deleteRevision':
        this.#remove(decision.revision);
        break;
      case 'adoptRevision':
        this.#editMeta(decision.revision, owner);
        break;
      case 'renumberRevision':
        this.#edit(decision.revision, { revision: decision.number });
        break;
      case 'updateStatus':
        this.#edit(of, { status: decision.status });
        break;
      case 'setBackoff':
        this.#backoff.set(decision.key, decision.entry);
        break;
    }
  }

  /** All pods get their nodes and are ready for long, and all plans are carried out, as far as that comes to an end. */
  #comeToRest(): void {
    for (let round = 0; round < 10; round += 1) {
      for (const pod of this.#index.list(POD)) {
        const nodeName = targetNodeName(pod);
        if (nodeName === undefined || this.#index.get(NODE, { namespace: '', name: nodeName }) === undefined)
          this.#remove(pod);
        else
          this.#edit(pod, { spec: { ...pod.spec, nodeName }, status: readiness(true, this.#now - 60_000) });
      }
      const decided = this.daemonSets().flatMap((of) =>
        this.plans(of).anew.map((decision) => ({ of, decision })),
      );
      if (decided.length === 0) return;
      for (const { of, decision } of decided) this.#carryOut(of, decision, 0);
    }
  }

  #newPod(of: DaemonSet, nodeName: string, choice: number): Pod {
    const pinned = { key: 'metadata.name', operator: 'In', values: [nodeName] };
    const nodeSelectorTerms = [{ matchFields: [pinned] }];
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
    const pod = this.#named({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: of.metadata.namespace ?? '',
        ...labelled(choice),
        ...ownedBy(of, choice >> 2),
      },
      spec: { containers: [], affinity: { nodeAffinity }, ...(choice % 3 === 0 ? {} : { nodeName }) },
    });
    return { ...pod, status: this.#status(choice >> 1) };
  }

  #named(pod: Pod): Pod {
    this.#made += 1;
    // Few names, so that a new pod often takes the name of an old one.
    const name = `pod-${this.#made % 23}`;
    const creationTimestamp = formatRfc3339(this.#now - (this.#made % 3) * 1_000);
    return { ...pod, metadata: { ...pod.metadata, name, uid: `uid-pod-${this.#made}`, creationTimestamp } };
  }

  #status(choice: number): PodStatus {
    const statuses: readonly PodStatus[] = [
      readiness(true, this.#now),
      readiness(true, this.#now),
      readiness(true, this.#now - 9_000),
      readiness(false, this.#now),
      { phase: 'Pending' },
      { ...readiness(false), phase: 'Failed' },
      { phase: 'Succeeded' },
    ];
    return chosen(statuses, choice) ?? {};
  }

  #editSpec(of: DaemonSet, change: Partial<DaemonSet['spec']>): void {
    const { metadata, spec } = of;
    const generation = (metadata.generation ?? 0) + 1;
    const changed: DaemonSet = { ...of, metadata: { ...metadata, generation }, spec: { ...spec, ...change } };
    this.#put(changed);
  }

  #editMeta(object: KubeObject | undefined, change: Partial<ObjectMeta>): void {
    const live = object === undefined ? undefined : this.#index.peer(object);
    if (live !== undefined) this.#put({ ...live, metadata: { ...live.metadata, ...change } });
  }

  #edit<T extends KubeObject>(object: T | undefined, change: Partial<T>): void {
    const live = object === undefined ? undefined : this.#index.peer(object);
    if (live !== undefined) this.#put({ ...live, ...change });
  }

  #put(current: KubeObject | undefined): void {
    if (current === undefined) return;
    const peer = this.#index.peer(current);
    if (peer !== undefined && peer.metadata.uid !== current.metadata.uid) this.#remove(peer);
    const previous = this.#index.peer(current);
    this.#index.put(current);
    this.#tell(previous, current);
  }

  #remove(object: KubeObject | undefined): void {
    const previous = object === undefined ? undefined : this.#index.peer(object);
    if (previous === undefined) return;
    this.#index.remove(previous);
    this.#tell(previous, undefined);
  }

  #tell(previous: KubeObject | undefined, current: KubeObject | undefined): void {
    const object = current ?? previous;
    for (const { kind, enqueue } of this.#memories.watches) {
      if (object !== undefined && kind !== '*' && kindKey(kind) === kindKeyOf(object))
        enqueue(previous, current, this.#index);
    }
  }
}

const NO_STATUS = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
};
