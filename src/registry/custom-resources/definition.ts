import type { ResourceInfo } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { at } from '../strategies/generic.ts';

/** Finalizer by which a definition waits for its instances to go. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** spec.names of a CustomResourceDefinition, complete. */
export interface DefinedNames {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** One of spec.versions. */
export interface DefinedVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  /** The OpenAPI v3 schema, where given. */
  readonly schema: unknown;
  readonly hasStatus: boolean;
  readonly hasScale: boolean;
}

/** Reads spec.group. */
export function groupOf(definition: KubeObject): string {
  return text(at(definition, 'spec', 'group'));
}

/** Reads spec.names; what is left out follows from the rest, as upstream defaults it. */
export function namesOf(definition: KubeObject): DefinedNames {
  const names = at(definition, 'spec', 'names');
  const kind = text(at(names, 'kind'));
  return {
    plural: text(at(names, 'plural')),
    kind,
    singular: text(at(names, 'singular')) || kind.toLowerCase(),
    listKind: text(at(names, 'listKind')) || `${kind}List`,
    shortNames: texts(at(names, 'shortNames')),
    categories: texts(at(names, 'categories')),
  };
}

/** Reads spec.versions. */
export function versionsOf(definition: KubeObject): readonly DefinedVersion[] {
  const versions = at(definition, 'spec', 'versions');
  if (!Array.isArray(versions)) return [];
  return versions.map((version: unknown) => ({
    name: text(at(version, 'name')),
    served: at(version, 'served') === true,
    storage: at(version, 'storage') === true,
    schema: at(version, 'schema', 'openAPIV3Schema'),
    hasStatus: at(version, 'subresources', 'status') !== undefined,
    hasScale: at(version, 'subresources', 'scale') !== undefined,
  }));
}

/** The version that instances are stored in. */
export function storageVersion(definition: KubeObject): string {
  return versionsOf(definition).find((version) => version.storage)?.name ?? '';
}

/** Whether a condition of the definition's status is True. */
export function isTrue(definition: KubeObject, type: string): boolean {
  const conditions = at(definition, 'status', 'conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some((one) => at(one, 'type') === type && at(one, 'status') === 'True')
  );
}

/** What discovery says of each served version of an established definition. */
export function definedResources(definition: KubeObject): readonly ResourceInfo[] {
  if (!isTrue(definition, 'Established')) return [];
  const names = namesOf(definition);
  return versionsOf(definition)
    .filter((version) => version.served)
    .map((version) => ({
      group: groupOf(definition),
      version: version.name,
      kind: names.kind,
      plural: names.plural,
      singular: names.singular,
      shortNames: names.shortNames,
      categories: names.categories,
      namespaced: at(definition, 'spec', 'scope') === 'Namespaced',
      verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
      subresources: [...(version.hasStatus ? ['status'] : []), ...(version.hasScale ? ['scale'] : [])],
    }));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(text) : []);
