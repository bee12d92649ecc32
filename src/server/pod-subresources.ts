import type { Client } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import type { KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import { POD } from '../api/well-known.ts';
import { badRequest, refusal } from '../registry/status-errors.ts';
import { at } from '../registry/strategies/generic.ts';
import { type ApiRequest, type ApiResponse, plainText } from './http-messages.ts';
import { isDryRun } from './query.ts';
import { readBody } from './request-body.ts';
import type { ResourcePath } from './resource-path.ts';
import { success, type Written } from './writes.ts';

/** POST pods/NAME/binding and pods/NAME/eviction (also to the collection of bindings). Answers a Status. */
export async function createBelowPod(
  client: Client,
  subresource: 'binding' | 'eviction',
  path: ResourcePath,
  request: ApiRequest,
): Promise<Written> {
  const read = readBody(request.body, request.headers['content-type']);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw badRequest(`Object 'Kind' is missing in '${JSON.stringify(read)}'`);
  }
  const body = read as unknown as KubeObject; // what it really is, decoding finds out
  const own = at(body, 'metadata', 'name');
  if (path.name !== '' && typeof own === 'string' && own !== '' && own !== path.name) {
    throw badRequest(`name in URL does not match name in ${subresource} object`);
  }
  const name = path.name === '' ? own : path.name;
  const object = { ...body, metadata: { ...body.metadata, ...(typeof name === 'string' ? { name } : {}) } };
  const dryRun = at(body, 'deleteOptions', 'dryRun');
  const [outcome] = await client.commit([
    {
      verb: 'create',
      kind: POD,
      namespace: path.namespace,
      subresource,
      object,
      dryRun: isDryRun([
        ...request.query.getAll('dryRun'),
        ...(Array.isArray(dryRun) ? dryRun.map(String) : []),
      ]),
    },
  ]);
  if (outcome?.ok === false) throw new StatusError(outcome.error);
  return { status: 201, object: success(undefined, 201), warnings: [] };
}

/**
 * GET pods/NAME/log. Simulated containers write nothing, so the log of one that runs or ran is empty. Throws what an
 * API server says of containers that do not exist or have not started.
 */
export async function readLog(client: Client, path: ResourcePath, request: ApiRequest): Promise<ApiResponse> {
  const pod = await client.get(POD, { namespace: path.namespace, name: path.name });
  const names = containersOf(pod);
  const asked = request.query.get('container') ?? '';
  if (asked === '' && names.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${path.name}, choose one of: [${names.join(' ')}]`,
    );
  }
  const name = asked === '' ? (names[0] ?? '') : asked;
  if (!names.includes(name)) throw badRequest(`container ${name} is not valid for pod ${path.name}`);
  if ((pod.spec.nodeName ?? '') === '') return plainText(200, '');
  const waiting = waitingReason(pod, name);
  if (waiting !== undefined) {
    throw badRequest(
      `container ${JSON.stringify(name)} in pod ${JSON.stringify(path.name)} is waiting to start: ${waiting}`,
    );
  }
  return plainText(200, '');
}

function containersOf(pod: Pod): readonly string[] {
  const lists = [at(pod, 'spec', 'containers'), at(pod, 'spec', 'initContainers')];
  return lists.flatMap((list) =>
    Array.isArray(list) ? list.map((one: unknown) => String(at(one, 'name') ?? '')) : [],
  );
}

function waitingReason(pod: Pod, name: string): string | undefined {
  const statuses = at(pod, 'status', 'containerStatuses');
  const own: unknown = Array.isArray(statuses)
    ? statuses.find((one: unknown) => at(one, 'name') === name)
    : undefined;
  if (own === undefined) return pod.status?.phase === 'Pending' ? 'ContainerCreating' : undefined;
  const reason = at(own, 'state', 'waiting', 'reason');
  // A container that ran before has a log, though it waits for its next start.
  const ran = at(own, 'lastState', 'terminated') !== undefined;
  return typeof reason === 'string' && !ran ? reason : undefined;
}

/** What would need a real container. */
export function runsNothing(): StatusError {
  return refusal(501, 'NotImplemented', 'kdaemon simulates its pods: there is no container behind them', {});
}
