import type { Client } from '../api/client.ts';
import { type Status, StatusError } from '../api/status.ts';
import { hasSubresource, type ServedKind } from '../registry/served-kind.ts';
import { badRequest, methodNotAllowed, noSuchResource, refusal } from '../registry/status-errors.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ChangeFeed } from './change-feed.ts';
import { discover } from './discovery/discover.ts';
import { type ApiRequest, type ApiResponse, plainText } from './http-messages.ts';
import { type Accepted, negotiate } from './media-types.ts';
import { type ObjectTexts, objectTexts } from './object-texts.ts';
import { openApi } from './openapi/serve-openapi.ts';
import { createBelowPod, readLog, runsNothing } from './pod-subresources.ts';
import { flagOf } from './query.ts';
import { isWatch, readList, readObject, watchRequest } from './reads.ts';
import {
  encode,
  type IncludeObject,
  listText,
  objectText,
  type Rendering,
  renderedList,
  renderedObject,
} from './rendering.ts';
import { readBody } from './request-body.ts';
import { type ResourcePath, resourcePath, stepsOfPath } from './resource-path.ts';
import { isReview, reviewed } from './reviews.ts';
import { scaleOf, writeScale } from './scale.ts';
import { kindAt } from './served-kinds.ts';
import { watchStream } from './watch-stream.ts';
import {
  createObject,
  deleteObject,
  deleteObjects,
  patchObject,
  updateObject,
  type Written,
} from './writes.ts';

/** What the API is served from. */
export interface AppParts {
  readonly client: Client;
  readonly feed: ChangeFeed;
  readonly clock: Clock;
  readonly version: VersionInfo;
}

/** What requests are answered from. */
interface Serving extends AppParts {
  readonly texts: ObjectTexts;
}

/** What `/version` says: whom clients take this server for. */
interface VersionInfo {
  /** `v1.37.2`. */
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
}

/** The Kubernetes API as a function of requests. */
export interface App {
  /** Never rejects for what a client may do wrong; rejects with what is a fault of this server or its store. */
  handle(request: ApiRequest): Promise<ApiResponse>;
}

/** The Kubernetes API over a client. */
export function createApp(parts: AppParts): App {
  const serveOpenApi = openApi(parts.client, parts.version.gitVersion);
  const serving: Serving = { ...parts, texts: objectTexts() };

  async function route(request: ApiRequest): Promise<ApiResponse> {
    const steps = stepsOfPath(request.path);
    if (steps === undefined) throw badRequest('the path of the request is not well encoded');
    const [root = ''] = steps;
    switch (root) {
      case 'api':
      case 'apis': {
        const path = resourcePath(steps);
        if (path !== undefined) return serveResource(serving, path, request);
        requireGet(request);
        return (await discover(parts.client, steps, request)) ?? plainText(404, '404 page not found\n');
      }
      case 'openapi':
        requireGet(request);
        return serveOpenApi(steps, request);
      case 'version':
        requireGet(request);
        return version(parts.version);
      case 'healthz':
      case 'livez':
      case 'readyz':
        return health(parts.client);
      case '':
        return paths();
      default:
        return plainText(404, '404 page not found\n');
    }
  }

  return {
    async handle(request) {
      try {
        return await route(request);
      } catch (error) {
        if (error instanceof StatusError) return statusResponse(error.status);
        throw error;
      }
    },
  };
}

function requireGet({ method }: ApiRequest): void {
  if (method !== 'GET' && method !== 'HEAD') {
    throw methodNotAllowed('the server does not allow this method on the requested resource');
  }
}

/** A refusal on its way out. */
export function statusResponse(status: Status): ApiResponse {
  const retry = status.details?.retryAfterSeconds;
  return {
    status: status.code,
    headers: {
      'content-type': 'application/json',
      ...(retry === undefined ? {} : { 'retry-after': String(retry) }),
    },
    body: `${JSON.stringify(status)}\n`,
  };
}

function version({ gitVersion, major, minor }: VersionInfo): ApiResponse {
  const body = {
    major,
    minor,
    gitVersion,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'kdaemon',
    platform: 'linux/amd64',
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(body, null, 2)}\n`,
  };
}

/** The server lives while it can read its store. */
async function health(client: Client): Promise<ApiResponse> {
  await client.revision();
  return plainText(200, 'ok');
}

function paths(): ApiResponse {
  const body = {
    paths: [
      '/api',
      '/api/v1',
      '/apis',
      '/healthz',
      '/livez',
      '/openapi/v2',
      '/openapi/v3',
      '/readyz',
      '/version',
    ],
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}

async function serveResource(parts: Serving, path: ResourcePath, request: ApiRequest): Promise<ApiResponse> {
  const kind = await kindAt(parts.client, path.group, path.version, path.resource);
  if (kind === undefined || (path.namespace !== '' && !kind.info.namespaced)) throw noSuchResource();
  if (path.name !== '' && kind.info.namespaced && path.namespace === '') throw noSuchResource();
  const accepted =
    path.subresource === 'log' ? { format: 'json' as const } : negotiate(request.headers.accept);
  const rendering: Rendering = {
    kind,
    accepted,
    includeObject: includeObjectOf(request.query),
    now: parts.clock.now(),
  };
  if (path.subresource !== '') return serveSubresource(parts, kind, path, rendering, request);
  if (request.method === 'GET' || request.method === 'HEAD') return read(parts, path, rendering, request);
  return writtenResponse(await write(parts, kind, path, rendering, request), rendering, request);
}

function includeObjectOf(query: URLSearchParams): IncludeObject {
  const text = query.get('includeObject') ?? '';
  if (text === '' || text === 'Metadata') return 'Metadata';
  if (text === 'None' || text === 'Object') return text;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(text)}`);
}

