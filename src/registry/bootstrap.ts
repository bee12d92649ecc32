import type { KubeObject } from '../api/meta.ts';
import { formatRfc3339 } from '../domain/rfc3339.ts';
import type { Random } from '../runtime/random.ts';
import type { Write } from '../store/store.ts';
import { objectKey, termsOf } from './object-keys.ts';
import { encodeObject } from './stored-object.ts';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;

const PRIORITY_CLASSES = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'For pods without which their node does not work.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description: 'For pods without which the cluster does not work, on whichever node they are.',
  },
] as const;

/** Key whose presence says that a store has what every cluster has: this namespace can never be deleted. */
export const BOOTSTRAP_KEY = objectKey(
  { group: '', resource: 'namespaces' },
  { namespace: '', name: 'default' },
);

/**
 * The first batch of a fresh store: the namespaces and priority classes that an API server makes for itself. Each
 * write expects its key to be absent, so of several processes that find an empty store one wins.
 */
export function bootstrapWrites(now: number, random: Random): readonly Write[] {
  const metadata = (name: string) => ({ name, uid: random.uuid(), creationTimestamp: formatRfc3339(now) });
  const namespaces = NAMESPACES.map((name) =>
    put('', 'namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { ...metadata(name), labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    }),
  );
  const classes = PRIORITY_CLASSES.map(({ name, value, description }) =>
    put('scheduling.k8s.io', 'priorityclasses', {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { ...metadata(name), generation: 1 },
      value,
      description,
      preemptionPolicy: 'PreemptLowerPriority',
    }),
  );
  return [...namespaces, ...classes];
}

function put(group: string, resource: string, object: KubeObject & Readonly<Record<string, unknown>>): Write {
  const key = objectKey({ group, resource }, { namespace: '', name: object.metadata.name ?? '' });
  return { op: 'put', key, value: encodeObject(object), terms: termsOf(object), expect: { kind: 'absent' } };
}
