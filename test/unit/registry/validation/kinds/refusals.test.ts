import { describe, expect, test } from 'vitest';
import {
  ACCEPTED,
  apps,
  core,
  definition,
  node,
  pod,
  priority,
  rbac,
  TEMPLATE,
  version,
} from '../sample-manifests.ts';
import { createErrors, statusErrors, updateErrors, type Written } from '../stored-form.ts';

type Refusal = readonly [name: string, manifest: Written, errors: readonly unknown[]];
type Change = readonly [name: string, next: Written, previous: Written, errors: readonly unknown[]];

describe('what is accepted', () => {
  test.for(ACCEPTED.map((manifest) => [manifest.kind, manifest] as const))('%s', ([, manifest]) => {
    expect(createErrors(manifest)).toEqual([]);
  });
});

describe('what is refused', () => {
  const rows: readonly Refusal[] = [
    [
      'a namespace with dots',
      core('Namespace', { metadata: { name: 'a.b' } }),
      ['metadata.name: Invalid value: "a.b": must not contain dots'],
    ],
    [
      'a namespace with an odd finalizer',
      core('Namespace', { spec: { finalizers: ['mine'] } }),
      [
        'spec.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      'a ConfigMap with one key twice, or with no file name',
      core('ConfigMap', { data: { a: '', 'b/c': '' }, binaryData: { a: '' } }),
      [
        'data[a]: Invalid value: "a": duplicate of key present in binaryData',
        expect.stringContaining('data[b/c]: Invalid value: "b/c": a valid config key must consist of'),
      ],
    ],
    [
      'a ConfigMap of more than a mebibyte',
      core('ConfigMap', { data: { a: 'x'.repeat(1024 * 1024 + 1) } }),
      ['[]: Too long: may not be more than 1048576 bytes'],
    ],
    [
      'a Secret without what its type is about',
      core('Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }),
      ['data[tls.key]: Required value'],
    ],
    [
      'a Secret with broken registry logins, unseen',
      core('Secret', { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'e30x' } }),
      [expect.stringContaining('data[.dockerconfigjson]: Invalid value: "<secret contents redacted>"')],
    ],
    ['a Service without ports', core('Service', { spec: {} }), ['spec.ports: Required value']],
    [
      'a Service whose several ports have no names',
      core('Service', { spec: { ports: [{ port: 80 }, { port: 70000 }] } }),
      [
        'spec.ports[0].name: Required value',
        'spec.ports[1].name: Required value',
        'spec.ports[1].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
        'spec.ports[1].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
      ],
    ],
    [
      'an Event in another namespace than its object',
      core('Event', { involvedObject: { kind: 'Pod', name: 'p', namespace: 'other' } }),
      ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
    ],
    [
      'a Node with the same taint twice',
      node({
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', value: 'b', effect: 'NoSchedule' },
        ],
      }),
      [
        'spec.taints[1]: Duplicate value: {"Key":"a","Value":"b","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
      ],
    ],
    [
      'a Node with a taint that does nothing',
      node({ taints: [{ key: 'a' }, { key: 'b', effect: 'Maybe' }] }),
      [
        'spec.taints[0].effect: Required value',
        'spec.taints[1].effect: Unsupported value: "Maybe": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      'a Node whose pods have no network',
      node({ podCIDRs: ['10.0.0.0'] }),
      [
        'spec.podCIDRs[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [
      'a ControllerRevision without data',
      { apiVersion: 'apps/v1', kind: 'ControllerRevision', revision: -1 },
      [
        'data: Required value: data is mandatory',
        'revision: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      'a Deployment that may neither add nor take away pods',
      apps('Deployment', { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: '0%' } } }),
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
    ],
    [
      'a Deployment that selects others',
      apps('Deployment', { selector: { matchLabels: { app: 'y' } } }),
      [
        'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
      ],
    ],
    [
      'a Deployment whose pods end',
      apps('Deployment', { template: { ...TEMPLATE, spec: { ...TEMPLATE.spec, restartPolicy: 'Never' } } }),
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'a StatefulSet that selects everything',
      apps('StatefulSet', { selector: {} }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset'],
    ],
    [
      'a Job that never ends',
      { apiVersion: 'batch/v1', kind: 'Job', spec: { template: TEMPLATE } },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'a Role about URLs',
      rbac('Role', { rules: [{ nonResourceURLs: ['/x'], verbs: [] }] }),
      [
        'rules[0].verbs: Required value: verbs must contain at least one value',
        'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
      ],
    ],
    [
      'a ClusterRoleBinding of a Role, to nobody known',
      rbac('ClusterRoleBinding', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'ServiceAccount', name: 'a' },
          { kind: 'Robot', name: 'b' },
        ],
      }),
      [
        'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
        'subjects[0].namespace: Required value',
        'subjects[1].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
      ],
    ],
    [
      'a priority like the system’s',
      priority('mine', 1000000001),
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    [
      'a priority named like the system’s',
      priority('system-mine', 1),
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    ],
    [
      'a budget of both kinds',
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        spec: { minAvailable: 1, maxUnavailable: '101%' },
      },
      [
        'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"101%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
        'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
      ],
    ],
    [
      'a lease for no time',
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec: { leaseDurationSeconds: 0 } },
      ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
    ],
    [
      'a definition under another name',
      definition({}, 'x.example.com'),
      ['metadata.name: Invalid value: "x.example.com": must be spec.names.plural+"."+spec.group'],
    ],
    [
      'a definition whose schema does not say what things are',
      definition({
        versions: [
          version({
            type: 'object',
            properties: { spec: { properties: { a: { type: 'array', items: {} } } } },
          }),
        ],
      }),
      [
        'spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
        'spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[a].items.type: Required value: must not be empty for specified array items',
      ],
    ],
    [
      'a definition that stores nothing',
      definition({ versions: [version({ type: 'object' }, { storage: false })] }),
      [
        'spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":false}]: must have exactly one version marked as storage version',
      ],
    ],
  ];
  test.for(rows)('%s', ([, manifest, errors]) => {
    expect(createErrors(manifest)).toEqual(errors);
  });
});

