import { fillClaimSpec } from './claim-spec.ts';
import {
  along,
  asFields,
  each,
  ensure,
  type Fields,
  type Filler,
  fill,
  isEmpty,
  withField,
  within,
} from './filling.ts';
import { fillPodTemplate } from './pod-spec.ts';

const withTemplate = (spec: Fields): Fields => ensure(spec, 'template', fillPodTemplate);

/** A strategy that rolls unless it says otherwise, with the numbers for rolling. */
function fillStrategy(spec: Fields, field: string, rolling: Fields): Fields {
  return ensure(spec, field, (given) => {
    const strategy = fill(given, { type: 'RollingUpdate' });
    if (strategy.type !== 'RollingUpdate') return strategy;
    return ensure(strategy, 'rollingUpdate', (numbers) => fill(numbers, rolling));
  });
}

/** apps/v1 DaemonSet. */
export const fillDaemonSet: Filler = (object) =>
  ensure(object, 'spec', (spec) =>
    fill(fillStrategy(withTemplate(spec), 'updateStrategy', { maxUnavailable: 1, maxSurge: 0 }), {
      revisionHistoryLimit: 10,
    }),
  );

/** apps/v1 Deployment. */
export const fillDeployment: Filler = (object) =>
  ensure(object, 'spec', (spec) =>
    fill(fillStrategy(withTemplate(spec), 'strategy', { maxUnavailable: '25%', maxSurge: '25%' }), {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    }),
  );

/** apps/v1 ReplicaSet. */
export const fillReplicaSet: Filler = (object) =>
  ensure(object, 'spec', (spec) => fill(withTemplate(spec), { replicas: 1 }));

const fillClaimTemplate: Filler = (claim) =>
  ensure(
    ensure({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim }, 'spec', fillClaimSpec),
    'status',
    (status) => fill(status, { phase: 'Pending' }),
  );

/** apps/v1 StatefulSet. */
export const fillStatefulSet: Filler = (object) =>
  ensure(object, 'spec', (given) => {
    const spec = fillStrategy(withTemplate(given), 'updateStrategy', { partition: 0 });
    return each(
      fill(
        ensure(spec, 'persistentVolumeClaimRetentionPolicy', (policy) =>
          fill(policy, { whenDeleted: 'Retain', whenScaled: 'Retain' }),
        ),
        { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 },
      ),
      'volumeClaimTemplates',
      fillClaimTemplate,
    );
  });

const fillPodFailurePolicy: Filler = (spec) =>
  along(spec, ['podFailurePolicy', 'rules[]', 'onPodConditions[]'], (condition) =>
    (condition.status ?? '') === '' ? { ...condition, status: 'True' } : condition,
  );

/** Largest int32: no limit of its own, as the limit per index counts. */
const NO_BACKOFF_LIMIT = 2 ** 31 - 1;

function fillJobSpec(given: Fields): Fields {
  const spec = fillPodFailurePolicy(withTemplate(given));
  const once = spec.completions === undefined && spec.parallelism === undefined;
  return fill(once ? { ...spec, completions: 1 } : spec, {
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : NO_BACKOFF_LIMIT,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
}

/** The labels of an object's pod template, for kinds that take them over when they have none. */
function templateLabels(object: Fields): unknown {
  return asFields(asFields(asFields(asFields(object.spec)?.template)?.metadata)?.labels);
}

/** Gives an object without labels those of its pod template. */
function takeTemplateLabels(object: Fields): Fields {
  const labels = templateLabels(object);
  const metadata = asFields(object.metadata) ?? {};
  if (labels === undefined || isEmpty(labels) || !isEmpty(metadata.labels)) return object;
  return { ...object, metadata: { ...metadata, labels } };
}

/** batch/v1 Job. */
export const fillJob: Filler = (object) => takeTemplateLabels(ensure(object, 'spec', fillJobSpec));

/** batch/v1 CronJob. The Job defaults proper are left to the Jobs made from it. */
export const fillCronJob: Filler = (object) =>
  ensure(object, 'spec', (spec) =>
    ensure(
      fill(spec, {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      }),
      'jobTemplate',
      (template) => ensure(template, 'spec', (job) => fillPodFailurePolicy(withTemplate(job))),
    ),
  );

/** v1 ReplicationController. */
export const fillReplicationController: Filler = (given) => {
  const labels = templateLabels(given);
  const object = takeTemplateLabels(given);
  return ensure(object, 'spec', (spec) => {
    const filled = fill(within(spec, 'template', fillPodTemplate), { replicas: 1 });
    return isEmpty(filled.selector) && labels !== undefined ? withField(filled, 'selector', labels) : filled;
  });
};

/** v1 PodTemplate. */
export const fillPodTemplateKind: Filler = (object) => ensure(object, 'template', fillPodTemplate);
