import type { Pod } from '../api/core.ts';

/** What `drain` is allowed to do. */
export interface DrainRules {
  readonly ignoreDaemonSets: boolean;
  readonly force: boolean;
  readonly deleteEmptyDirData: boolean;
}

/** What becomes of a pod: whether it goes, and what is to be said about it. */
export interface DrainDecision {
  readonly pod: Pod;
  readonly remove: boolean;
  /** An error keeps the whole node from being drained. */
  readonly note?: { readonly kind: 'warning' | 'error'; readonly text: string };
}

const MIRROR = 'kubernetes.io/config.mirror';

/**
 * Decides about one pod as kubectl does. `hasDaemonSet`: whether the DaemonSet that controls the pod exists; its name
 * is that of the owner reference.
 */
export function decideDrain(
  pod: Pod,
  rules: DrainRules,
  hasDaemonSet: (namespace: string, name: string) => boolean,
): DrainDecision {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const isFinished = ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
  let warning: string | undefined;
  if (owner?.kind === 'DaemonSet' && !isFinished) {
    const found = hasDaemonSet(pod.metadata.namespace ?? '', owner.name);
    const missing = `daemonsets.apps ${JSON.stringify(owner.name)} not found`;
    if (!found && !rules.force) return refused(pod, missing);
    if (found && !rules.ignoreDaemonSets) {
      return refused(pod, 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)');
    }
    if (found)
      return { pod, remove: false, note: { kind: 'warning', text: 'ignoring DaemonSet-managed Pods' } };
    warning = missing;
  }
  if (pod.metadata.annotations?.[MIRROR] !== undefined) return { pod, remove: false };
  if (hasEmptyDir(pod) && !isFinished) {
    if (!rules.deleteEmptyDirData) {
      return refused(pod, 'Pods with local storage (use --delete-emptydir-data to override)');
    }
    warning = 'deleting Pods with local storage';
  }
  if (owner === undefined && !isFinished) {
    if (!rules.force) {
      // kubectl says `cannot delete` twice.
      return refused(pod, 'cannot delete Pods that declare no controller (use --force to override)');
    }
    warning = 'deleting Pods that declare no controller';
  } else {
    // The last rule that a pod meets has the last word in kubectl, also where it has nothing to say.
    warning = undefined;
  }
  return {
    pod,
    remove: true,
    ...(warning === undefined ? {} : { note: { kind: 'warning', text: warning } }),
  };
}

const refused = (pod: Pod, text: string): DrainDecision => ({
  pod,
  remove: false,
  note: { kind: 'error', text },
});

function hasEmptyDir({ spec }: Pod): boolean {
  const { volumes } = spec;
  return (
    Array.isArray(volumes) &&
    volumes.some((volume: unknown) => typeof volume === 'object' && volume !== null && 'emptyDir' in volume)
  );
}

/** The notes of one kind, the pods of each text behind it: `ignoring DaemonSet-managed Pods: ns/p, ns/q`. */
export function drainNotes(
  decisions: readonly DrainDecision[],
  kind: 'warning' | 'error',
): readonly string[] {
  const podsOf = new Map<string, string[]>();
  for (const { pod, note } of decisions) {
    if (note?.kind !== kind) continue;
    const pods = podsOf.get(note.text) ?? [];
    pods.push(`${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`);
    podsOf.set(note.text, pods);
  }
  return [...podsOf].map(([text, pods]) => `${text}: ${pods.join(', ')}`);
}
