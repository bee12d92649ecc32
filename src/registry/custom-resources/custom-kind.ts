import type { KindRef, KubeObject } from '../../api/meta.ts';
import { decodeCustomResource, structuralSchema, validateCustomResource } from '../schema/custom-resource.ts';
import type { ServedKind } from '../served-kind.ts';
import type { FieldError } from '../validation/field-error.ts';
import { validateCreate, validateUpdate } from '../validation/validate.ts';
import { customResourceStrategy } from './custom-resource-strategy.ts';
import { definedResources, groupOf, namesOf, storageVersion, versionsOf } from './definition.ts';
import { changedErrors } from './ratcheting.ts';

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
  const schema = structuralSchema(defined.schema);
  const updateErrors = (next: KubeObject, previous: KubeObject): readonly FieldError[] => [
    ...validateUpdate(ref, next, previous),
    ...changedErrors(validateCustomResource(schema, next), next, previous),
  ];
  return {
    info,
    ref,
    storedAs: { group, resource: info.plural },
    strategy: customResourceStrategy(defined.hasStatus),
    decode: (body, fieldValidation) => {
      const { object, strictErrors } = decodeCustomResource(ref, schema, body, fieldValidation);
      // A body may come without metadata; everything after this relies on them.
      return { object: { ...object, metadata: object.metadata ?? {} }, warnings: strictErrors };
    },
    applyDefaults: (object) => object,
    validateCreate: (object) => [
      ...validateCreate(ref, object, scope),
      ...validateCustomResource(schema, object),
    ],
    validateUpdate: updateErrors,
    validateStatusUpdate: updateErrors,
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
