import type { ResourceInfo } from '../../api/client.ts';

/** What discovery says of a subresource. */
export interface Subresource {
  readonly name: string;
  /** The kind that it answers with; `group` and `version` are '' where they are the resource's own. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
}

const READ_WRITE = ['get', 'patch', 'update'];
const ALL_METHODS = ['create', 'delete', 'get', 'patch', 'update'];

/** Subresources with a kind of their own, by name. */
const FOREIGN: Readonly<Record<string, Omit<Subresource, 'name'>>> = {
  attach: { kind: { group: '', version: '', kind: 'PodAttachOptions' }, verbs: ['create', 'get'] },
  binding: { kind: { group: '', version: '', kind: 'Binding' }, verbs: ['create'] },
  eviction: { kind: { group: 'policy', version: 'v1', kind: 'Eviction' }, verbs: ['create'] },
  exec: { kind: { group: '', version: '', kind: 'PodExecOptions' }, verbs: ['create', 'get'] },
  portforward: { kind: { group: '', version: '', kind: 'PodPortForwardOptions' }, verbs: ['create', 'get'] },
  scale: { kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: READ_WRITE },
  token: { kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }, verbs: ['create'] },
};

const OWN_VERBS: Readonly<Record<string, readonly string[]>> = { finalize: ['update'], log: ['get'] };

/** The subresources of a resource, in the order of their names. */
export function subresourcesOf(info: ResourceInfo): readonly Subresource[] {
  return [...info.subresources].sort().map((name) => {
    const foreign = FOREIGN[name];
    if (foreign !== undefined) return { name, ...foreign };
    const kind = name === 'proxy' ? `${info.kind}ProxyOptions` : info.kind;
    const verbs = name === 'proxy' ? ALL_METHODS : (OWN_VERBS[name] ?? READ_WRITE);
    return { name, kind: { group: '', version: '', kind }, verbs };
  });
}
