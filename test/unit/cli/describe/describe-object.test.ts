import { expect, test } from 'vitest';
import type { DaemonSet } from '../../../../src/api/apps.ts';
import type { Event, Pod } from '../../../../src/api/core.ts';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { describeObject } from '../../../../src/cli/describe/describe-object.ts';
import { memoryClient } from '../../../support/memory-client.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString().replace('.000', '');

const daemonSet: DaemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {
    name: 'node-agent',
    namespace: 'default',
    uid: 'u1',
    labels: { team: 'infra' },
    annotations: {
      'deprecated.daemonset.template.generation': '2',
      'kubernetes.io/change-cause': 'image bump',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    },
  },
  spec: {
    selector: { matchLabels: { app: 'x' } },
    template: {
      metadata: {
        labels: { app: 'x' },
        annotations: { 'kubectl.kubernetes.io/restartedAt': '2024-01-01T00:00:00Z' },
      },
      spec: {
        serviceAccountName: 'agent',
        priorityClassName: 'system-node-critical',
        nodeSelector: { disk: 'ssd' },
        tolerations: [
          { operator: 'Exists' },
          { key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 },
          { key: 'dedicated', value: 'user1', effect: 'NoSchedule' },
        ],
        initContainers: [{ name: 'init', image: 'busybox:1', command: ['sh', '-c', 'true'] }],
        containers: [
          {
            name: 'agent',
            image: 'agent:2',
            args: ['--v=2'],
            ports: [{ name: 'm', containerPort: 9376, hostPort: 9376, protocol: 'TCP' }],
            resources: { limits: { memory: '64Mi', cpu: '100m' }, requests: { cpu: '50m' } },
            readinessProbe: {
              httpGet: { path: '/ready', port: 9376, scheme: 'HTTP' },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
            env: [
              { name: 'VERSION', value: '2' },
              { name: 'NODE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
            ],
            volumeMounts: [{ name: 'log', mountPath: '/var/log', readOnly: true }],
          },
          { name: 'side', image: 'side:1' },
        ],
        volumes: [{ name: 'log', hostPath: { path: '/var/log', type: '' } }],
      },
    },
  },
  status: {
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    updatedNumberScheduled: 2,
    numberAvailable: 2,
    numberMisscheduled: 1,
    numberReady: 2,
  },
};

const pod = (name: string, phase: string, uid = 'u1'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    labels: { app: 'x' },
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'node-agent', uid, controller: true },
    ],
  },
  spec: { containers: [{ name: 'c', image: 'i' }] },
  status: { phase },
});

const event = (name: string, more: Partial<Event>): Event => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'default' },
  involvedObject: { kind: 'DaemonSet', name: 'node-agent', namespace: 'default', uid: 'u1' },
  type: 'Normal',
  source: { component: 'daemonset-controller' },
  firstTimestamp: ago(65),
  lastTimestamp: ago(65),
  count: 1,
  ...more,
});

test('a DaemonSet with everything is described as upstream describes it', async () => {
  const { client } = memoryClient();
  const pods = [pod('a', 'Running'), pod('b', 'Pending'), pod('c', 'Failed'), pod('d', 'Running', 'other')];
  for (const one of pods) {
    const kind = { group: '', version: 'v1', kind: 'Pod' };
    const key = { namespace: 'default', name: one.metadata.name ?? '' };
    await client.commit([{ verb: 'create', kind, namespace: 'default', object: one }]);
    await client.commit([{ verb: 'update', kind, key, object: one, subresource: 'status' }]);
  }
  const events = [
    event('node-agent.2', {
      type: 'Warning',
      reason: 'FailedDaemonPod',
      message: 'Found failed daemon pod default/p on node n, will try to kill it',
      lastTimestamp: ago(5),
      count: 3,
    }),
    event('node-agent.1', { reason: 'SuccessfulCreate', message: 'Created pod: node-agent-abcde' }),
  ];
  await client.commit(
    events.map((object) => ({
      verb: 'create',
      kind: { group: '', version: 'v1', kind: 'Event' },
      namespace: 'default',
      object,
    })),
  );
  expect(await describeObject(client, daemonSet, { now: NOW, showEvents: true })).toBe(
    `Name:           node-agent
Namespace:      default
Selector:       app=x
Node-Selector:  disk=ssd
Labels:         team=infra
Annotations:    deprecated.daemonset.template.generation: 2
                kubernetes.io/change-cause: image bump
Desired Number of Nodes Scheduled: 3
Current Number of Nodes Scheduled: 3
Number of Nodes Scheduled with Up-to-date Pods: 2
Number of Nodes Scheduled with Available Pods: 2
Number of Nodes Misscheduled: 1
Pods Status:  1 Running / 1 Waiting / 0 Succeeded / 1 Failed
Pod Template:
  Labels:           app=x
  Annotations:      kubectl.kubernetes.io/restartedAt: 2024-01-01T00:00:00Z
  Service Account:  agent
  Init Containers:
   init:
    Image:      busybox:1
    Port:       <none>
    Host Port:  <none>
    Command:
      sh
      -c
      true
    Environment:  <none>
    Mounts:       <none>
  Containers:
   agent:
    Image:      agent:2
    Port:       9376/TCP (m)
    Host Port:  9376/TCP (m)
    Args:
      --v=2
    Limits:
      cpu:     100m
      memory:  64Mi
    Requests:
      cpu:      50m
    Readiness:  http-get http://:9376/ready delay=0s timeout=1s period=10s successThreshold=1 failureThreshold=3
    Environment:
      VERSION:  2
      NODE:      (v1:spec.nodeName)
    Mounts:
      /var/log from log (ro)
   side:
    Image:        side:1
    Port:         <none>
    Host Port:    <none>
    Environment:  <none>
    Mounts:       <none>
  Volumes:
   log:
    Type:               HostPath (bare host directory volume)
    Path:               /var/log
    HostPathType:       
  Priority Class Name:  system-node-critical
  Node-Selectors:       disk=ssd
  Tolerations:          op=Exists
                        dedicated=user1:NoSchedule
                        k:NoExecute op=Exists for 30s
Events:
  Type     Reason            Age               From                  Message
  ----     ------            ----              ----                  -------
  Normal   SuccessfulCreate  65s               daemonset-controller  Created pod: node-agent-abcde
  Warning  FailedDaemonPod   5s (x3 over 65s)  daemonset-controller  Found failed daemon pod default/p on node n, will try to kill it
`,
  );
});

