import type { Condition, KubeObject } from '../../api/meta.ts';
import { withCondition } from '../../domain/with-condition.ts';
import { at, genericStrategy, withMetadata, withStatus } from '../strategies/generic.ts';
import type { Strategy, WriteContext } from '../strategies/strategy.ts';
import { CLEANUP_FINALIZER, type DefinedNames, groupOf, storageVersion } from './definition.ts';
import { acceptNames } from './names.ts';

const generic = genericStrategy({ generation: true, unconditionalUpdate: false });

/**
 * CustomResourceDefinitions are established by the write that makes them: what upstream's naming and establishing
 * controllers would do a moment later is in the object that comes back.
 */
export const definitionStrategy: Strategy = {
  ...generic,
  prepareForCreate: (object, kind, context) =>
    settled(generic.prepareForCreate(object, kind, context), context),
  prepareForUpdate: (next, previous, kind, context) =>
    settled(generic.prepareForUpdate(next, previous, kind, context), context),
  markDeleted: (object, context) => {
    const { finalizers = [] } = object.metadata;
    const held = finalizers.includes(CLEANUP_FINALIZER) ? finalizers : [...finalizers, CLEANUP_FINALIZER];
    const terminating: Condition = {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    };
    const marked = withMetadata(object, { ...object.metadata, finalizers: held });
    return withConditions(marked, [terminating], context.now);
  },
  // The first deletion never removes a definition: its instances go first.
  holdsDeletion: (object) => object.metadata.deletionTimestamp === undefined,
};

function settled(definition: KubeObject, context: WriteContext): KubeObject {
  const others = context.lookups
    .definitions()
    .filter((one) => groupOf(one) === groupOf(definition) && one.metadata.name !== definition.metadata.name);
  const { accepted, conditions } = acceptNames(definition, others);
  const storedBefore = at(definition, 'status', 'storedVersions');
  const stored: readonly unknown[] = Array.isArray(storedBefore) ? storedBefore : [];
  const version = storageVersion(definition);
  const status = {
    ...asObject(at(definition, 'status')),
    acceptedNames: compactNames(accepted),
    storedVersions: stored.includes(version) ? stored : [...stored, version],
  };
  return withConditions(withStatus(definition, status), conditions, context.now);
}

function withConditions(definition: KubeObject, changes: readonly Condition[], now: number): KubeObject {
  const before = at(definition, 'status', 'conditions');
  const known: readonly Condition[] = Array.isArray(before) ? before : [];
  const conditions = changes.reduce((all, change) => withCondition(all, change, now), known);
  return withStatus(definition, { ...asObject(at(definition, 'status')), conditions });
}

/** The names as they are stored: empty lists are left out. */
function compactNames({ shortNames, categories, ...names }: DefinedNames): object {
  return {
    ...names,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
