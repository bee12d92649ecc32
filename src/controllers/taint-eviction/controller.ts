import type { WriteRequest } from '../../api/client.ts';
import type { Node, Pod } from '../../api/core.ts';
import { NODE, POD } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { withDisruptionTarget } from '../../domain/disruption.ts';
import { type Controller, type Requeue, watch } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { deletion, keyText, parseKeyText, statusUpdate } from '../../runtime/write-requests.ts';
import { evictionTime } from './eviction-time.ts';

const hasNoExecute = (node: Node | undefined): boolean =>
  node?.spec?.taints?.some(({ effect }) => effect === 'NoExecute') === true;

const nothing: readonly string[] = [];

/** Deletes pods that do not tolerate the NoExecute taints of their node, when their toleration has run out. */
export function taintEvictionController(): Controller {
  /** By pod UID: when the taints were first seen, in milliseconds since the epoch. */
  const since = new Map<string, number>();

  return {
    name: 'taint-eviction-controller',
    batch: 500,
    watches: [
      watch(NODE, (previous, current, lister) => {
        if (current === undefined || (!hasNoExecute(current) && !hasNoExecute(previous))) return nothing;
        if (deepEqual(previous?.spec?.taints, current.spec?.taints)) return nothing;
        return lister.podsOnNode(current.metadata.name ?? '').map(keyText);
      }),
      watch(POD, (previous, current, lister) => {
        if (current === undefined) {
          since.delete(previous?.metadata.uid ?? '');
          return nothing;
        }
        const nodeName = current.spec.nodeName ?? '';
        if (nodeName === '' || isDeleting(current)) return nothing;
        return hasNoExecute(lister.get(NODE, { namespace: '', name: nodeName }))
          ? [keyText(current)]
          : nothing;
      }),
    ],
    async reconcile(keys, { client, lister, recorder, now }) {
      const requeues: Requeue[] = [];
      const evicted: Pod[] = [];
      for (const key of keys) {
        const pod = lister.get(POD, parseKeyText(key));
        if (pod === undefined || isDeleting(pod)) continue;
        const uid = pod.metadata.uid ?? '';
        const time = evictionTime(
          pod,
          lister.get(NODE, { namespace: '', name: pod.spec.nodeName ?? '' })?.spec?.taints,
        );
        if (time.kind === 'never') {
          if (since.delete(uid))
            recorder.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
          continue;
        }
        if (time.kind === 'after') {
          const start = since.get(uid) ?? now;
          since.set(uid, start);
          if (start + time.delayMs > now) {
            const because = `pod ${key} tolerates the taints of node ${pod.spec.nodeName} for ${time.delayMs / 1000}s`;
            requeues.push({ key, afterMs: start + time.delayMs - now, wait: { kind: 'machinery', because } });
            continue;
          }
        }
        evicted.push(pod);
      }
      const requests: WriteRequest[] = evicted.flatMap((pod) => {
        const message = 'Taint manager: deleting due to NoExecute taint';
        const marked = withDisruptionTarget(pod, 'DeletionByTaintManager', message, now);
        return [statusUpdate(marked), deletion(pod)];
      });
      if (requests.length === 0) return requeues;
      const outcomes = await client.commit(requests);
      for (const [index, pod] of evicted.entries()) {
        since.delete(pod.metadata.uid ?? '');
        if (outcomes[2 * index + 1]?.ok !== true) continue;
        recorder.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${keyText(pod)}`);
      }
      retryRefused(outcomes);
      return requeues;
    },
  };
}