/** The description without events of an object that no store needs to know. */
const described = (object: KubeObject & { readonly [field: string]: unknown }): Promise<string> =>
  describeObject(memoryClient().client, object, { now: NOW, showEvents: false });

test('a pod that ends says how long it has been ending, and how its containers ended', async () => {
  const text = await described({
    ...pod('p', 'Running'),
    metadata: {
      name: 'p',
      namespace: 'default',
      deletionTimestamp: ago(7),
      deletionGracePeriodSeconds: 30,
      labels: { app: 'x' },
    },
    spec: {
      nodeName: 'n',
      priority: 0,
      containers: [
        {
          name: 'c',
          image: 'i',
          env: [
            { name: 'NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
            { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
            { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          ],
        },
      ],
    },
    status: {
      phase: 'Running',
      hostIP: '10.0.0.1',
      containerStatuses: [
        {
          name: 'c',
          image: 'i',
          imageID: '',
          ready: false,
          restartCount: 2,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: {
            terminated: { exitCode: 1, reason: 'Error', startedAt: ago(90), finishedAt: ago(80) },
          },
        },
      ],
      conditions: [{ type: 'Ready', status: 'False' }],
    },
  });
  expect(text).toBe(`Name:                      p
Namespace:                 default
Priority:                  0
Node:                      n/10.0.0.1
Labels:                    app=x
Annotations:               <none>
Status:                    Terminating (lasts 7s)
Termination Grace Period:  30s
IP:                        
IPs:                       <none>
Containers:
  c:
    Container ID:   
    Image:          i
    Image ID:       
    Port:           <none>
    Host Port:      <none>
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Exit Code:    1
      Started:      Wed, 31 Dec 2025 23:58:30 +0000
      Finished:     Wed, 31 Dec 2025 23:58:40 +0000
    Ready:          False
    Restart Count:  2
    Environment:
      NAME:  p (v1:metadata.name)
      APP:   x (v1:metadata.labels['app'])
      CPU:   node allocatable (limits.cpu)
    Mounts:  <none>
Conditions:
  Type           Status
  Ready          False 
Volumes:         <none>
Node-Selectors:  <none>
Tolerations:     <none>
`);
});

test('an object of any kind is described by its fields', async () => {
  const text = await described({
    apiVersion: 'example.test/v1',
    kind: 'Agent',
    metadata: { name: 'smith', namespace: 'default', uid: 'u', managedFields: [{}] },
    spec: {
      apiURL: 'u',
      emptyMap: {},
      flag: true,
      num: 1.5,
      nothing: null,
      objs: [{ a: 1, bB: { c: 'd' } }, {}],
      someList: ['a', 'b'],
    },
  });
  expect(text).toBe(`Name:         smith
Namespace:    default
Labels:       <none>
Annotations:  <none>
API Version:  example.test/v1
Kind:         Agent
Metadata:
  UID:  u
Spec:
  API URL:  u
  Empty Map:
  Flag:     true
  Nothing:  <nil>
  Num:      1.5
  Objs:
    A:  1
    B B:
      C:  d
  Some List:
    a
    b
`);
});

test('annotations of several lines, and long ones, start below their keys', async () => {
  const long = 'x'.repeat(150);
  const text = await described({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'a', namespace: 'default', annotations: { long, multi: 'one\ntwo\n', short: 'v\n' } },
  });
  const column = ' '.repeat(21);
  expect(text).toBe(`Name:                a
Namespace:           default
Labels:              <none>
Annotations:         long:
${column}  ${'x'.repeat(138)}...
${column}multi:
${column}  one
${column}  two
${column}short: v
Image pull secrets:  <none>
`);
});

test('a secret shows how long its values are, a ConfigMap the values', async () => {
  const metadata = { name: 'a', namespace: 'default' };
  const secret = await described({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: 'Opaque',
    data: { pw: 'aGVsbG8=' },
  });
  expect(secret).toMatch(/\nType: {2}Opaque\n\nData\n====\npw: {2}5 bytes\n$/);
  const configMap = await described({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { b: '2', a: '1' },
    binaryData: { bin: 'AAEC' },
  });
  expect(configMap).toMatch(
    /\n\nData\n====\na:\n----\n1\n\nb:\n----\n2\n\n\nBinaryData\n====\nbin: 3 bytes\n\n$/,
  );
});

test('a role has a row for each resource, with the verbs of all rules about it', async () => {
  const text = await described({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'r' },
    rules: [
      { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['daemonsets'], resourceNames: ['x'], verbs: ['*'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['watch'] },
      { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    ],
  });
  expect(text).toBe(`Name:         r
Labels:       <none>
Annotations:  <none>
PolicyRule:
  Resources        Non-Resource URLs  Resource Names  Verbs
  ---------        -----------------  --------------  -----
  daemonsets.apps  []                 [x]             [*]
  pods             []                 []              [get list watch]
  services         []                 []              [get list]
                   [/healthz]         []              [get]
`);
});
