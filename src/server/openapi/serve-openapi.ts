import type { Client, ResourceInfo } from '../../api/client.ts';
import { refusal } from '../../registry/status-errors.ts';
import { type ApiRequest, type ApiResponse, plainText } from '../http-messages.ts';
import { mediaRanges } from '../media-types.ts';
import { openApiDocument } from './document.ts';

/** Documents that were written, by what they were written for. */
type Memory = Map<string, string>;

/** Answers `/openapi/v2`, `/openapi/v3` and what lies below it. */
export function openApi(client: Client, version: string) {
  const memory: Memory = new Map();

  /** Documents change with the custom resources that are served; only the newest of each is kept. */
  async function written(
    name: string,
    resources: readonly ResourceInfo[],
    dialect: 'v2' | 'v3',
  ): Promise<string> {
    const custom = resources.filter(({ group }) => group.includes('.'));
    const revision = custom.length === 0 ? '' : await definitionsRevision(client);
    const key = `${name} ${revision}`;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const text = `${JSON.stringify(await openApiDocument(client, resources, dialect, version))}\n`;
    for (const old of memory.keys()) if (old.startsWith(`${name} `)) memory.delete(old);
    memory.set(key, text);
    return text;
  }

  return async function serveOpenApi(steps: readonly string[], request: ApiRequest): Promise<ApiResponse> {
    if (steps[1] === 'v2' && wantsProtobuf(request.headers.accept)) return emptyProtobuf(version);
    requireJson(request.headers.accept);
    const resources = await client.resources();
    if (steps[1] === 'v2' && steps.length === 2) {
      return json(await written('v2', resources, 'v2'));
    }
    if (steps[1] !== 'v3') return plainText(404, '404 page not found\n');
    if (steps.length === 2) return json(JSON.stringify({ paths: await index(client, resources) }));
    const [, , root, ...rest] = steps;
    const [group, wanted] = root === 'apis' ? rest : ['', rest[0]];
    const own = resources.filter((info) => info.group === group && info.version === wanted);
    if (own.length === 0 || (root !== 'api' && root !== 'apis'))
      return plainText(404, '404 page not found\n');
    return json(await written(`v3/${group}/${wanted}`, own, 'v3'));
  };
}

function json(body: string): ApiResponse {
  return { status: 200, headers: { 'content-type': 'application/json', vary: 'Accept' }, body };
}

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

function wantsProtobuf(accept: string | undefined): boolean {
  return mediaRanges(accept)[0]?.type.replace('v2@', 'v2.') === PROTOBUF;
}

/**
 * The version 2 document as protobuf, with nothing but its head. kubectl asks for it about kinds that version 3 does
 * not know, and then only wants to see that this one does not know them either.
 */
function emptyProtobuf(version: string): ApiResponse {
  const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
  const info = Buffer.concat([text(1, 'Kubernetes'), text(2, version)]);
  const bytes = Buffer.concat([text(1, '2.0'), field(2, info)]);
  return { status: 200, headers: { 'content-type': PROTOBUF, vary: 'Accept' }, body: bytes.toString('utf8') };
}

/** A protobuf field of ASCII, shorter than 128 bytes: as text it is the same bytes. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
}

/** Throws 406 for clients that only read the protobuf form. */
function requireJson(accept: string | undefined): void {
  const ranges = mediaRanges(accept);
  const readable = ranges.some(
    ({ type }) => type === '*/*' || type === 'application/*' || type === 'application/json' || type === '*',
  );
  if (ranges.length > 0 && !readable) {
    throw refusal(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
  }
}

/** Where the document of each version of a group lies. The hash changes when the document may have changed. */
async function index(client: Client, resources: readonly ResourceInfo[]): Promise<Record<string, unknown>> {
  const revision = await definitionsRevision(client);
  const paths: Record<string, unknown> = {};
  for (const { group, version } of resources) {
    const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
    paths[path] ??= { serverRelativeURL: `/openapi/v3/${path}?hash=${revision}` };
  }
  return paths;
}

/** Changes whenever a CustomResourceDefinition does. */
async function definitionsRevision(client: Client): Promise<string> {
  const { items } = await client.list({
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
  });
  return (
    items.map(({ metadata }) => `${metadata.uid ?? ''}.${metadata.resourceVersion ?? ''}`).join('-') || '0'
  );
}
