import type { KubeObject } from '../../api/meta.ts';
import { formatLabels } from '../../domain/selectors/labels.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { listLines } from './metadata-lines.ts';

const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly mountOptions?: readonly string[];
  readonly allowVolumeExpansion?: boolean;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
  }[];
}

/** storage.k8s.io/v1 StorageClass. */
export const describeStorageClass = describerOf<StorageClass>((out, storageClass, { now, events }) => {
  const { metadata, parameters, mountOptions = [], allowVolumeExpansion, allowedTopologies } = storageClass;
  const isDefault = DEFAULT_CLASS.some((name) => metadata.annotations?.[name] === 'true');
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `IsDefaultClass:\t${isDefault ? 'Yes' : 'No'}`);
  out.line(0, `Annotations:\t${formatLabels(metadata.annotations)}`);
  out.line(0, `Provisioner:\t${storageClass.provisioner}`);
  out.line(0, `Parameters:\t${formatLabels(parameters)}`);
  const expands = allowVolumeExpansion ? 'True' : 'False';
  out.line(0, `AllowVolumeExpansion:\t${allowVolumeExpansion === undefined ? '<unset>' : expands}`);
  out.line(0, `MountOptions:${mountOptions.length === 0 ? '\t<none>' : ''}`);
  for (const option of mountOptions) out.line(1, option);
  if (storageClass.reclaimPolicy !== undefined) out.line(0, `ReclaimPolicy:\t${storageClass.reclaimPolicy}`);
  if (storageClass.volumeBindingMode !== undefined) {
    out.line(0, `VolumeBindingMode:\t${storageClass.volumeBindingMode}`);
  }
  if (allowedTopologies !== undefined) {
    out.line(0, `AllowedTopologies:\t${allowedTopologies.length === 0 ? '<none>' : ''}`);
    for (const [at, { matchLabelExpressions = [] }] of allowedTopologies.entries()) {
      const terms = matchLabelExpressions.map(({ key, values }) => `${key} in [${values.join(', ')}]`);
      listLines(out, `  Term ${at}`, terms);
    }
  }
  if (events !== undefined) eventLines(out, events, now);
});

interface PriorityClass extends KubeObject {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
  readonly description?: string;
}

/** scheduling.k8s.io/v1 PriorityClass. */
export const describePriorityClass = describerOf<PriorityClass>((out, priority, { now, events }) => {
  const { metadata, value = 0, globalDefault = false, preemptionPolicy = '', description = '' } = priority;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Value:\t${value}`);
  out.line(0, `GlobalDefault:\t${globalDefault}`);
  out.line(0, `PreemptionPolicy:\t${preemptionPolicy}`);
  out.line(0, `Description:\t${description}`);
  out.line(0, `Annotations:\t${formatLabels(metadata.annotations)}`);
  if (events !== undefined) eventLines(out, events, now);
});
