import { describe, expect, test } from 'vitest';
import type { KubeObject, UnstructuredObject } from '../../../../src/api/meta.ts';
import { tableFor } from '../../../../src/registry/tables/table-for.ts';

const NOW = Date.parse('2026-01-01T01:00:00Z');
const CREATED = '2026-01-01T00:00:00Z';
const container = { name: 'c', image: 'i:1' };
const template = { spec: { containers: [container, { name: 'd', image: 'j:1' }] } };
const selector = { matchLabels: { app: 'x' } };

type Cells = readonly (string | number | boolean)[];

/** Kind as `group/Kind`, the object's fields, and the row that `get -o wide` prints. */
const ROWS: readonly (readonly [string, object, string, Cells])[] = [
  ['/Namespace', { status: { phase: 'Active' } }, 'Name, Status, Age', ['x', 'Active', '60m']],
  ['/ConfigMap', { data: { a: '', b: '' }, binaryData: { c: '' } }, 'Name, Data, Age', ['x', 3, '60m']],
  ['/Secret', { type: 'Opaque', data: { a: '' } }, 'Name, Type, Data, Age', ['x', 'Opaque', 1, '60m']],
  ['/ServiceAccount', { secrets: [{ name: 's' }] }, 'Name, Age', ['x', '60m']],
  ['/LimitRange', {}, 'Name, Created At', ['x', CREATED]],
  [
    '/ResourceQuota',
    { status: { hard: { pods: '4', 'limits.cpu': '2' }, used: { pods: '1', 'limits.cpu': '1' } } },
    'Name, Request, Limit, Age',
    ['x', 'pods: 1/4', 'limits.cpu: 1/2', '60m'],
  ],
  [
    '/Event',
    {
      involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{c}' },
      type: 'Normal',
      reason: 'Pulled',
      message: 'pulled\n',
      source: { component: 'kubelet', host: 'n1' },
      firstTimestamp: CREATED,
      lastTimestamp: '2026-01-01T00:59:00Z',
      count: 3,
    },
    'Last Seen, Type, Reason, Object, Subobject, Source, Message, First Seen, Count, Name',
    ['60s', 'Normal', 'Pulled', 'pod/p', 'spec.containers{c}', 'kubelet, n1', 'pulled', '60m', 3, 'x'],
  ],
  [
    'events.k8s.io/Event',
    {
      regarding: { kind: 'Node', name: 'n' },
      type: 'Warning',
      reason: 'Gone',
      note: 'away',
      reportingController: 'node-controller',
      eventTime: '2026-01-01T00:30:00.000000Z',
      deprecatedFirstTimestamp: null,
      deprecatedLastTimestamp: null,
    },
    'Last Seen, Type, Reason, Object, Subobject, Source, Message, First Seen, Count, Name',
    ['30m', 'Warning', 'Gone', 'node/n', '', 'node-controller', 'away', '30m', 1, 'x'],
  ],
  [
    '/Service',
    {
      spec: {
        type: 'NodePort',
        clusterIP: '10.96.0.1',
        ports: [
          { port: 80, nodePort: 30080, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
        selector: { app: 'x' },
      },
    },
    'Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector',
    ['x', 'NodePort', '10.96.0.1', '<none>', '80:30080/TCP,53/UDP', '60m', 'app=x'],
  ],
  [
    '/Service',
    { spec: { type: 'LoadBalancer', clusterIP: 'None' } },
    'Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector',
    ['x', 'LoadBalancer', 'None', '<pending>', '<none>', '60m', '<none>'],
  ],
  [
    '/Endpoints',
    {
      subsets: [
        { addresses: ['1', '2', '3', '4'].map((n) => ({ ip: `10.0.0.${n}` })), ports: [{ port: 80 }] },
      ],
    },
    'Name, Endpoints, Age',
    ['x', '10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...', '60m'],
  ],
  [
    'discovery.k8s.io/EndpointSlice',
    { addressType: 'IPv4', ports: [{ port: 80 }], endpoints: [{ addresses: ['10.0.0.1'] }] },
    'Name, AddressType, Ports, Endpoints, Age',
    ['x', 'IPv4', '80', '10.0.0.1', '60m'],
  ],
  [
    'apps/Deployment',
    {
      spec: { replicas: 3, selector, template },
      status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 },
    },
    'Name, Ready, Up-to-date, Available, Age, Containers, Images, Selector',
    ['x', '2/3', 1, 2, '60m', 'c,d', 'i:1,j:1', 'app=x'],
  ],
  [
    'apps/ReplicaSet',
    { spec: { replicas: 3, selector, template }, status: { replicas: 2, readyReplicas: 1 } },
    'Name, Desired, Current, Ready, Age, Containers, Images, Selector',
    ['x', 3, 2, 1, '60m', 'c,d', 'i:1,j:1', 'app=x'],
  ],
  [
    '/ReplicationController',
    { spec: { replicas: 1, selector: { app: 'x' }, template } },
    'Name, Desired, Current, Ready, Age, Containers, Images, Selector',
    ['x', 1, 0, 0, '60m', 'c,d', 'i:1,j:1', 'app=x'],
  ],
  [
    'apps/StatefulSet',
    { spec: { replicas: 3, template } },
    'Name, Ready, Age, Containers, Images',
    ['x', '0/3', '60m', 'c,d', 'i:1,j:1'],
  ],
  [
    'batch/Job',
    {
      spec: { completions: 2, parallelism: 2, selector, template },
      status: { succeeded: 1, startTime: '2026-01-01T00:58:00Z' },
    },
    'Name, Status, Completions, Duration, Age, Containers, Images, Selector',
    ['x', 'Running', '1/2', '2m', '60m', 'c,d', 'i:1,j:1', 'app=x'],
  ],
  [
    'batch/CronJob',
    { spec: { schedule: '* * * * *', suspend: false, jobTemplate: { spec: { template } } } },
    'Name, Schedule, Timezone, Suspend, Active, Last Schedule, Age, Containers, Images, Selector',
    ['x', '* * * * *', '<none>', 'False', 0, '<none>', '60m', 'c,d', 'i:1,j:1', '<none>'],
  ],
  [
    '/PersistentVolume',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadOnlyMany', 'ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: 'ns', name: 'pvc' },
        storageClassName: 'fast',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound' },
    },
    'Name, Capacity, Access Modes, Reclaim Policy, Status, Claim, StorageClass, VolumeAttributesClass, Reason, Age, VolumeMode',
    ['x', '1Gi', 'RWO,ROX', 'Retain', 'Bound', 'ns/pvc', 'fast', '<unset>', '', '60m', 'Filesystem'],
  ],
  [
    '/PersistentVolumeClaim',
    { spec: { storageClassName: 'fast' }, status: { phase: 'Pending' } },
    'Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, VolumeMode',
    ['x', 'Pending', '', '', '', 'fast', '<unset>', '60m', '<unset>'],
  ],
  [
    'storage.k8s.io/StorageClass',
    { provisioner: 'p' },
    'Name, Provisioner, ReclaimPolicy, VolumeBindingMode, AllowVolumeExpansion, Age',
    ['x', 'p', 'Delete', 'Immediate', false, '60m'],
  ],
  [
    'networking.k8s.io/Ingress',
    {
      spec: { ingressClassName: 'nginx', tls: [{}], rules: [{ host: 'a' }, { host: 'b' }] },
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
    },
    'Name, Class, Hosts, Address, Ports, Age',
    ['x', 'nginx', 'a,b', '192.0.2.1', '80, 443', '60m'],
  ],
  [
    'networking.k8s.io/NetworkPolicy',
    { spec: { podSelector: {} } },
    'Name, Pod-Selector, Age',
    ['x', '<none>', '60m'],
  ],
  [
    'policy/PodDisruptionBudget',
    { spec: { maxUnavailable: '10%' }, status: { disruptionsAllowed: 2 } },
    'Name, Min Available, Max Unavailable, Allowed Disruptions, Age',
    ['x', 'N/A', '10%', 2, '60m'],
  ],
  [
    'autoscaling/HorizontalPodAutoscaler',
    {
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'web' },
        maxReplicas: 5,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 80 } } }],
      },
    },
    'Name, Reference, Targets, MinPods, MaxPods, Replicas, Age',
    ['x', 'Deployment/web', 'cpu: <unknown>/80%', '<unset>', 5, 0, '60m'],
  ],
  [
    'rbac.authorization.k8s.io/ClusterRoleBinding',
    {
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', namespace: 'ns', name: 's' },
        { kind: 'User', name: 'v' },
      ],
    },
    'Name, Role, Age, Users, Groups, ServiceAccounts',
    ['x', 'ClusterRole/view', '60m', 'u, v', '', 'ns/s'],
  ],
  ['rbac.authorization.k8s.io/Role', {}, 'Name, Created At', ['x', CREATED]],
  ['coordination.k8s.io/Lease', { spec: { holderIdentity: 'me' } }, 'Name, Holder, Age', ['x', 'me', '60m']],
  [
    'scheduling.k8s.io/PriorityClass',
    { value: 1000, preemptionPolicy: 'Never' },
    'Name, Value, Global-Default, Age, PreemptionPolicy',
    ['x', 1000, false, '60m', 'Never'],
  ],
  ['apiextensions.k8s.io/CustomResourceDefinition', {}, 'Name, Created At', ['x', CREATED]],
  [
    'apps/ControllerRevision',
    {
      revision: 2,
      metadata: {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', controller: true }],
      },
    },
    'Name, Controller, Revision, Age',
    ['x', 'daemonset.apps/d', 2, '60m'],
  ],
  [
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    { webhooks: [{}] },
    'Name, Webhooks, Age',
    ['x', 1, '60m'],
  ],
  ['example.test/Unknown', {}, 'Name, Age', ['x', '60m']],
];

describe('tableFor', () => {
  test.each(ROWS)('%s %j', (name, fields, columns, cells) => {
    const [group = '', kind = ''] = name.split('/');
    const { metadata, ...rest } = fields as Partial<KubeObject>;
    const object: UnstructuredObject = {
      apiVersion: 'v1',
      kind,
      ...rest,
      metadata: { name: 'x', creationTimestamp: CREATED, ...metadata },
    };
    const table = tableFor({ group, version: 'v1', kind }, [object], NOW);
    expect(table.columns.map((column) => column.name).join(', ')).toBe(columns);
    expect(table.rows).toEqual([{ cells, object }]);
  });

  test('objects keep their order', () => {
    const named = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } });
    const table = tableFor({ group: '', version: 'v1', kind: 'Secret' }, [named('b'), named('a')], NOW);
    expect(table.rows.map((row) => row.cells[0])).toEqual(['b', 'a']);
  });

  test('an object without a creation time is of unknown age', () => {
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', creationTimestamp: null } };
    expect(tableFor({ group: '', version: 'v1', kind: 'Secret' }, [object], NOW).rows[0]?.cells.at(-1)).toBe(
      '<unknown>',
    );
  });
});
