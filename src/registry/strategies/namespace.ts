import type { Namespace } from '../../api/core.ts';
import { refuseImmortal } from '../admission/namespace-lifecycle.ts';
import { genericStrategy, withMetadata } from './generic.ts';
import type { Strategy } from './strategy.ts';

const generic = genericStrategy({ generation: false });
/** Finalizer of `spec.finalizers` that the namespace controller takes away when the namespace is empty. */
const KUBERNETES = 'kubernetes';
/** Label by which selectors can name a namespace. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Namespaces: Active with the finalizer `kubernetes`, Terminating from their first deletion until they are empty. */
export const namespaceStrategy: Strategy = {
  ...generic,
  prepareForCreate: (object) => {
    const namespace = object as Namespace;
    const given = namespace.spec?.finalizers ?? [];
    const finalizers = given.includes(KUBERNETES) ? given : [...given, KUBERNETES];
    return labelled({
      ...namespace,
      spec: { ...namespace.spec, finalizers },
      status: { phase: 'Active' },
    } as Namespace);
  },
  prepareForUpdate: (next, previous) => {
    const { spec, status } = previous as Namespace;
    return labelled({ ...next, spec, status } as Namespace);
  },
  prepareForStatusUpdate: (next, previous) => {
    const { spec } = previous as Namespace;
    return { ...next, spec } as Namespace;
  },
  markDeleted: (object) => {
    const namespace = object as Namespace;
    return { ...namespace, status: { ...namespace.status, phase: 'Terminating' } } as Namespace;
  },
  holdsDeletion: (object) => ((object as Namespace).spec?.finalizers ?? []).length > 0,
  refuseDeletion: refuseImmortal,
};

function labelled(namespace: Namespace): Namespace {
  const { name = '', labels } = namespace.metadata;
  if (name === '' || labels?.[NAME_LABEL] === name) return namespace;
  return withMetadata(namespace, {
    ...namespace.metadata,
    labels: { ...labels, [NAME_LABEL]: name },
  }) as Namespace;
}
