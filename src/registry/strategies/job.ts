import type { KubeObject } from '../../api/meta.ts';
import { at, genericStrategy, withField } from './generic.ts';
import type { Strategy } from './strategy.ts';

const generic = genericStrategy({ generation: true });
const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid';

type Fields = Readonly<Record<string, unknown>>;

/** Jobs select their pods by the Job's own UID, unless `manualSelector` says that the user does. */
export const jobStrategy: Strategy = {
  ...generic,
  prepareForCreate: (object, kind, context) => {
    const job = generic.prepareForCreate(object, kind, context);
    return at(job, 'spec', 'manualSelector') === true ? job : withOwnSelector(job);
  },
};

function withOwnSelector(job: KubeObject): KubeObject {
  const { uid = '', name = '' } = job.metadata;
  const spec = fields(at(job, 'spec'));
  const selector = fields(spec.selector);
  const template = fields(spec.template);
  const metadata = fields(template.metadata);
  const labels = {
    ...fields(metadata.labels),
    [CONTROLLER_UID]: uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  return withField(job, 'spec', {
    ...spec,
    selector: { ...selector, matchLabels: { ...fields(selector.matchLabels), [CONTROLLER_UID]: uid } },
    template: { ...template, metadata: { ...metadata, labels } },
  });
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
