import { type FieldErrors, invalid, notSupported, required } from '../field-error.ts';
import { byteLength } from '../go-text.ts';
import { type Fields, fieldsOf, isSet, numberOf, optionalNumber, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain } from '../name-rules.ts';
import { requireImmutable, requireNonNegative } from '../object-meta.ts';
import { validatePodTemplate } from '../pod/pod-template.ts';

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
];
const CONCURRENCY_POLICIES = ['Allow', 'Forbid', 'Replace'];
/** A CronJob's jobs get a suffix of eleven characters, and their names end up in labels. */
const MAX_CRON_JOB_NAME = 52;
const CRON_FIELDS = 5;

/** batch/v1 Job: the main rules. The selector is the job controller's to make. */
export const jobRules: KindRules = {
  nameRule: dnsSubdomain,
  create(job, errors) {
    validateJobSpec(fieldsOf(job.spec), 'spec', errors);
  },
  update(next, previous, errors) {
    if (next.spec === previous.spec) return;
    const spec = fieldsOf(next.spec);
    const before = fieldsOf(previous.spec);
    validateJobSpec(spec, 'spec', errors);
    for (const field of [
      'selector',
      'template',
      'completionMode',
      'podFailurePolicy',
      'backoffLimitPerIndex',
    ]) {
      requireImmutable(spec[field], before[field], `spec.${field}`, errors);
    }
    if (spec.completionMode !== 'Indexed') {
      requireImmutable(spec.completions, before.completions, 'spec.completions', errors);
    }
  },
};

/** batch/v1 CronJob: the main rules. */
export const cronJobRules: KindRules = {
  nameRule: dnsSubdomain,
  create(cronJob, errors) {
    const spec = fieldsOf(cronJob.spec);
    const schedule = textOf(spec.schedule);
    if (schedule === '') errors.push(required('spec.schedule'));
    else validateSchedule(schedule, errors);
    const deadline = optionalNumber(spec.startingDeadlineSeconds);
    if (deadline !== undefined) requireNonNegative(deadline, 'spec.startingDeadlineSeconds', errors);
    const policy = textOf(spec.concurrencyPolicy);
    if (policy === '') errors.push(required('spec.concurrencyPolicy'));
    else if (!CONCURRENCY_POLICIES.includes(policy)) {
      errors.push(notSupported('spec.concurrencyPolicy', policy, CONCURRENCY_POLICIES));
    }
    validateJobSpec(fieldsOf(fieldsOf(spec.jobTemplate).spec), 'spec.jobTemplate.spec', errors);
    for (const field of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit']) {
      requireNonNegative(numberOf(spec[field]), `spec.${field}`, errors);
    }
    const name = textOf(fieldsOf(cronJob.metadata).name);
    if (byteLength(name) > MAX_CRON_JOB_NAME) {
      errors.push(invalid('metadata.name', name, `must be no more than ${MAX_CRON_JOB_NAME} characters`));
    }
  },
};

function validateJobSpec(spec: Fields, path: string, errors: FieldErrors): void {
  for (const field of COUNTS) {
    if (isSet(spec[field])) requireNonNegative(numberOf(spec[field]), `${path}.${field}`, errors);
  }
  if (spec.completionMode === 'Indexed' && !isSet(spec.completions)) {
    errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  }
  const template = fieldsOf(spec.template);
  validatePodTemplate(template, `${path}.template`, errors);
  const restartPolicy = textOf(fieldsOf(template.spec).restartPolicy);
  if (restartPolicy === 'Always') {
    errors.push(required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  }
}

function validateSchedule(schedule: string, errors: FieldErrors): void {
  if (/^(CRON_)?TZ=/.test(schedule)) {
    const problem = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    errors.push(invalid('spec.schedule', schedule, problem));
    return;
  }
  const fields = schedule.split(/\s+/).filter((field) => field !== '');
  if (!schedule.startsWith('@') && fields.length !== CRON_FIELDS) {
    const problem = `expected exactly ${CRON_FIELDS} fields, found ${fields.length}: [${fields.join(' ')}]`;
    errors.push(invalid('spec.schedule', schedule, problem));
  }
}
