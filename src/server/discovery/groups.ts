import type { ResourceInfo } from '../../api/client.ts';

/** A served group, its versions in the order of preference. */
export interface ServedGroup {
  /** '' for the core group. */
  readonly name: string;
  readonly versions: readonly ServedVersion[];
}

/** One version of a group. */
export interface ServedVersion {
  readonly version: string;
  readonly resources: readonly ResourceInfo[];
}

/** The API server's own groups in the order of their priority, by which clients choose between kinds of one name. */
const PRIORITY = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'storagemigration.k8s.io',
];

/** Sorts resources into groups and versions. Custom groups follow the API server's own, by name. */
export function servedGroups(resources: readonly ResourceInfo[]): readonly ServedGroup[] {
  const groups = new Map<string, Map<string, ResourceInfo[]>>();
  for (const info of resources) {
    const versions = groups.get(info.group) ?? new Map<string, ResourceInfo[]>();
    groups.set(info.group, versions);
    const rows = versions.get(info.version);
    if (rows === undefined) versions.set(info.version, [info]);
    else rows.push(info);
  }
  const rank = (name: string): number => {
    const place = PRIORITY.indexOf(name);
    return place < 0 ? PRIORITY.length : place;
  };
  return [...groups.entries()]
    .map(([name, versions]) => ({
      name,
      versions: [...versions.entries()].map(([version, rows]) => ({ version, resources: rows })),
    }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}
