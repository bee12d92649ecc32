import type { PodChoice, PodsAtOnce } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';
import { POD } from '../api/well-known.ts';
import type { Lister } from './controller.ts';
import { kindKey } from './kind-key.ts';
import type { ObjectIndex } from './object-index.ts';

/** Which pods need not stay in memory. */
export interface RestingPods {
  /** Whether nobody is likely to ask for a pod soon. Such a pod must have a node and a controller, and stay as it is. */
  readonly isAtRest: (pod: Pod) => boolean;
  /** So many of the newest states of pods stay in any case. */
  readonly newest: number;
}

/** A lister that reads pods when they are asked for. */
export interface PodsOnDemand {
  readonly lister: Lister;
  /** Whether the index has every pod. */
  hasAll(): boolean;
  /** A pod in the index has got a new state. */
  hasChanged(pod: Pod): void;
  /** Takes pods at rest out of the index, when there are too many. */
  letGo(): void;
}

const podKind = kindKey(POD);
const isPods = (kind: KindRef): boolean => kindKey(kind) === podKind;

/** The namespace that stands for all of them. */
const ALL_NAMESPACES = '';
const ALL: PodChoice = { namespace: ALL_NAMESPACES };

/** A set of choices. */
class PodChoices {
  readonly #nodeNames = new Set<string>();
  readonly #ownerUids = new Set<string>();
  readonly #namespaces = new Set<string>();

  has(choice: PodChoice): boolean {
    if ('nodeName' in choice) return this.#nodeNames.has(choice.nodeName);
    if ('ownerUid' in choice) return this.#ownerUids.has(choice.ownerUid);
    return this.#namespaces.has(choice.namespace);
  }

  add(choice: PodChoice): void {
    if ('nodeName' in choice) this.#nodeNames.add(choice.nodeName);
    else if ('ownerUid' in choice) this.#ownerUids.add(choice.ownerUid);
    else this.#namespaces.add(choice.namespace);
  }

  /** Adds all choices that a pod is among. */
  addThoseOf({ metadata, spec }: Pod): void {
    this.#nodeNames.add(spec.nodeName ?? '');
    for (const { uid } of metadata.ownerReferences ?? []) this.#ownerUids.add(uid);
    this.#namespaces.add(metadata.namespace ?? '').add(ALL_NAMESPACES);
  }

  /** Takes out all choices that a pod is among. */
  deleteThoseOf({ metadata, spec }: Pod): void {
    this.#nodeNames.delete(spec.nodeName ?? '');
    for (const { uid } of metadata.ownerReferences ?? []) this.#ownerUids.delete(uid);
    this.#namespaces.delete(metadata.namespace ?? '');
    this.#namespaces.delete(ALL_NAMESPACES);
  }
}

/**
 * A lister over an index that need not have all pods: those that somebody asks for are read, as of the revision `at()` that
 * the index stands at, and put into it. Pods without a node and pods without a controller must always be in the index.
 * `hasAll` says whether it has every pod to begin with.
 */
export function podsOnDemand(
  index: ObjectIndex,
  pods: PodsAtOnce,
  at: () => string,
  hasAll: boolean,
  resting?: RestingPods,
): PodsOnDemand {
  /** Choices whose pods were all read. */
  const read = new PodChoices();
  /** Choices of which pods were let go. */
  const lost = new PodChoices();
  /** The newest states of pods, in the order in which they came; those before `oldest` were looked at. */
  let states: Pod[] = [];
  let oldest = 0;

  const has = (choice: PodChoice): boolean => read.has(choice) || (hasAll && !lost.has(choice));

  function keep(pod: Pod): void {
    index.put(pod);
    if (resting !== undefined) states.push(pod);
  }

  function need(choice: PodChoice): void {
    if (has(ALL) || has(choice)) return;
    for (const pod of pods.list(choice, at())) if (index.peer(pod) === undefined) keep(pod);
    read.add(choice);
  }

  const lister: Lister = {
    get<T extends KubeObject>(kind: KindRef<T>, key: Parameters<Lister['get']>[1]): T | undefined {
      const known = index.get(kind, key);
      if (known !== undefined || !isPods(kind) || has(ALL)) return known;
      const pod = pods.get(key, at());
      if (pod !== undefined) keep(pod);
      return index.get(kind, key);
    },
    list(kind, namespace) {
      if (isPods(kind)) need({ namespace: namespace ?? '' });
      return index.list(kind, namespace);
    },
    ownedBy(kind, ownerUid) {
      if (isPods(kind)) need({ ownerUid });
      return index.ownedBy(kind, ownerUid);
    },
    uncontrolled: (kind, namespace) => index.uncontrolled(kind, namespace),
    dependentsOf(ownerUid) {
      need({ ownerUid });
      return index.dependentsOf(ownerUid);
    },
    byUid(uid) {
      const known = index.byUid(uid);
      if (known !== undefined || has(ALL)) return known;
      need(ALL);
      return index.byUid(uid);
    },
    inNamespace(namespace) {
      if (namespace !== '') need({ namespace });
      return index.inNamespace(namespace);
    },
    podsOnNode(nodeName): readonly Pod[] {
      if (nodeName !== '') need({ nodeName });
      return index.podsOnNode(nodeName);
    },
  };

  return {
    lister,
    hasAll: () => has(ALL),
    hasChanged(pod) {
      if (resting !== undefined) states.push(pod);
    },
    letGo() {
      if (resting === undefined || states.length - oldest <= 2 * resting.newest) return;
      for (; states.length - oldest > resting.newest; oldest += 1) {
        const pod = states[oldest];
        // A newer state of the same pod comes later in the row.
        if (pod === undefined || index.peer(pod) !== pod || !resting.isAtRest(pod)) continue;
        index.remove(pod);
        read.deleteThoseOf(pod);
        if (hasAll) lost.addThoseOf(pod);
      }
      states = states.slice(oldest);
      oldest = 0;
    },
  };
}
