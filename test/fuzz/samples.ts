import type { Json } from '../../src/api/meta.ts';

/** A DaemonSet with something in most of the places that patches and templates reach into. */
export const DAEMON_SET = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {
    name: 'agent',
    namespace: 'default',
    labels: { app: 'agent', tier: 'node' },
    annotations: { note: 'a "quoted" one' },
  },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
    minReadySeconds: 5,
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'agent:1',
            ports: [{ containerPort: 80, protocol: 'TCP' }],
            env: [{ name: 'A', value: '1' }],
            resources: { requests: { cpu: '100m', memory: '64Mi' } },
          },
          { name: 'side', image: 'side:2' },
        ],
        tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }],
        volumes: [{ name: 'host', hostPath: { path: '/var' } }],
      },
    },
  },
} as const;

/** A list as `get` hands it to templates. */
export const LIST: Json = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    JSON.parse(JSON.stringify(DAEMON_SET)) as Json,
    {
      kind: 'Node',
      metadata: { name: 'n-1' },
      status: { ready: true, load: 0.5, pods: [1, 2, 3], none: null },
    },
    { kind: 'Empty', metadata: { name: '' }, list: [], map: {} },
  ],
};
