import type { PodTemplateSpec } from '../../api/core.ts';
import type { KubeObject, LabelSelector } from '../../api/meta.ts';
import { humanDuration } from '../../domain/duration.ts';
import { formatLabelSelector } from '../../domain/selectors/labels.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import { templateLines } from './pod-template.ts';
import { utcWithOffset } from './times.ts';

interface JobSpec {
  readonly selector?: LabelSelector;
  readonly parallelism?: number;
  readonly completions?: number;
  readonly completionMode?: string;
  readonly suspend?: boolean;
  readonly backoffLimit?: number;
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly ttlSecondsAfterFinished?: number;
  readonly activeDeadlineSeconds?: number;
  readonly template: PodTemplateSpec;
}

interface Job extends KubeObject {
  readonly spec: JobSpec;
  readonly status?: {
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly active?: number;
    readonly ready?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly completedIndexes?: string;
    readonly failedIndexes?: string;
  };
}

/** batch/v1 Job. */
export const describeJob = describerOf<Job>((out, { metadata, spec, status = {} }, { now, events }) => {
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  if (spec.selector !== undefined) out.line(0, `Selector:\t${formatLabelSelector(spec.selector)}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  if (controller !== undefined) out.line(0, `Controlled By:\t${controller.kind}/${controller.name}`);
  if (spec.parallelism !== undefined) out.line(0, `Parallelism:\t${spec.parallelism}`);
  out.line(0, `Completions:\t${spec.completions ?? '<unset>'}`);
  if (spec.completionMode !== undefined) out.line(0, `Completion Mode:\t${spec.completionMode}`);
  if (spec.suspend !== undefined) out.line(0, `Suspend:\t${spec.suspend}`);
  if (spec.backoffLimit !== undefined) out.line(0, `Backoff Limit:\t${spec.backoffLimit}`);
  if (spec.backoffLimitPerIndex !== undefined) {
    out.line(0, `Backoff Limit Per Index:\t${spec.backoffLimitPerIndex}`);
  }
  if (spec.maxFailedIndexes !== undefined) out.line(0, `Max Failed Indexes:\t${spec.maxFailedIndexes}`);
  if (spec.ttlSecondsAfterFinished !== undefined) {
    out.line(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`);
  }
  const { startTime, completionTime, active = 0, ready, succeeded = 0, failed = 0 } = status;
  if (startTime !== undefined) out.line(0, `Start Time:\t${utcWithOffset(startTime)}`);
  if (completionTime !== undefined) out.line(0, `Completed At:\t${utcWithOffset(completionTime)}`);
  if (startTime !== undefined && completionTime !== undefined) {
    out.line(0, `Duration:\t${humanDuration(Date.parse(completionTime) - Date.parse(startTime))}`);
  }
  if (spec.activeDeadlineSeconds !== undefined) {
    out.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  }
  const running = ready === undefined ? '' : ` (${ready} Ready)`;
  out.line(0, `Pods Statuses:\t${active} Active${running} / ${succeeded} Succeeded / ${failed} Failed`);
  if (spec.completionMode === 'Indexed')
    out.line(0, `Completed Indexes:\t${status.completedIndexes || '<none>'}`);
  if (status.failedIndexes !== undefined) out.line(0, `Failed Indexes:\t${status.failedIndexes}`);
  templateLines(out, spec.template);
  if (events !== undefined) eventLines(out, events, now);
});

interface CronJob extends KubeObject {
  readonly spec: {
    readonly schedule: string;
    readonly timeZone?: string;
    readonly concurrencyPolicy?: string;
    readonly suspend?: boolean;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly startingDeadlineSeconds?: number;
    readonly jobTemplate: { readonly spec: JobSpec };
  };
  readonly status?: {
    readonly lastScheduleTime?: string;
    readonly active?: readonly { readonly name?: string }[];
  };
}

/** batch/v1 CronJob. */
export const describeCronJob = describerOf<CronJob>(
  (out, { metadata, spec, status = {} }, { now, events }) => {
    const job = spec.jobTemplate.spec;
    const seconds = spec.startingDeadlineSeconds;
    out.line(0, `Name:\t${metadata.name}`);
    out.line(0, `Namespace:\t${metadata.namespace}`);
    labelLines(out, 'Labels', metadata.labels);
    annotationLines(out, 'Annotations', metadata.annotations);
    out.line(0, `Schedule:\t${spec.schedule}`);
    out.line(0, `Concurrency Policy:\t${spec.concurrencyPolicy ?? ''}`);
    out.line(0, `Suspend:\t${spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False'}`);
    if (spec.timeZone !== undefined) out.line(0, `Time Zone:\t${spec.timeZone}`);
    out.line(0, `Successful Job History Limit:\t${spec.successfulJobsHistoryLimit ?? '<unset>'}`);
    out.line(0, `Failed Job History Limit:\t${spec.failedJobsHistoryLimit ?? '<unset>'}`);
    out.line(0, `Starting Deadline Seconds:\t${seconds === undefined ? '<unset>' : `${seconds}s`}`);
    out.line(0, `Selector:\t${job.selector === undefined ? '<unset>' : formatLabelSelector(job.selector)}`);
    out.line(0, `Parallelism:\t${job.parallelism ?? '<unset>'}`);
    out.line(0, `Completions:\t${job.completions ?? '<unset>'}`);
    if (job.activeDeadlineSeconds !== undefined) {
      out.line(0, `Active Deadline Seconds:\t${job.activeDeadlineSeconds}s`);
    }
    templateLines(out, job.template);
    const last = status.lastScheduleTime;
    out.line(0, `Last Schedule Time:\t${last === undefined ? '<unset>' : utcWithOffset(last)}`);
    const active = (status.active ?? []).map(({ name = '' }) => name);
    out.line(0, `Active Jobs:\t${active.length === 0 ? '<none>' : active.join(', ')}`);
    if (events !== undefined) eventLines(out, events, now);
  },
);
