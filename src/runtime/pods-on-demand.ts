import type { PodChoice, PodsAtOnce } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';
import { POD } from '../api/well-known.ts';
import type { Lister } from './controller.ts';
import { kindKey } from './kind-key.ts';
import type { ObjectIndex } from './object-index.ts';

const podKind = kindKey(POD);
const isPods = (kind: KindRef): boolean => kindKey(kind) === podKind;

/**
 * A lister over an index that has everything but most of the pods: those that somebody asks for are read, as of the
 * revision `at()` that the index stands at, and stay in it. Pods without a node and pods without a controller have to be in
 * the index already.
 */
export function podsOnDemand(index: ObjectIndex, pods: PodsAtOnce, at: () => string): Lister {
  const read = new Set<string>();
  let hasAll = false;

  function need(choice: PodChoice): void {
    const what = JSON.stringify(choice);
    if (hasAll || read.has(what)) return;
    for (const pod of pods.list(choice, at())) if (index.peer(pod) === undefined) index.put(pod);
    read.add(what);
    if ('namespace' in choice && choice.namespace === '') hasAll = true;
  }

  return {
    get<T extends KubeObject>(kind: KindRef<T>, key: Parameters<Lister['get']>[1]): T | undefined {
      const known = index.get(kind, key);
      if (known !== undefined || hasAll || !isPods(kind)) return known;
      const pod = pods.get(key, at());
      if (pod !== undefined) index.put(pod);
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
      if (known !== undefined || hasAll) return known;
      need({ namespace: '' });
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
}
