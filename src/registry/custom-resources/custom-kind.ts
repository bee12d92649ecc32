import type { KindRef, KubeObject } from '../../api/meta.ts';
import type { ServedKind } from '../served-kind.ts';
import { validateCreate, validateUpdate } from '../validation/validate.ts';
import { customResourceStrategy } from './custom-resource-strategy.ts';
import { definedResources, groupOf, namesOf, storageVersion, versionsOf } from './definition.ts';

const kinds = new WeakMap<KubeObject, Map<string, ServedKind | undefined>>();

/** The kind that an established definition serves in this version; undefined when it does not. */
export function customKind(definition: KubeObject, version: string): ServedKind | undefined {
  let versions = kinds.get(definition);
  if (versions === undefined) {
    versions = new Map();
    kinds.set(definition, versions);
  }
  if (!versions.has(version)) versions.set(version, makeKind(definition, version));
  return versions.get(version);
}

function makeKind(definition: KubeObject, version: string): ServedKind | undefined {
  const info = definedResources(definition).find((row) => row.version === version);
  const defined = versionsOf(definition).find((one) => one.name === version);
  if (info === undefined || defined === undefined) return undefined;
  const group = groupOf(definition);
  const ref: KindRef = { group, version, kind: namesOf(definition).kind };
  const stored = storageVersion(definition);
  const scope = { namespaced: info.namespaced };
  return {
    info,
    ref,
    storedAs: { group, resource: info.plural },
    strategy: customResourceStrategy(defined.hasStatus),
    decode: (body) => ({ object: body as KubeObject, warnings: [] }),
    applyDefaults: (object) => object,
    validateCreate: (object) => validateCreate(ref, object, scope),
    validateUpdate: (next, previous) => validateUpdate(ref, next, previous),
    validateStatusUpdate: (next, previous) => validateUpdate(ref, next, previous),
    warnings: () => [],
    emptyStatus: () => undefined,
    definition,
    ...(stored === version
      ? {}
      : {
          fromStored: (object) => ({ ...object, apiVersion: `${group}/${version}` }),
          toStored: (object) => ({ ...object, apiVersion: `${group}/${stored}` }),
        }),
  };
}