async function read(
  parts: Serving,
  path: ResourcePath,
  rendering: Rendering,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { client, texts } = parts;
  if (isReview(rendering.kind.ref.kind) || !rendering.kind.info.verbs.includes('get')) {
    throw methodNotAllowed('the server does not allow this method on the requested resource');
  }
  if (isWatch(path, request.query)) {
    const watched = watchRequest(rendering, path, request);
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
      body: (signal) => watchStream(parts, watched, signal),
    };
  }
  const pretty = isPretty(request);
  const body =
    path.name === ''
      ? await listText(await readList(client, rendering, path, request.query), rendering, texts, pretty)
      : objectText(await readObject(client, rendering, path, request.query), rendering, texts, pretty);
  return content(200, body, rendering.accepted);
}

async function write(
  parts: AppParts,
  kind: ServedKind,
  path: ResourcePath,
  rendering: Rendering,
  request: ApiRequest,
): Promise<Written> {
  const { client } = parts;
  const collection = path.name === '';
  switch (request.method) {
    case 'POST':
      if (isReview(kind.ref.kind) && collection) return review(kind, request);
      if (kind.ref.kind === 'Binding' && collection) return createBelowPod(client, 'binding', path, request);
      if (collection) return createObject(client, kind, path, request);
      break;
    case 'PUT':
      if (!collection) return updateObject(client, kind, path, request);
      break;
    case 'PATCH':
      if (!collection) return patchObject(client, kind, path, request);
      break;
    case 'DELETE':
      if (!collection) return deleteObject(client, kind, path, request);
      if (!kind.info.verbs.includes('deletecollection')) break;
      return {
        status: 200,
        // A list is what it answers with, which is written like any other object.
        object: renderedList(
          await deleteObjects(client, kind, path, request),
          rendering,
        ) as Written['object'],
        warnings: [],
      };
  }
  throw methodNotAllowed('the server does not allow this method on the requested resource');
}

function review(kind: ServedKind, request: ApiRequest): Written {
  const body = readBody(request.body, request.headers['content-type']);
  const { object } = kind.decode(body, 'Ignore');
  return { status: 201, object: reviewed(kind.ref.kind, object as never, request.user), warnings: [] };
}

/** Subresources that would need a container, or a network. */
const UNSERVED: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy', 'token']);

async function serveSubresource(
  parts: AppParts,
  kind: ServedKind,
  path: ResourcePath,
  rendering: Rendering,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { client } = parts;
  const { subresource } = path;
  if (!hasSubresource(kind, subresource)) throw noSuchResource();
  if (UNSERVED.has(subresource)) throw runsNothing();
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (subresource === 'log' && reads) return readLog(client, path, request);
  if ((subresource === 'binding' || subresource === 'eviction') && request.method === 'POST') {
    return writtenResponse(await createBelowPod(client, subresource, path, request), rendering, request);
  }
  if (reads && subresource !== 'finalize') {
    const object = await readObject(client, rendering, path, request.query);
    const value = subresource === 'scale' ? scaleOf(object) : renderedObject(object, rendering);
    return answer(200, value, rendering.accepted, request);
  }
  if (request.method === 'PUT' || request.method === 'PATCH') {
    const written =
      subresource === 'scale'
        ? await writeScale(client, kind, path, request)
        : request.method === 'PUT'
          ? await updateObject(client, kind, path, request)
          : await patchObject(client, kind, path, request);
    return writtenResponse(written, rendering, request);
  }
  throw methodNotAllowed('the server does not allow this method on the requested resource');
}

function writtenResponse(
  { status, object, warnings }: Written,
  rendering: Rendering,
  request: ApiRequest,
): ApiResponse {
  const own = object.kind === rendering.kind.ref.kind && 'metadata' in object && !('code' in object);
  const value = own ? renderedObject(object as never, rendering) : object;
  const response = answer(status, value, rendering.accepted, request);
  if (warnings.length === 0) return response;
  return { ...response, headers: { ...response.headers, warning: warnings.map(warningHeader) } };
}

/** One `Warning:` header. Header values are Latin-1 without line breaks. */
function warningHeader(text: string): string {
  const safe = text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&');
  return `299 - "${safe}"`;
}

/** People who ask with these clients get their JSON indented, as from an API server. */
const PEOPLE = /^(curl|Wget|Mozilla)\//;

function isPretty({ query, headers }: ApiRequest): boolean {
  return flagOf(query, 'pretty') ?? PEOPLE.test(headers['user-agent'] ?? '');
}

function answer(status: number, value: unknown, accepted: Accepted, request: ApiRequest): ApiResponse {
  return content(status, encode(value, accepted, isPretty(request)), accepted);
}

function content(status: number, body: string, { format }: Accepted): ApiResponse {
  return {
    status,
    headers: {
      'content-type': format === 'yaml' ? 'application/yaml' : 'application/json',
      'cache-control': 'no-cache, private',
    },
    body,
  };
}

/** 500 for a fault of this server, without saying more than its message. */
export function internalError(error: unknown): ApiResponse {
  const message = error instanceof Error ? error.message : String(error);
  return statusResponse(refusal(500, 'InternalError', `Internal error occurred: ${message}`).status);
}
