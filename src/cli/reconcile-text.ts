import type { KubeObject } from '../api/meta.ts';
import type { SyncStep } from '../controllers/daemonset/sync-record.ts';
import type { DaemonSetReport } from '../controllers/report.ts';
import { humanDuration } from '../domain/duration.ts';
import type { FixedPoint, Jump } from '../runtime/run-to-fixed-point.ts';
import { qualifiedNameOf } from './object-names.ts';
import { mergedJumps } from './reconcile-json.ts';

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What was done for one DaemonSet: `4 pods created, 1 pod deleted`, or `unchanged`. */
export function doneText({ podsCreated, podsDeleted, podsUpdated, steps, gone }: DaemonSetReport): string {
  const parts = [
    podsCreated > 0 ? `${counted(podsCreated, 'pod')} created` : '',
    podsUpdated > 0 ? `${counted(podsUpdated, 'pod')} updated` : '',
    podsDeleted > 0 ? `${counted(podsDeleted, 'pod')} deleted` : '',
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(', ');
  if (gone) return 'deleted';
  return steps.length > 0 ? 'status and history brought up to date' : 'unchanged';
}

/** How one DaemonSet stands: `4 of 4 nodes have an available pod`. */
export function standingText({ status }: DaemonSetReport): string {
  if (status === null) return '';
  const misscheduled = status.numberMisscheduled;
  const extra = misscheduled > 0 ? `, ${misscheduled} on nodes that should not run it` : '';
  return `${status.numberAvailable ?? 0} of ${status.desiredNumberScheduled} available, ${status.updatedNumberScheduled ?? 0} up-to-date${extra}`;
}

/** The report of a run for people and for pipes: a line per DaemonSet, and a line for each thing it waits for. */
export function summaryText(
  reports: readonly DaemonSetReport[],
  point: FixedPoint,
  oneStep: boolean,
): string {
  const lines: string[] = [];
  for (const report of reports) {
    const { namespace, name } = report.daemonSet;
    const standing = standingText(report);
    lines.push(
      `daemonset.apps/${name} (${namespace}): ${doneText(report)}${standing === '' ? '' : `; ${standing}`}`,
    );
    for (const obstacle of report.waitingFor) lines.push(`  waiting for ${obstacle}`);
  }
  if (reports.length === 0)
    lines.push(point.steps === 0 ? 'Nothing to do.' : 'No DaemonSets; the cluster is up to date.');
  const text = lines.map((line) => `${line}\n`).join('');
  return text + endingText(point, oneStep);
}

/** The waits that virtual time jumped over, a line each. */
export function jumpsText(jumps: readonly Jump[]): string {
  return mergedJumps(jumps)
    .map(({ from, to, because }) => {
      const waited = humanDuration(Math.round((to - from) / 1000) * 1000);
      return `waited ${waited} of the store's time: ${because}\n`;
    })
    .join('');
}

/** What a run that did not settle still waits for, a line each; empty when it settled. */
export function endingText({ settled, stillWaiting }: FixedPoint, oneStep: boolean): string {
  if (settled) return '';
  return stillWaiting
    .map((due) => {
      const because = due.wait?.because ?? `${due.controller} ${due.key}`;
      return oneStep ? `There is more to do: ${because}\n` : `Not settled, still waiting: ${because}\n`;
    })
    .join('');
}

const DID: Readonly<Partial<Record<SyncStep['do'], string>>> = {
  createPod: 'created',
  deletePod: 'deleted',
  adoptPod: 'adopted',
  releasePod: 'released',
  relabelPod: 'relabelled',
  createRevision: 'created',
  deleteRevision: 'deleted',
  renumberRevision: 'renumbered',
  adoptRevision: 'adopted',
  releaseRevision: 'released',
  labelRevision: 'labelled',
};

/** One thing that `reconcile --watch` has just done, on a line. */
export function stepText(daemonSet: KubeObject, step: SyncStep): string {
  const about = `daemonset.apps/${daemonSet.metadata.name ?? ''} (${daemonSet.metadata.namespace ?? ''})`;
  const subject =
    step.revision !== undefined
      ? `controllerrevision.apps/${step.revision}`
      : step.pod !== undefined || step.node !== undefined
        ? `pod${step.pod === undefined ? '' : `/${step.pod}`}${step.node === undefined ? '' : ` on ${step.node}`}`
        : 'status';
  const did = step.refused === undefined ? (DID[step.do] ?? 'updated') : `refused (${step.refused})`;
  return `${about}: ${subject} ${did}: ${step.because}\n`;
}

/** An object that `reconcile --watch` has just let go, on a line. */
export function goneText(object: KubeObject): string {
  const { namespace = '' } = object.metadata;
  return `${qualifiedNameOf(object)}${namespace === '' ? '' : ` (${namespace})`}: gone\n`;
}
