import type { ResourceInfo } from '../../api/client.ts';
import type { KindRef, ObjectKey } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import type { Transport } from './http-transport.ts';

/** What a discovery document of one version holds, as far as code reads it. */
interface ResourceRow {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

interface GroupEntry {
  readonly versions: readonly { readonly groupVersion: string }[];
}

/** Every kind that a server serves, from its discovery documents; groups that do not answer are left out. */
export async function discoverResources(transport: Transport): Promise<readonly ResourceInfo[]> {
  const { json } = await transport.send({ method: 'GET', path: '/apis' });
  const { groups } = json as { readonly groups: readonly GroupEntry[] };
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
  const lists = await Promise.all(
    ['v1', ...versions].map(async (groupVersion) => {
      const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
      const list = await transport.send({ method: 'GET', path }).catch((error: unknown) => {
        if (error instanceof StatusError) return undefined;
        throw error;
      });
      const rows =
        (list?.json as { readonly resources: readonly ResourceRow[] } | undefined)?.resources ?? [];
      return resourceInfos(groupVersion, rows);
    }),
  );
  return lists.flat().sort((a, b) => compare(a.group, b.group) || compare(a.plural, b.plural));
}

function resourceInfos(groupVersion: string, rows: readonly ResourceRow[]): readonly ResourceInfo[] {
  const [first = '', second] = groupVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  return rows
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, singularName, namespaced, kind, verbs, shortNames = [], categories = [] }) => ({
      group,
      version,
      kind,
      plural: name,
      singular: singularName === '' ? kind.toLowerCase() : singularName,
      shortNames,
      categories,
      namespaced,
      verbs,
      subresources: rows
        .filter((row) => row.name.startsWith(`${name}/`))
        .map((row) => row.name.slice(name.length + 1)),
    }));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The path of a kind's objects, in a namespace or ('') in all of them. */
export function collectionPath(info: ResourceInfo, namespace: string): string {
  const root = info.group === '' ? `/api/${info.version}` : `/apis/${info.group}/${info.version}`;
  const within = info.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${within}/${info.plural}`;
}

/** The path of an object; namespaced kinds without a namespace are looked for in `default`. */
export function objectPath(info: ResourceInfo, { namespace, name }: ObjectKey): string {
  return `${collectionPath(info, namespace || 'default')}/${encodeURIComponent(name)}`;
}

/** The resource that serves a kind. */
export function resourceOf(resources: readonly ResourceInfo[], kind: KindRef): ResourceInfo | undefined {
  return resources.find(
    (info) => info.kind === kind.kind && info.group === kind.group && info.version === kind.version,
  );
}
