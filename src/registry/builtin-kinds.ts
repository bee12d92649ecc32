import type { ResourceInfo } from '../api/client.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';
import { olderAutoscalers } from './conversions/autoscalers.ts';
import type { Conversion } from './conversions/conversion.ts';
import { newerEvents } from './conversions/events.ts';
import { applyDefaults } from './defaults/apply-defaults.ts';
import { builtinResources } from './schema/builtin-resources.ts';
import { decodeObject } from './schema/decode.ts';
import { patchStrategically } from './schema-patch.ts';
import type { ServedKind } from './served-kind.ts';
import { builtinStrategy } from './strategies/builtin-strategies.ts';
import { fieldOf } from './strategies/generic.ts';
import { validateCreate, validateStatusUpdate, validateUpdate } from './validation/validate.ts';
import { warningsFor } from './warnings/warnings-for.ts';

/** Kinds whose stored form is another, by group, version and kind. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  'autoscaling/v1/HorizontalPodAutoscaler': olderAutoscalers,
  'events.k8s.io/v1/Event': newerEvents,
};

const kinds = new Map<string, ServedKind | null>();

/** The built-in kind of this reference; null when the API server has none. */
export function builtinKind(ref: KindRef): ServedKind | null {
  const id = `${ref.group}/${ref.version}/${ref.kind}`;
  let kind = kinds.get(id);
  if (kind === undefined) {
    const info = builtinResources().find(
      (row) => row.group === ref.group && row.version === ref.version && row.kind === ref.kind,
    );
    kind = info === undefined ? null : servedKind(info);
    kinds.set(id, kind);
  }
  return kind;
}

function servedKind(info: ResourceInfo): ServedKind {
  const ref: KindRef = { group: info.group, version: info.version, kind: info.kind };
  const scope = { namespaced: info.namespaced };
  const conversion = CONVERSIONS[`${info.group}/${info.version}/${info.kind}`];
  let emptyStatus: { readonly value: unknown } | undefined;
  return {
    info,
    ref,
    storedAs: conversion?.storedAs ?? { group: info.group, resource: info.plural },
    strategy: builtinStrategy(info),
    decode: (body, fieldValidation, existing) => {
      // What comes out of a conversion was not decoded.
      const known = conversion === undefined ? (existing ?? undefined) : undefined;
      const { object, strictErrors } = decodeObject(ref, body, fieldValidation, known);
      return { object, warnings: strictErrors };
    },
    applyDefaults: (object) => applyDefaults(ref, object),
    validateCreate: (object) => validateCreate(ref, object, scope),
    validateUpdate: (next, previous) => validateUpdate(ref, next, previous),
    validateStatusUpdate: (next, previous) => validateStatusUpdate(ref, next, previous),
    warnings: (object, previous) => warningsFor(ref, object, previous ?? undefined),
    applyStrategicMergePatch: (object, patch) => patchStrategically(ref, object, patch),
    emptyStatus: () => {
      emptyStatus ??= { value: fieldOf(bare(ref), 'status') };
      return emptyStatus.value;
    },
    ...(conversion === undefined ? {} : { fromStored: conversion.fromStored, toStored: conversion.toStored }),
  };
}

/** What Go encodes for an object of which nothing was said. */
function bare(ref: KindRef): KubeObject {
  return decodeObject(ref, {}, 'Ignore').object;
}
