import type { ControllerRevision, DaemonSet, DaemonSetStatus } from '../api/apps.ts';
import { CONTROLLER_REVISION, DAEMON_SET } from '../api/well-known.ts';
import { matchesRevision, revisionData } from '../domain/daemonset/revision-data.ts';
import { isControlledBy } from '../domain/owner-references.ts';
import { rolloutStatus } from '../domain/rollout/status.ts';
import type { Lister } from '../runtime/controller.ts';
import { keyText, parseKeyText } from '../runtime/write-requests.ts';
import type { SyncRecord, SyncStep } from './daemonset/sync-record.ts';
import { type PodsChangedSince, waitingFor } from './waiting-for.ts';

/** What was done for one DaemonSet, and how it stands. The shape is part of the command line's JSON output. */
export interface DaemonSetReport {
  readonly daemonSet: { readonly namespace: string; readonly name: string };
  /** Whether the DaemonSet is no longer there. */
  readonly gone: boolean;
  /** Pods created that took no other pod's place. */
  readonly podsCreated: number;
  /** Pods deleted whose place no other pod took. Pods that the garbage collector removed are not counted. */
  readonly podsDeleted: number;
  /** Pods of another template replaced on their node. */
  readonly podsUpdated: number;
  /** The current template's revision; null when there is none (yet). */
  readonly revision: { readonly name: string; readonly number: number } | null;
  readonly status: DaemonSetStatus | null;
  /** The line of `kubectl rollout status`; for a strategy without rollout, why there is none. */
  readonly rollout: string;
  readonly rolledOut: boolean;
  /** What stands in the way, one sentence part each; empty when nothing does. */
  readonly waitingFor: readonly string[];
  /** What was done, in order, with the reasons. */
  readonly steps: readonly SyncStep[];
}

/** Collects the syncs of a run, and sums them up per DaemonSet. */
export interface ReportCollector {
  /** For `onSync` of the DaemonSet controller. */
  readonly onSync: (record: SyncRecord) => void;
  /**
   * Of every DaemonSet that is there or was synced, in order of namespace and name. `now`: milliseconds since the
   * epoch. `changedSince` spares a look at the pods of DaemonSets whose status shows nothing missing.
   */
  report(lister: Lister, now: number, changedSince?: PodsChangedSince): readonly DaemonSetReport[];
}

/** A collector that has seen nothing yet. */
export function createReportCollector(): ReportCollector {
  const steps = new Map<string, SyncStep[]>();
  return {
    onSync(record) {
      const key = keyText(record.daemonSet);
      const known = steps.get(key);
      if (known === undefined) steps.set(key, [...record.steps]);
      else for (const step of record.steps) known.push(step);
    },
    report(lister, now, changedSince) {
      const keys = new Set([...steps.keys(), ...lister.list(DAEMON_SET).map(keyText)]);
      return [...keys].sort().map((key) => {
        const daemonSet = lister.get(DAEMON_SET, parseKeyText(key));
        const own = steps.get(key) ?? [];
        return reportOn(key, daemonSet, own, lister, (one) => waitingFor(one, lister, now, changedSince));
      });
    },
  };
}

function reportOn(
  key: string,
  daemonSet: DaemonSet | undefined,
  steps: readonly SyncStep[],
  lister: Lister,
  obstaclesOf: (daemonSet: DaemonSet) => readonly string[],
): DaemonSetReport {
  const { namespace, name } = parseKeyText(key);
  const base = { daemonSet: { namespace, name }, ...countPods(steps), steps };
  if (daemonSet === undefined) {
    return {
      ...base,
      gone: true,
      revision: null,
      status: null,
      rollout: '',
      rolledOut: false,
      waitingFor: [],
    };
  }
  const rollout = rolloutStatus(daemonSet);
  const current = currentRevision(daemonSet, lister);
  return {
    ...base,
    gone: false,
    revision: current === undefined ? null : { name: current.metadata.name ?? '', number: current.revision },
    status: daemonSet.status ?? null,
    rollout: 'error' in rollout ? rollout.error : rollout.text,
    rolledOut: 'done' in rollout && rollout.done,
    waitingFor: obstaclesOf(daemonSet),
  };
}

function currentRevision(daemonSet: DaemonSet, lister: Lister): ControllerRevision | undefined {
  const uid = daemonSet.metadata.uid ?? '';
  const data = revisionData(daemonSet.spec.template);
  return lister
    .ownedBy(CONTROLLER_REVISION, uid)
    .filter((revision) => isControlledBy(revision, uid) && matchesRevision(revision, data))
    .sort((a, b) => b.revision - a.revision)[0];
}

/** Pairs pods deleted and created on the same node: two of different templates are one update. */
function countPods(steps: readonly SyncStep[]): {
  readonly podsCreated: number;
  readonly podsDeleted: number;
  readonly podsUpdated: number;
} {
  const created = new Map<string, (string | undefined)[]>();
  const deleted = new Map<string, (string | undefined)[]>();
  for (const step of steps) {
    if (step.refused !== undefined || step.node === undefined) continue;
    const into = step.do === 'createPod' ? created : step.do === 'deletePod' ? deleted : undefined;
    if (into === undefined) continue;
    into.set(step.node, [...(into.get(step.node) ?? []), step.hash]);
  }
  let podsCreated = 0;
  let podsUpdated = 0;
  let podsDeleted = 0;
  for (const hashes of deleted.values()) podsDeleted += hashes.length;
  for (const [node, hashes] of created) {
    podsCreated += hashes.length;
    const old = [...(deleted.get(node) ?? [])];
    for (const hash of hashes) {
      const index = old.findIndex((other) => other !== hash);
      if (index < 0) continue;
      old.splice(index, 1);
      podsUpdated += 1;
    }
  }
  return { podsCreated: podsCreated - podsUpdated, podsDeleted: podsDeleted - podsUpdated, podsUpdated };
}
