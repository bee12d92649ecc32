import type { Client, ListOptions, ResourceInfo, WriteOutcome, WriteRequest } from '../../api/client.ts';
import type { KindRef, KubeObject, ObjectKey, ObjectList } from '../../api/meta.ts';
import { hasReason, type Status, StatusError } from '../../api/status.ts';
import { httpTransport, type Outgoing, type RemoteAccess, type Transport } from './http-transport.ts';
import { collectionPath, discoverResources, objectPath, resourceOf } from './resource-urls.ts';
import { watchLog } from './watch-log.ts';

/** A client over HTTP, and the way to let go of its connections. */
export interface RemoteClient extends Client {
  /**
   * The same server, of which only these kinds are in `resources` and in `changes`: a watch for each, and none for the
   * others. `resources` throws StatusError when one of them is not served. Undefined: all kinds, with changes of its
   * own to follow. Let it go before the client that it comes from.
   */
  narrowed(kinds: readonly KindRef[] | undefined): RemoteClient;
  /** Why `changes` may be behind: a watch is cut off, and being opened again. */
  interruption(): unknown;
  close(): void;
}

/** Changes that one call answers when the caller sets no limit. */
const CHANGES_AT_ONCE = 10_000;

/** Requests of one commit that are under way together where their order does not matter. */
const AT_ONCE = 8;

const PATCH_TYPES = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** Objects that one request lists, where the caller sets no limit. */
const PAGE = 500;

/**
 * The API of a server somewhere else: of `kdaemon serve`, or of a real cluster. A commit sends its requests one by
 * one; each stands for itself. `revision` and `changes` count what arrived here from the server's watches: their
 * revisions are no resourceVersions. Once somebody follows the changes, a commit resolves when they show it, so that
 * nobody decides on a state without his own writes.
 */
export function remoteClient(access: RemoteAccess): RemoteClient {
  const transport = httpTransport(access);
  const client = clientOver(transport, undefined);
  return {
    ...client,
    close() {
      client.close();
      transport.close();
    },
  };
}

