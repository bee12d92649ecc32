import type { PatchType } from '../api/client.ts';
import type { Json, KubeObject } from '../api/meta.ts';
import { isObject, type JsonObject } from '../domain/patch/json-object.ts';
import { applyJsonPatch } from '../domain/patch/json-patch.ts';
import { applyMergePatch } from '../domain/patch/merge-patch.ts';
import { PatchError } from '../domain/patch/patch-error.ts';
import { applyStrategicMergePatch } from '../domain/patch/strategic/apply.ts';
import { createTwoWayMergePatch } from '../domain/patch/strategic/three-way.ts';
import { loadYaml } from '../domain/yaml/load.ts';
import { YamlError } from '../domain/yaml/yaml-error.ts';
import { lookupType } from '../registry/schema/schema-node.ts';
import { badRequest } from '../registry/status-errors.ts';
import { CommandError } from './errors.ts';
import { kindOf } from './object-names.ts';

/**
 * Reads the text of a patch, JSON or YAML. Throws CommandError for YAML that is none; what begins like JSON is the
 * server's to refuse: StatusError.
 */
export function parsePatch(text: string): Json {
  try {
    // Documents of YAML are JSON once they are read.
    return loadYaml(text).value as Json;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    if (/^\s*\{/.test(text)) throw badRequest(error.message);
    throw new CommandError(`unable to parse ${JSON.stringify(text)}: ${error.message}`);
  }
}

/** The object with a patch applied here, not by the server. Throws CommandError where it does not fit. */
export function patchedHere(object: KubeObject, patchType: PatchType, patch: Json): KubeObject {
  // Objects of the API are JSON.
  const doc = object as unknown as Json;
  try {
    const patched =
      patchType === 'json'
        ? applyJsonPatch(doc, patch)
        : patchType === 'merge'
          ? applyMergePatch(doc, patch)
          : applyStrategicMergePatch(doc, patch, lookupType(kindOf(object)));
    if (!isObject(patched)) throw new CommandError('the patched object is no object');
    return patched as unknown as KubeObject;
  } catch (error) {
    if (error instanceof PatchError) throw new CommandError(error.message);
    throw error;
  }
}

/**
 * The patch that turns `before` into `after`: strategic where the kind has a schema, else a merge patch. `undefined`
 * when they are the same.
 */
export function patchBetween(
  before: KubeObject,
  after: KubeObject,
): { readonly patchType: PatchType; readonly patch: JsonObject } | undefined {
  // JSON, as above; what is undefined is not there.
  const from = JSON.parse(JSON.stringify(before)) as JsonObject;
  const to = JSON.parse(JSON.stringify(after)) as JsonObject;
  const schema = lookupType(kindOf(before));
  const patch = createTwoWayMergePatch(from, to, schema);
  if (Object.keys(patch).length === 0) return undefined;
  return { patchType: schema === undefined ? 'merge' : 'strategic', patch };
}
