import type { Client } from '../api/client.ts';
import type { KubeObject, ObjectList } from '../api/meta.ts';
import { readSelection } from '../registry/selection.ts';
import { tooLargeVersion } from '../registry/status-errors.ts';
import { forbidden } from '../registry/validation/field-error.ts';
import type { ApiRequest } from './http-messages.ts';
import { listInTurns } from './list-in-turns.ts';
import { type Freshness, flagOf, invalidOptions, listQuery, numberOf, requireRevision } from './query.ts';
import type { Rendering } from './rendering.ts';
import type { ResourcePath } from './resource-path.ts';
import type { WatchRequest } from './watch-stream.ts';

/** How long a watch lives when the client does not say, in milliseconds. */
const DEFAULT_WATCH_MS = 30 * 60_000;

/** Whether a GET is a watch. */
export function isWatch(path: ResourcePath, query: URLSearchParams): boolean {
  return path.watch || flagOf(query, 'watch') === true;
}

/** GET of one object. Throws StatusError. */
export async function readObject(
  client: Client,
  rendering: Rendering,
  path: ResourcePath,
  query: URLSearchParams,
): Promise<KubeObject> {
  const resourceVersion = query.get('resourceVersion') ?? '';
  if (resourceVersion !== '') await requireReached(client, resourceVersion);
  return client.get(rendering.kind.ref, { namespace: path.namespace, name: path.name });
}

/** GET of a collection. Throws StatusError. */
export async function readList(
  client: Client,
  rendering: Rendering,
  path: ResourcePath,
  query: URLSearchParams,
): Promise<ObjectList> {
  const { options, freshness } = listQuery(query);
  await requireFresh(client, freshness);
  return listInTurns(client, rendering.kind.ref, {
    ...options,
    namespace: path.namespace,
    ...(freshness.kind === 'exact' ? { resourceVersion: freshness.resourceVersion } : {}),
  });
}

async function requireFresh(client: Client, freshness: Freshness): Promise<void> {
  if (freshness.kind === 'from') await requireReached(client, freshness.resourceVersion);
}

/** Throws 504 when the store has not come to this revision. */
async function requireReached(client: Client, resourceVersion: string): Promise<void> {
  requireRevision(resourceVersion);
  const newest = await client.revision();
  if (Number(resourceVersion) > Number(newest)) throw tooLargeVersion(resourceVersion, newest);
}

/** Reads what a watch asks for. Throws 400 and 422. */
export function watchRequest(rendering: Rendering, path: ResourcePath, { query }: ApiRequest): WatchRequest {
  const initial = flagOf(query, 'sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  if (initial !== undefined && match !== 'NotOlderThan') {
    const why = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    throw invalidOptions('ListOptions', forbidden('resourceVersionMatch', why));
  }
  if (initial === undefined && match !== '') {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    throw invalidOptions('ListOptions', forbidden('resourceVersionMatch', why));
  }
  const resourceVersion = query.get('resourceVersion') ?? '';
  if (resourceVersion !== '') requireRevision(resourceVersion);
  const bookmarks = flagOf(query, 'allowWatchBookmarks') === true;
  const fields = query.get('fieldSelector') ?? '';
  const named = path.name === '' ? '' : `metadata.name=${path.name}`;
  const selectors = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: [fields, named].filter(Boolean).join(','),
  };
  const seconds = numberOf(query, 'timeoutSeconds') ?? 0;
  const startsWithState = initial ?? (resourceVersion === '' || resourceVersion === '0');
  return {
    rendering,
    namespace: path.namespace,
    selectors,
    selection: readSelection(rendering.kind, selectors),
    after: startsWithState ? undefined : Number(resourceVersion || '0'),
    marksInitialEnd: initial === true && bookmarks,
    bookmarks,
    timeoutMs: seconds > 0 ? seconds * 1000 : DEFAULT_WATCH_MS,
  };
}
