import type { Client } from '../../api/client.ts';
import { type ApiRequest, type ApiResponse, plainText } from '../http-messages.ts';
import { mediaRanges } from '../media-types.ts';
import { aggregatedDiscovery, coreVersions, groupDocument, groupList, resourceList } from './documents.ts';
import { servedGroups } from './groups.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Whether the client would rather have everything in one document. */
function wantsAggregated(request: ApiRequest): boolean {
  for (const { type, parameters } of mediaRanges(request.headers.accept)) {
    if (type !== 'application/json') continue;
    if (parameters.get('as') === undefined) return false;
    if (parameters.get('as') === 'APIGroupDiscoveryList' && parameters.get('v') === 'v2') return true;
  }
  return false;
}

/** Answers GET of `/api`, `/apis`, `/api/v1`, `/apis/GROUP` and `/apis/GROUP/VERSION`; undefined for other paths. */
export async function discover(
  client: Client,
  steps: readonly string[],
  request: ApiRequest,
): Promise<ApiResponse | undefined> {
  const [root, first, second] = steps;
  const json = (document: unknown, type = 'application/json'): ApiResponse => ({
    status: 200,
    headers: { 'content-type': type, vary: 'Accept' },
    body: `${JSON.stringify(document)}\n`,
  });
  const groups = servedGroups(await client.resources());
  if (steps.length === 1) {
    const own = groups.filter(({ name }) => (name === '') === (root === 'api'));
    if (wantsAggregated(request)) return json(aggregatedDiscovery(own), AGGREGATED);
    return json(root === 'api' ? coreVersions(request.headers.host ?? '') : groupList(own));
  }
  const group = groups.find(({ name }) => name === (root === 'api' ? '' : first));
  if (group === undefined) return plainText(404, '404 page not found\n');
  if (root === 'apis' && steps.length === 2) return json(groupDocument(group));
  const version = group.versions.find((one) => one.version === (root === 'api' ? first : second));
  if (version === undefined) return plainText(404, '404 page not found\n');
  return json(resourceList(group.name, version));
}
