import type { ResourceInfo } from '../../api/client.ts';
import { apiVersionOf } from '../served-kinds.ts';
import type { ServedGroup, ServedVersion } from './groups.ts';
import { subresourcesOf } from './subresources.ts';

/** apidiscovery.k8s.io/v2 APIGroupDiscoveryList: everything that these groups serve, in one document. */
export function aggregatedDiscovery(groups: readonly ServedGroup[]): unknown {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(info: ResourceInfo): unknown {
  const subresources = subresourcesOf(info).map(({ name, kind, verbs }) => ({
    subresource: name,
    responseKind: kind,
    verbs,
  }));
  return {
    resource: info.plural,
    responseKind: { group: '', version: '', kind: info.kind },
    scope: info.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: info.singular,
    verbs: info.verbs,
    ...namesOf(info),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

const namesOf = ({ shortNames, categories }: ResourceInfo) => ({
  ...(shortNames.length === 0 ? {} : { shortNames }),
  ...(categories.length === 0 ? {} : { categories }),
});

/** v1 APIVersions: what `/api` says. `address` is where this server listens. */
export function coreVersions(address: string): unknown {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** v1 APIGroupList: what `/apis` says. */
export function groupList(groups: readonly ServedGroup[]): unknown {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) };
}

/** v1 APIGroup: what `/apis/GROUP` says. */
export function groupDocument(group: ServedGroup): unknown {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) };
}

function groupEntry({ name, versions }: ServedGroup) {
  const rows = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: rows, preferredVersion: rows[0] };
}

/** v1 APIResourceList: the resources of one version of a group, subresources in rows of their own. */
export function resourceList(group: string, { version, resources }: ServedVersion): unknown {
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf({ group, version }),
    resources: resources.flatMap((info) => [
      {
        name: info.plural,
        singularName: info.singular,
        namespaced: info.namespaced,
        kind: info.kind,
        verbs: info.verbs,
        ...namesOf(info),
      },
      ...subresourcesOf(info).map(({ name, kind, verbs }) => ({
        name: `${info.plural}/${name}`,
        singularName: '',
        namespaced: info.namespaced,
        ...(kind.version === '' ? {} : { group: kind.group, version: kind.version }),
        kind: kind.kind,
        verbs,
      })),
    ]),
  };
}
