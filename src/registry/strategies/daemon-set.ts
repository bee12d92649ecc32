import type { KubeObject } from '../../api/meta.ts';
import { TEMPLATE_GENERATION } from '../../api/well-known.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { badRequest } from '../status-errors.ts';
import { at, genericStrategy, withMetadata } from './generic.ts';
import type { Strategy } from './strategy.ts';

const generic = genericStrategy({ generation: true });
const INTEGER = /^[+-]?[0-9]+$/;

/**
 * DaemonSets count their template's versions in an annotation. Upstream keeps the count in a field of its internal
 * type, so the annotation can be given on create (at least 1) and is the server's from then on.
 */
export const daemonSetStrategy: Strategy = {
  ...generic,
  prepareForCreate: (object, kind, context) => {
    const given = templateGeneration(object) ?? 1;
    return withTemplateGeneration(generic.prepareForCreate(object, kind, context), given < 1 ? 1 : given);
  },
  prepareForUpdate: (next, previous, kind, context) => {
    templateGeneration(next);
    const stored = templateGeneration(previous) ?? 1;
    const changed = !deepEqual(at(next, 'spec', 'template'), at(previous, 'spec', 'template'));
    const prepared = generic.prepareForUpdate(next, previous, kind, context);
    return withTemplateGeneration(prepared, changed ? stored + 1 : stored);
  },
  prepareForStatusUpdate: (next, previous, kind) => {
    templateGeneration(next);
    const prepared = generic.prepareForStatusUpdate(next, previous, kind);
    return withTemplateGeneration(prepared, templateGeneration(previous) ?? 1);
  },
};

/** The annotation as a number; undefined when absent. Throws 400 as Go's conversion does. */
function templateGeneration(object: KubeObject): number | undefined {
  const text = object.metadata.annotations?.[TEMPLATE_GENERATION];
  if (text === undefined) return undefined;
  if (!INTEGER.test(text)) {
    throw badRequest(
      'DaemonSet in version "v1" cannot be handled as a DaemonSet: ' +
        `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text);
}

function withTemplateGeneration(object: KubeObject, generation: number): KubeObject {
  const { annotations } = object.metadata;
  if (annotations?.[TEMPLATE_GENERATION] === String(generation)) return object;
  return withMetadata(object, {
    ...object.metadata,
    annotations: { ...annotations, [TEMPLATE_GENERATION]: String(generation) },
  });
}