/** A client whose changes are those of `kinds`; of all where it is undefined. */
function clientOver(transport: Transport, kinds: readonly KindRef[] | undefined): RemoteClient {
  let known: Promise<readonly ResourceInfo[]> | undefined;
  const discovered = (): Promise<readonly ResourceInfo[]> => {
    known ??= discoverResources(transport).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const inView = async (): Promise<readonly ResourceInfo[]> => {
    const served = await discovered();
    if (kinds === undefined) return served;
    return kinds.map((kind) => {
      const info = resourceOf(served, kind);
      if (info === undefined)
        throw new StatusError(unknownResource(`${kind.group}/${kind.version} ${kind.kind}`));
      return info;
    });
  };
  const log = watchLog(transport, inView);

  /** A kind that is not known may have been defined since. */
  async function infoOf(kind: KindRef): Promise<ResourceInfo> {
    const found = resourceOf(await discovered(), kind);
    if (found !== undefined) return found;
    known = undefined;
    const fresh = resourceOf(await discovered(), kind);
    if (fresh === undefined) throw new StatusError(unknownResource());
    return fresh;
  }

  async function write(request: WriteRequest): Promise<WriteOutcome> {
    try {
      const info = await infoOf(request.kind);
      const { status, warnings, json } = await transport.send(outgoing(info, request));
      return { ok: true, did: didOf(request, status, json), object: objectOf(request, json), warnings };
    } catch (error) {
      if (error instanceof StatusError) return { ok: false, error: error.status, warnings: [] };
      throw error;
    }
  }

  async function onePage<T extends KubeObject>(
    kind: KindRef<T>,
    options: ListOptions,
  ): Promise<ObjectList<T>> {
    const info = await infoOf(kind);
    const path = `${collectionPath(info, options.namespace ?? '')}${listQuery(options)}`;
    const { json } = await transport.send({ method: 'GET', path });
    return readList<T>(kind, json);
  }

  return {
    async get<T extends KubeObject>(kind: KindRef<T>, key: ObjectKey): Promise<T> {
      const info = await infoOf(kind);
      const { json } = await transport.send({ method: 'GET', path: objectPath(info, key) });
      return json as T; // what a server keeps under a kind's path is of that kind
    },
    async list<T extends KubeObject>(kind: KindRef<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
      if (options.limit !== undefined || options.continue !== undefined) return onePage(kind, options);
      try {
        return await allPages((from) =>
          onePage(kind, { ...options, limit: PAGE, ...(from === undefined ? {} : { continue: from }) }),
        );
      } catch (error) {
        // The server has forgotten the state that the first page showed.
        if (!hasReason(error, 'Expired')) throw error;
        return onePage(kind, options);
      }
    },
    resources: () => {
      known = undefined;
      return inView();
    },
    async commit(requests) {
      const end = log.end();
      const outcomes: WriteOutcome[] = [];
      try {
        for (let at = 0; at < requests.length; at += AT_ONCE) {
          outcomes.push(...(await inOrder(requests.slice(at, at + AT_ONCE), write)));
        }
      } catch (error) {
        // Some may have been done, and watches that are cut off will not tell before somebody decides again.
        log.forget();
        throw error;
      }
      const real = outcomes.filter((_, index) => requests[index]?.dryRun !== true);
      if (end !== undefined) await log.showsWrites(real, end);
      return outcomes;
    },
    changes: (after, limit = CHANGES_AT_ONCE) => log.changes(after, limit),
    revision: () => log.revision(),
    onChange: (hint) => log.onChange(hint),
    narrowed: (some) => clientOver(transport, some),
    interruption: () => log.interruption(),
    close: () => log.close(),
  };
}

/** All pages of one list as one. */
async function allPages<T extends KubeObject>(
  page: (from: string | undefined) => Promise<ObjectList<T>>,
): Promise<ObjectList<T>> {
  const items: T[] = [];
  for (let from: string | undefined; ; ) {
    const part = await page(from);
    for (const item of part.items) items.push(item);
    from = part.continue;
    if (from === undefined) return { items, resourceVersion: part.resourceVersion };
  }
}

/** Sends requests together, unless two are about one object: those keep their order. */
async function inOrder(
  requests: readonly WriteRequest[],
  write: (request: WriteRequest) => Promise<WriteOutcome>,
): Promise<readonly WriteOutcome[]> {
  const targets = requests.flatMap((request) => targetOf(request) ?? []);
  if (new Set(targets).size === targets.length) return Promise.all(requests.map(write));
  const outcomes: WriteOutcome[] = [];
  for (const request of requests) outcomes.push(await write(request));
  return outcomes;
}

/** What a write is about; undefined for an object that has no name yet, which is like no other. */
function targetOf(request: WriteRequest): string | undefined {
  const { kind } = request;
  const key =
    request.verb === 'create'
      ? { namespace: request.namespace, name: request.object.metadata.name }
      : request.key;
  return key.name === undefined ? undefined : `${kind.group}/${kind.kind}/${key.namespace}/${key.name}`;
}

function outgoing(info: ResourceInfo, request: WriteRequest): Outgoing {
  const query = new URLSearchParams();
  if (request.dryRun === true) query.set('dryRun', 'All');
  if (request.fieldManager !== undefined) query.set('fieldManager', request.fieldManager);
  if (request.verb !== 'delete') query.set('fieldValidation', request.fieldValidation ?? 'Strict');
  if (request.verb === 'patch' && request.force === true) query.set('force', 'true');
  const search = query.size === 0 ? '' : `?${query}`;
  const below = request.subresource === undefined ? '' : `/${request.subresource}`;
  switch (request.verb) {
    case 'create': {
      const { namespace, object } = request;
      const path =
        below === ''
          ? collectionPath(info, info.namespaced ? namespace || 'default' : '')
          : `${objectPath(info, { namespace, name: object.metadata.name ?? '' })}${below}`;
      return { method: 'POST', path: path + search, body: JSON.stringify(object) };
    }
    case 'update':
      return {
        method: 'PUT',
        path: `${objectPath(info, request.key)}${below}${search}`,
        body: JSON.stringify(request.object),
      };
    case 'patch':
      return {
        method: 'PATCH',
        path: `${objectPath(info, request.key)}${below}${search}`,
        body: JSON.stringify(request.patch),
        contentType: PATCH_TYPES[request.patchType],
      };
    case 'delete': {
      const { gracePeriodSeconds, preconditions, propagationPolicy } = request;
      const options = {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        gracePeriodSeconds,
        preconditions,
        propagationPolicy,
      };
      return {
        method: 'DELETE',
        path: `${objectPath(info, request.key)}${search}`,
        body: JSON.stringify(options),
      };
    }
  }
}

type Did = Extract<WriteOutcome, { ok: true }>['did'];

/** What the answer says became of the object. Whether an update changed anything, a server does not say. */
function didOf(request: WriteRequest, status: number, json: unknown): Did {
  if (request.verb === 'delete') {
    const { kind, metadata } = json as KubeObject;
    return kind === 'Status' || metadata.deletionTimestamp === undefined || hasNoHold(metadata)
      ? 'deleted'
      : 'deleting';
  }
  return status === 201 && request.subresource === undefined ? 'created' : 'updated';
}

const hasNoHold = ({ finalizers = [], deletionGracePeriodSeconds }: KubeObject['metadata']): boolean =>
  finalizers.length === 0 && deletionGracePeriodSeconds === 0;

/** The object after the write; where the server answers with a Status, what is known of the object. */
function objectOf({ kind, ...request }: WriteRequest, json: unknown): KubeObject {
  const answered = json as KubeObject | Status;
  if (answered.kind !== 'Status') return answered as KubeObject;
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const key =
    request.verb === 'create' ? { ...request.object.metadata, namespace: request.namespace } : request.key;
  const uid = (answered as Status).details?.uid;
  return {
    apiVersion,
    kind: kind.kind,
    metadata: {
      ...(key.name === undefined ? {} : { name: key.name }),
      ...(key.namespace === '' ? {} : { namespace: key.namespace }),
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

function listQuery({
  labelSelector,
  fieldSelector,
  limit,
  continue: from,
  resourceVersion,
}: ListOptions): string {
  const query = new URLSearchParams();
  if (labelSelector !== undefined && labelSelector !== '') query.set('labelSelector', labelSelector);
  if (fieldSelector !== undefined && fieldSelector !== '') query.set('fieldSelector', fieldSelector);
  if (limit !== undefined && limit > 0) query.set('limit', String(limit));
  if (from !== undefined) query.set('continue', from);
  else if (resourceVersion !== undefined) {
    query.set('resourceVersion', resourceVersion);
    query.set('resourceVersionMatch', 'Exact');
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** Items of a list come without their own type: it is the list's. */
function readList<T extends KubeObject>({ group, version, kind }: KindRef<T>, json: unknown): ObjectList<T> {
  const { items, metadata } = json as {
    readonly items: readonly T[] | null;
    readonly metadata: Omit<ObjectList, 'items'>;
  };
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const typed = (items ?? []).map((item) => (item.kind === undefined ? { ...item, apiVersion, kind } : item));
  const { resourceVersion, continue: from, remainingItemCount } = metadata;
  return {
    items: typed,
    resourceVersion,
    ...(from === undefined || from === '' ? {} : { continue: from }),
    ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
  };
}

function unknownResource(which = ''): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `the server could not find the requested resource${which === '' ? '' : ` (${which})`}`,
    reason: 'NotFound',
    details: {},
    code: 404,
  };
}
