import type { ControllerRevision } from '../../api/apps.ts';
import type { LabelSelector } from '../../api/meta.ts';
import { age, humanDuration } from '../../domain/duration.ts';
import { formatLabelSelector, formatLabels } from '../../domain/selectors/labels.ts';
import {
  ageOf,
  containerImages,
  containerNames,
  NONE,
  nameOf,
  type PrintedTemplate,
  trueFalse,
} from './cell-text.ts';
import { type Printed, tableKind } from './table.ts';

interface Workload extends Printed {
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: LabelSelector;
    readonly template?: PrintedTemplate & {
      readonly spec?: { readonly nodeSelector?: Readonly<Record<string, string>> };
    };
  };
  readonly status?: Readonly<Record<string, number | undefined>>;
}

function templateCells(workload: Workload): readonly string[] {
  const template = workload.spec?.template;
  return [containerNames(template), containerImages(template), formatLabelSelector(workload.spec?.selector)];
}

const TEMPLATE_COLUMNS = ['+Containers', '+Images', '+Selector'];

/** apps/v1 DaemonSet. */
export const daemonSetTable = tableKind<Workload>(
  [
    'Name',
    '#Desired',
    '#Current',
    '#Ready',
    '#Up-to-date',
    '#Available',
    'Node Selector',
    'Age',
    ...TEMPLATE_COLUMNS,
  ],
  (daemonSet, now) => [
    nameOf(daemonSet),
    daemonSet.status?.desiredNumberScheduled ?? 0,
    daemonSet.status?.currentNumberScheduled ?? 0,
    daemonSet.status?.numberReady ?? 0,
    daemonSet.status?.updatedNumberScheduled ?? 0,
    daemonSet.status?.numberAvailable ?? 0,
    formatLabels(daemonSet.spec?.template?.spec?.nodeSelector),
    ageOf(daemonSet, now),
    ...templateCells(daemonSet),
  ],
);

/** apps/v1 Deployment. */
export const deploymentTable = tableKind<Workload>(
  ['Name', 'Ready', '#Up-to-date', '#Available', 'Age', ...TEMPLATE_COLUMNS],
  (deployment, now) => [
    nameOf(deployment),
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec?.replicas ?? 0}`,
    deployment.status?.updatedReplicas ?? 0,
    deployment.status?.availableReplicas ?? 0,
    ageOf(deployment, now),
    ...templateCells(deployment),
  ],
);

/** apps/v1 ReplicaSet. */
export const replicaSetTable = tableKind<Workload>(
  ['Name', '#Desired', '#Current', '#Ready', 'Age', ...TEMPLATE_COLUMNS],
  (replicaSet, now) => [...replicaCells(replicaSet, now), ...templateCells(replicaSet)],
);

/** v1 ReplicationController, whose selector is a plain set of labels. */
export const replicationControllerTable = tableKind<
  Workload & { readonly spec?: { readonly selector?: Readonly<Record<string, string>> } }
>(['Name', '#Desired', '#Current', '#Ready', 'Age', ...TEMPLATE_COLUMNS], (controller, now) => [
  ...replicaCells(controller, now),
  containerNames(controller.spec?.template),
  containerImages(controller.spec?.template),
  formatLabels(controller.spec?.selector),
]);

function replicaCells(object: Workload, now: number) {
  return [
    nameOf(object),
    object.spec?.replicas ?? 0,
    object.status?.replicas ?? 0,
    object.status?.readyReplicas ?? 0,
    ageOf(object, now),
  ];
}

/** apps/v1 StatefulSet. */
export const statefulSetTable = tableKind<Workload>(
  ['Name', 'Ready', 'Age', '+Containers', '+Images'],
  (statefulSet, now) => [
    nameOf(statefulSet),
    `${statefulSet.status?.readyReplicas ?? 0}/${statefulSet.spec?.replicas ?? 0}`,
    ageOf(statefulSet, now),
    containerNames(statefulSet.spec?.template),
    containerImages(statefulSet.spec?.template),
  ],
);

/** apps/v1 ControllerRevision. The controller is named with its kind and group: `daemonset.apps/x`. */
export const controllerRevisionTable = tableKind<ControllerRevision>(
  ['Name', 'Controller', '#Revision', 'Age'],
  (revision, now) => {
    const owner = revision.metadata.ownerReferences?.find((reference) => reference.controller === true);
    const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
    return [
      nameOf(revision),
      owner === undefined ? NONE : `${owner.kind.toLowerCase()}${group}/${owner.name}`,
      revision.revision,
      ageOf(revision, now),
    ];
  },
);

interface Job extends Printed {
  readonly spec?: {
    readonly completions?: number;
    readonly parallelism?: number;
    readonly selector?: LabelSelector;
    readonly template?: PrintedTemplate;
  };
  readonly status?: {
    readonly succeeded?: number;
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** batch/v1 Job. */
export const jobTable = tableKind<Job>(
  ['Name', 'Status', 'Completions', 'Duration', 'Age', ...TEMPLATE_COLUMNS],
  (job, now) => [
    nameOf(job),
    jobStatus(job),
    jobCompletions(job),
    jobDuration(job, now),
    ageOf(job, now),
    containerNames(job.spec?.template),
    containerImages(job.spec?.template),
    formatLabelSelector(job.spec?.selector),
  ],
);

function jobStatus(job: Job): string {
  const has = (type: string) =>
    job.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ??
    false;
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (has('Suspended')) return 'Suspended';
  if (has('FailureTarget')) return 'FailureTarget';
  return has('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function jobCompletions({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration({ status }: Job, now: number): string {
  if (status?.startTime === undefined) return '';
  const end = status.completionTime === undefined ? now : Date.parse(status.completionTime);
  return humanDuration(end - Date.parse(status.startTime));
}

interface CronJob extends Printed {
  readonly spec?: {
    readonly schedule?: string;
    readonly timeZone?: string;
    readonly suspend?: boolean;
    readonly jobTemplate?: { readonly spec?: Job['spec'] };
  };
  readonly status?: { readonly active?: readonly unknown[]; readonly lastScheduleTime?: string };
}

/** batch/v1 CronJob. */
export const cronJobTable = tableKind<CronJob>(
  ['Name', 'Schedule', 'Timezone', 'Suspend', '#Active', 'Last Schedule', 'Age', ...TEMPLATE_COLUMNS],
  (cronJob, now) => {
    const job = cronJob.spec?.jobTemplate?.spec;
    const last = cronJob.status?.lastScheduleTime;
    return [
      nameOf(cronJob),
      cronJob.spec?.schedule ?? '',
      cronJob.spec?.timeZone ?? NONE,
      trueFalse(cronJob.spec?.suspend),
      cronJob.status?.active?.length ?? 0,
      last === undefined ? NONE : age(last, now),
      ageOf(cronJob, now),
      containerNames(job?.template),
      containerImages(job?.template),
      formatLabelSelector(job?.selector),
    ];
  },
);

/** v1 PodTemplate. */
export const podTemplateTable = tableKind<
  Printed & {
    readonly template?: PrintedTemplate & {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
    };
  }
>(['Name', 'Containers', 'Images', 'Pod Labels'], (object) => [
  nameOf(object),
  containerNames(object.template),
  containerImages(object.template),
  formatLabels(object.template?.metadata?.labels),
]);
