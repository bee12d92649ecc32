import type { Client } from '../api/client.ts';
import type { Node, Pod } from '../api/core.ts';
import { NODE, POD } from '../api/well-known.ts';
import type { Controller, Lister } from '../runtime/controller.ts';
import { keyText, parseKeyText } from '../runtime/write-requests.ts';

/** What kubelets knew when they wrote the state of a pod. */
interface Written {
  readonly resourceVersion: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly node: Node | undefined;
}

/** What the kubelets' keys of pods begin with. */
const PREFIX = 'pod ';

/**
 * The kubelets without their second look at what they have just written: at the same time and on the same node they
 * have the same to say. Most of what happens to a pod is written by its kubelet.
 */
export function heedOthers(kubelets: Controller): Controller {
  /** By the pods' keys. */
  const written = new Map<string, Written>();

  function isOwn(key: string, lister: Lister, now: number): boolean {
    const own = written.get(key);
    if (own === undefined) return false;
    written.delete(key);
    const pod = lister.get(POD, parseKeyText(key.slice(PREFIX.length)));
    return (
      pod !== undefined &&
      own.now === now &&
      own.resourceVersion === pod.metadata.resourceVersion &&
      own.node === nodeOf(pod, lister)
    );
  }

  function remember(pod: Pod, lister: Lister, now: number): void {
    const before = lister.get(POD, {
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name ?? '',
    });
    // The time of its start is written in whole seconds, by which the second look may see more time gone.
    if (now % 1000 !== 0 && before?.status?.startTime === undefined) return;
    const { resourceVersion } = pod.metadata;
    written.set(`${PREFIX}${keyText(pod)}`, { resourceVersion, now, node: nodeOf(pod, lister) });
  }

  return {
    ...kubelets,
    async reconcile(keys, context) {
      const { lister, now } = context;
      const news = keys.filter((key) => !isOwn(key, lister, now));
      if (news.length === 0) return [];
      const client: Client = {
        ...context.client,
        async commit(requests) {
          const outcomes = await context.client.commit(requests);
          for (const outcome of outcomes) {
            const isPod = outcome.ok && outcome.did === 'updated' && outcome.object.kind === POD.kind;
            if (isPod) remember(outcome.object as Pod, lister, now); // the kind says so
          }
          return outcomes;
        },
      };
      return kubelets.reconcile(news, { ...context, client });
    },
  };
}

function nodeOf({ spec }: Pod, lister: Lister): Node | undefined {
  return lister.get(NODE, { namespace: '', name: spec.nodeName ?? '' });
}
