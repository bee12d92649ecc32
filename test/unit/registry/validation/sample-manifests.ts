import type { Written } from './stored-form.ts';

export const TEMPLATE = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
};
const SELECTOR = { matchLabels: { app: 'x' } };

export const core = (kind: string, fields: Readonly<Record<string, unknown>> = {}): Written => ({
  apiVersion: 'v1',
  kind,
  ...fields,
});
export const apps = (kind: string, spec: Readonly<Record<string, unknown>>): Written => ({
  apiVersion: 'apps/v1',
  kind,
  spec: { selector: SELECTOR, template: TEMPLATE, ...spec },
});
export const rbac = (kind: string, fields: Readonly<Record<string, unknown>>): Written => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  ...fields,
});
export const node = (spec: Readonly<Record<string, unknown>>): Written => core('Node', { spec });
export const pod = (spec: Readonly<Record<string, unknown>> = {}, image = 'nginx:1'): Written =>
  core('Pod', { spec: { containers: [{ name: 'c', image }], ...spec } });
export const priority = (name: string, value: number): Written => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
});
export const definition = (
  spec: Readonly<Record<string, unknown>>,
  name = 'widgets.example.com',
): Written => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [version({ type: 'object' })],
    ...spec,
  },
});
export const version = (
  openAPIV3Schema: unknown,
  fields: Readonly<Record<string, unknown>> = {},
): unknown => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema },
  ...fields,
});

/** One or more sound objects of each kind that has rules of its own. */
export const ACCEPTED: readonly Written[] = [
  core('Namespace'),
  core('ConfigMap', { data: { 'a.b': 'c' }, binaryData: { d: 'AAAA' } }),
  core('Secret', { type: 'kubernetes.io/basic-auth', data: { username: 'bWU=' } }),
  core('Service', { spec: { ports: [{ port: 80 }] } }),
  core('Service', { spec: { clusterIP: 'None' } }),
  core('ServiceAccount'),
  core('Event', { metadata: { name: 'x.17a' }, involvedObject: { kind: 'Node', name: 'n' } }),
  node({
    taints: [
      { key: 'a', effect: 'NoSchedule' },
      { key: 'a', effect: 'NoExecute' },
    ],
    podCIDRs: ['10.0.0.0/24', 'fd00::/64'],
  }),
  pod(),
  apps('Deployment', {}),
  apps('ReplicaSet', {}),
  apps('StatefulSet', {
    serviceName: 's',
    volumeClaimTemplates: [{ metadata: { name: 'data' } }],
    template: {
      ...TEMPLATE,
      spec: {
        containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'data', mountPath: '/d' }] }],
      },
    },
  }),
  rbac('Role', {
    metadata: { name: 'system:x' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  rbac('ClusterRole', { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }),
  priority('mine', 1000000000),
  priority('system-node-critical', 2000001000),
  definition({}),
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } },
      },
    },
  },
];