describe('what an update may change', () => {
  const rows: readonly Change[] = [
    ['a pod’s image', pod({}, 'nginx:2'), pod(), []],
    ['a pod’s tolerations, by more', pod({ tolerations: [{ key: 'a', operator: 'Exists' }] }), pod(), []],
    [
      'no toleration that a pod had',
      pod(),
      pod({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    [
      'no number of containers',
      pod({ initContainers: [{ name: 'i', image: 'b' }] }),
      pod(),
      ['spec.initContainers: Forbidden: pod updates may not add or remove initContainers'],
    ],
    [
      'nothing else of a pod',
      pod({ nodeName: 'n' }),
      pod(),
      [
        expect.stringMatching(
          /^spec: Forbidden: pod updates may not change fields other than [^\n]*\nspec\.nodeName$/,
        ),
      ],
    ],
    [
      'no deadline of a pod to a later one',
      pod({ activeDeadlineSeconds: 6 }),
      pod({ activeDeadlineSeconds: 5 }),
      ['spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value'],
    ],
    ['a node’s provider, once', node({ providerID: 'a' }), node({}), []],
    [
      'no provider of a node',
      node({ providerID: 'b' }),
      node({ providerID: 'a' }),
      ['spec.providerID: Forbidden: node updates may not change providerID except from "" to valid'],
    ],
    [
      'no network of a node',
      node({ podCIDRs: ['10.0.1.0/24'] }),
      node({ podCIDRs: ['10.0.0.0/24'] }),
      ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    ],
    [
      'no sealed ConfigMap',
      core('ConfigMap', { data: { a: 'c' } }),
      core('ConfigMap', { data: { a: 'b' }, immutable: true }),
      [
        'immutable: Forbidden: field is immutable when `immutable` is set',
        'data: Forbidden: field is immutable when `immutable` is set',
      ],
    ],
    [
      'no type of a Secret',
      core('Secret', { type: 'b' }),
      core('Secret', { type: 'a' }),
      ['type: Invalid value: "b": field is immutable'],
    ],
    [
      'no data of a ControllerRevision',
      { apiVersion: 'apps/v1', kind: 'ControllerRevision', data: { a: 1 }, revision: 2 },
      { apiVersion: 'apps/v1', kind: 'ControllerRevision', data: { a: 2 }, revision: 1 },
      ['data: Invalid value: {"a":1}: field is immutable'],
    ],
    [
      'no role of a binding',
      rbac('RoleBinding', { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'b' } }),
      rbac('RoleBinding', { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' } }),
      [
        'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"b"}: cannot change roleRef',
      ],
    ],
    [
      'no priority',
      priority('a', 2),
      priority('a', 1),
      ['value: Forbidden: may not be changed in an update.'],
    ],
    [
      'no selector of a Deployment',
      apps('Deployment', {
        selector: { matchLabels: { app: 'y' } },
        template: { ...TEMPLATE, metadata: { labels: { app: 'y' } } },
      }),
      apps('Deployment', {}),
      ['spec.selector: Invalid value: {"matchLabels":{"app":"y"}}: field is immutable'],
    ],
    [
      'no service of a StatefulSet',
      apps('StatefulSet', { serviceName: 'b' }),
      apps('StatefulSet', { serviceName: 'a' }),
      [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    ],
    [
      'no scope of a definition',
      definition({ scope: 'Cluster' }),
      definition({}),
      ['spec.scope: Invalid value: "Cluster": field is immutable'],
    ],
  ];
  test.for(rows)('%s', ([, next, previous, errors]) => {
    expect(updateErrors(next, previous)).toEqual(errors);
  });
});

describe('what a status may say', () => {
  const daemonSet = (status: Readonly<Record<string, unknown>>): Written => ({
    ...apps('DaemonSet', {}),
    status,
  });

  test('a DaemonSet counts from 0', () => {
    expect(statusErrors(daemonSet({ numberReady: -1 }), daemonSet({}))).toEqual([
      'status.numberReady: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });

  test('a DaemonSet’s collisions only grow', () => {
    expect(statusErrors(daemonSet({ collisionCount: 1 }), daemonSet({ collisionCount: 1 }))).toEqual([]);
    expect(statusErrors(daemonSet({ collisionCount: 1 }), daemonSet({ collisionCount: 2 }))).toEqual([
      'status.collisionCount: Invalid value: 1: cannot be decremented',
    ]);
  });

  test('a pod has addresses', () => {
    const withIp = (ip: string): Written => ({ ...pod(), status: { podIPs: [{ ip }] } });
    expect(statusErrors(withIp('10.0.0.1'), pod())).toEqual([]);
    expect(statusErrors(withIp('ten'), pod())).toEqual([
      'status.podIPs[0].ip: Invalid value: "ten": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ]);
  });

  test('a node has amounts', () => {
    const status = { capacity: { cpu: '-1', 'example.com/x': '500m' }, allocatable: { cpu: '1' } };
    expect(statusErrors({ ...node({}), status }, node({}))).toEqual([
      'status.capacity[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      'status.capacity[example.com/x]: Invalid value: "500m": must be an integer',
    ]);
  });
});
