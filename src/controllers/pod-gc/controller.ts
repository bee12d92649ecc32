import type { WriteRequest } from '../../api/client.ts';
import type { Pod } from '../../api/core.ts';
import { NODE, POD, TAINT_OUT_OF_SERVICE } from '../../api/well-known.ts';
import { isDeleting, isPodTerminal } from '../../domain/conditions.ts';
import { withDisruptionTarget } from '../../domain/disruption.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { type Controller, type Lister, type Requeue, watch } from '../../runtime/controller.ts';
import { retryRefused } from '../../runtime/refusals.ts';
import { deletion, keyText, parseKeyText, statusUpdate } from '../../runtime/write-requests.ts';
import { isNodeReady } from '../node-lifecycle/condition-taints.ts';

/** Timers and limits of the pod garbage collector. */
export interface PodGcOptions {
  /** How long a node must be gone before its pods are collected, in milliseconds; upstream's is 40 s. */
  readonly quarantineMs?: number;
  /** Terminated pods that may stay; the oldest beyond are removed. Upstream's default is 12,500. */
  readonly terminatedPods?: number;
}

const nodeKey = (name: string): string => `node ${name}`;
const podKey = (pod: Pod): string => `pod ${keyText(pod)}`;
const nothing: readonly string[] = [];
const terminatedKey = 'terminated pods';

/**
 * Removes pods that nobody else can: those of vanished nodes (after a quarantine, in which the node may come back),
 * those on their way out that have no node or whose node is out of service, and the oldest of too many ended ones.
 */
export function podGcController(options: PodGcOptions = {}): Controller {
  const { quarantineMs = 40_000, terminatedPods = 12_500 } = options;
  /** When a node was found missing, in milliseconds since the epoch. */
  const missingSince = new Map<string, number>();

  function isMissing(lister: Lister, name: string): boolean {
    return name !== '' && lister.get(NODE, { namespace: '', name }) === undefined;
  }

  /** Whether a pod on its way out will not be let go by a kubelet. */
  function isStranded(pod: Pod, lister: Lister): boolean {
    if (!isDeleting(pod) || pod.metadata.deletionGracePeriodSeconds === 0) return false;
    const name = pod.spec.nodeName ?? '';
    if (name === '') return true;
    const node = lister.get(NODE, { namespace: '', name });
    return (
      node !== undefined &&
      !isNodeReady(node) &&
      node.spec?.taints?.some(({ key }) => key === TAINT_OUT_OF_SERVICE) === true
    );
  }

  /** The wait of the pods of a missing node; undefined when it is over, or the node is back. */
  function quarantine(name: string, lister: Lister, now: number): Requeue | undefined {
    const pods = lister.podsOnNode(name).length;
    if (!isMissing(lister, name) || pods === 0) {
      missingSince.delete(name);
      return undefined;
    }
    const start = missingSince.get(name) ?? now;
    missingSince.set(name, start);
    if (start + quarantineMs <= now) return undefined;
    const because = `node ${name} is gone, its ${pods === 1 ? 'pod is' : `${pods} pods are`} collected after ${quarantineMs / 1000}s`;
    return { key: nodeKey(name), afterMs: start + quarantineMs - now, wait: { kind: 'machinery', because } };
  }

  function oldestTerminated(lister: Lister): readonly Pod[] {
    const ended = lister.list(POD).filter(isPodTerminal);
    if (ended.length <= terminatedPods) return [];
    const age = (pod: Pod): number => parseRfc3339(pod.metadata.creationTimestamp) ?? 0;
    return [...ended].sort((a, b) => age(a) - age(b)).slice(0, ended.length - terminatedPods);
  }

  return {
    name: 'pod-garbage-collector-controller',
    batch: 500,
    watches: [
      watch(NODE, (previous, current, lister) => {
        const name = keyText(current ?? (previous as NonNullable<typeof previous>));
        if (current === undefined) return [nodeKey(name)];
        if (!current.spec?.taints?.some(({ key }) => key === TAINT_OUT_OF_SERVICE)) return nothing;
        return lister.podsOnNode(name).filter(isDeleting).map(podKey);
      }),
      watch(POD, (previous, current, lister) => {
        if (current === undefined) return nothing;
        const name = current.spec.nodeName ?? '';
        const lost = isMissing(lister, name);
        const stranded = isStranded(current, lister);
        const ended = isPodTerminal(current) && (previous === undefined || !isPodTerminal(previous));
        if (!lost && !stranded && !ended) return nothing;
        return [
          ...(lost ? [nodeKey(name)] : []),
          ...(stranded ? [podKey(current)] : []),
          ...(ended ? [terminatedKey] : []),
        ];
      }),
    ],
    async reconcile(keys, { client, lister, now }) {
      const requeues: Requeue[] = [];
      const doomed = new Map<string, { readonly pod: Pod; readonly orphaned: boolean }>();
      for (const key of keys) {
        if (key === terminatedKey) {
          for (const pod of oldestTerminated(lister)) doomed.set(keyText(pod), { pod, orphaned: false });
        } else if (key.startsWith('pod ')) {
          const pod = lister.get(POD, parseKeyText(key.slice('pod '.length)));
          if (pod !== undefined && isStranded(pod, lister))
            doomed.set(keyText(pod), { pod, orphaned: false });
        } else {
          const name = key.slice('node '.length);
          const wait = quarantine(name, lister, now);
          if (wait !== undefined) requeues.push(wait);
          else if (isMissing(lister, name)) {
            for (const pod of lister.podsOnNode(name)) doomed.set(keyText(pod), { pod, orphaned: true });
          }
        }
      }
      const requests = [...doomed.values()].flatMap(({ pod, orphaned }) => collect(pod, orphaned, now));
      if (requests.length > 0) retryRefused(await client.commit(requests));
      return requeues;
    },
  };
}

/** Marks a pod as failed, unless it has ended by itself, and removes it without grace. */
function collect(pod: Pod, orphaned: boolean, now: number): readonly WriteRequest[] {
  const remove = deletion(pod, { gracePeriodSeconds: 0 });
  if (isPodTerminal(pod)) return [remove];
  const marked = orphaned
    ? withDisruptionTarget(pod, 'DeletionByPodGC', 'PodGC: node no longer exists', now)
    : pod;
  return [statusUpdate({ ...marked, status: { ...marked.status, phase: 'Failed' } }), remove];
}
