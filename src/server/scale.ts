import type { Client } from '../api/client.ts';
import type { Json, KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import { applyJsonPatch } from '../domain/patch/json-patch.ts';
import { applyMergePatch } from '../domain/patch/merge-patch.ts';
import { PatchError } from '../domain/patch/patch-error.ts';
import { formatLabelSelector } from '../domain/selectors/labels.ts';
import type { ServedKind } from '../registry/served-kind.ts';
import { badRequest, conflict, MODIFIED } from '../registry/status-errors.ts';
import { at } from '../registry/strategies/generic.ts';
import type { ApiRequest } from './http-messages.ts';
import { patchType } from './media-types.ts';
import { isDryRun } from './query.ts';
import { parseBody, readBody } from './request-body.ts';
import type { ResourcePath } from './resource-path.ts';
import type { Written } from './writes.ts';

/** autoscaling/v1 Scale of an object with `spec.replicas`. */
export function scaleOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = at(object, 'spec', 'selector');
  const status = { replicas: at(object, 'status', 'replicas') ?? 0, ...selectorText(selector) };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    ...{ spec: { replicas: at(object, 'spec', 'replicas') ?? 0 }, status },
  };
}

function selectorText(selector: unknown): { selector?: string } {
  if (typeof selector !== 'object' || selector === null) return {};
  const structured =
    at(selector, 'matchLabels') !== undefined || at(selector, 'matchExpressions') !== undefined;
  // The selector of a ReplicationController is a plain map of labels.
  return {
    selector: formatLabelSelector(
      structured ? selector : { matchLabels: selector as Record<string, string> },
    ),
  };
}

/** PUT and PATCH of an object's scale: sets `spec.replicas`. Throws StatusError. */
export async function writeScale(
  client: Client,
  kind: ServedKind,
  path: ResourcePath,
  request: ApiRequest,
): Promise<Written> {
  const key = { namespace: path.namespace, name: path.name };
  const current = await client.get(kind.ref, key);
  const wanted =
    request.method === 'PATCH'
      ? patchedScale(current, request)
      : readBody(request.body, request.headers['content-type']);
  const replicas = at(wanted, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    throw badRequest(
      `spec.replicas: Invalid value: ${JSON.stringify(replicas)}: must be a whole number, 0 or greater`,
    );
  }
  const asked = at(wanted, 'metadata', 'resourceVersion');
  if (typeof asked === 'string' && asked !== '' && asked !== current.metadata.resourceVersion) {
    throw conflict({ group: kind.info.group, resource: kind.info.plural }, path.name, MODIFIED);
  }
  const [outcome] = await client.commit([
    {
      verb: 'patch',
      kind: kind.ref,
      key,
      patchType: 'merge',
      patch: { spec: { replicas } },
      dryRun: isDryRun(request.query.getAll('dryRun')),
    },
  ]);
  if (outcome === undefined) throw new Error('server: a write was left without an outcome');
  if (!outcome.ok) throw new StatusError(outcome.error);
  return { status: 200, object: scaleOf(outcome.object), warnings: outcome.warnings };
}

function patchedScale(current: KubeObject, request: ApiRequest): Json {
  const type = patchType(request.headers['content-type']);
  const patch = parseBody(request.body, type === 'apply' ? 'yaml' : 'json');
  // A Scale is JSON through and through; it has no lists that a strategic patch would merge.
  const scale = scaleOf(current) as unknown as Json;
  try {
    return type === 'json' ? applyJsonPatch(scale, patch) : applyMergePatch(scale, patch);
  } catch (error) {
    if (error instanceof PatchError) throw badRequest(error.message);
    throw error;
  }
}
