import { describe, expect, test } from 'vitest';
import { createErrors } from '../stored-form.ts';

type Row = readonly [name: string, fields: Readonly<Record<string, unknown>>, errors: readonly string[]];

const CONTAINER = { name: 'c', image: 'nginx' };

function podErrors(spec: Readonly<Record<string, unknown>>): readonly string[] {
  return createErrors({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [CONTAINER], ...spec } });
}

function containerErrors(
  fields: Readonly<Record<string, unknown>>,
  spec: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  return podErrors({ ...spec, containers: [{ ...CONTAINER, ...fields }] });
}

describe('a pod', () => {
  const rows: readonly Row[] = [
    ['is fine with one container', {}, []],
    ['needs a container', { containers: [] }, ['spec.containers: Required value']],
    [
      'has an image without blanks around it',
      { containers: [{ name: 'c', image: ' nginx' }] },
      ['spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace'],
    ],
    [
      'has no ephemeral containers yet',
      { ephemeralContainers: [{ name: 'e', image: 'busybox' }] },
      ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
    ],
    [
      'names its containers once',
      { initContainers: [CONTAINER] },
      ['spec.initContainers[0].name: Duplicate value: "c"'],
    ],
    [
      'has known policies',
      { restartPolicy: 'Maybe', dnsPolicy: 'Best' },
      [
        'spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
        'spec.dnsPolicy: Unsupported value: "Best": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
      ],
    ],
    [
      'has a deadline of at least a second',
      { activeDeadlineSeconds: 0 },
      ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
    ],
    [
      'says its DNS servers when it wants no others',
      { dnsPolicy: 'None' },
      ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
    ],
    [
      'has at most three DNS servers, by address',
      { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.1', '::1', 'x'] } },
      [
        'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.1","::1","x"]: must not have more than 3 nameservers',
        'spec.dnsConfig.nameservers[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      'gives hosts names by address',
      { hostAliases: [{ ip: 'localhost', hostnames: ['a'] }] },
      [
        'spec.hostAliases[0].ip: Invalid value: "localhost": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      'does not share a process namespace with the node and among its containers at once',
      { hostPID: true, shareProcessNamespace: true },
      [
        'spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
      ],
    ],
    [
      'spreads over a topology in whole steps',
      { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Cry' }] },
      [
        'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
        'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Cry": supported values: "DoNotSchedule", "ScheduleAnyway"',
      ],
    ],
    [
      'needs a topology to be near other pods',
      {
        affinity: {
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 101, podAffinityTerm: { topologyKey: '', labelSelector: {} } },
            ],
          },
        },
      },
      [
        'spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100',
        'spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey: Required value: can not be empty',
      ],
    ],
    [
      'for Windows leaves Linux alone',
      { os: { name: 'windows' }, securityContext: { runAsUser: 1 } },
      ['spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod'],
    ],
    [
      'for Linux leaves Windows alone',
      { os: { name: 'linux' }, securityContext: { windowsOptions: { runAsUserName: 'me' } } },
      ['spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod'],
    ],
    [
      'runs on a known system',
      { os: { name: 'plan9' } },
      ['spec.os.name: Unsupported value: "plan9": supported values: "linux", "windows"'],
    ],
    [
      'waits for gates before it has a node',
      { nodeName: 'n', schedulingGates: [{ name: 'a' }] },
      ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
    ],
    [
      'names a resource claim once and says where it comes from',
      { resourceClaims: [{ name: 'a' }] },
      [
        'spec.resourceClaims[0]: Invalid value: {"Name":"a","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
      ],
    ],
  ];
  test.for(rows)('%s', ([, spec, errors]) => {
    expect(podErrors(spec)).toEqual(errors);
  });
});

describe('an init container', () => {
  test('may have probes and hooks only as a sidecar', () => {
    const probed = { name: 'i', image: 'busybox', livenessProbe: { exec: { command: ['true'] } } };
    expect(podErrors({ initContainers: [{ ...probed, restartPolicy: 'Always' }] })).toEqual([]);
    expect(podErrors({ initContainers: [probed] })).toEqual([
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ]);
  });
});

describe('a container', () => {
  const rows: readonly Row[] = [
    [
      'asks for resources that can be had',
      { resources: { limits: { cpu: '1', 'nvidia.com/gpu': '1.5' }, requests: { 'nvidia.com/gpu': '1.5' } } },
      [
        'spec.containers[0].resources.limits[nvidia.com/gpu]: Invalid value: "1500m": must be an integer',
        'spec.containers[0].resources.requests[nvidia.com/gpu]: Invalid value: "1500m": must be an integer',
      ],
    ],
    [
      'gets all that it requests of a device, or none',
      { resources: { limits: { 'nvidia.com/gpu': '2' }, requests: { 'nvidia.com/gpu': '1' } } },
      [
        'spec.containers[0].resources.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2',
      ],
    ],
    [
      'asks for no less than nothing',
      { resources: { requests: { cpu: '-1' } } },
      ['spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      'takes huge pages in whole pages, with other memory or cpu',
      { resources: { limits: { 'hugepages-2Mi': '3Mi' }, requests: { 'hugepages-2Mi': '3Mi' } } },
      [
        'spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
        'spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
        'spec.containers[0].resources: Forbidden: HugePages require cpu or memory',
      ],
    ],
    [
      'is probed in one way',
      { livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 80 } }, readinessProbe: {} },
      [
        'spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
        'spec.containers[0].readinessProbe: Required value: must specify a handler type',
      ],
    ],
    [
      'lives after one success',
      { livenessProbe: { exec: { command: ['a'] }, successThreshold: 2 } },
      ['spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1'],
    ],
    [
      'sleeps no longer than the pod waits for it',
      { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
      [
        'spec.containers[0].lifecycle.preStop.sleep.seconds: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
      ],
    ],
    [
      'cannot be privileged without privilege escalation',
      { securityContext: { privileged: true, allowPrivilegeEscalation: false } },
      [
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      ],
    ],
    [
      'names its own profile',
      { securityContext: { seccompProfile: { type: 'Localhost' }, appArmorProfile: { type: 'None' } } },
      [
        'spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
        'spec.containers[0].securityContext.appArmorProfile.type: Unsupported value: "None": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
      ],
    ],
    [
      'has variables from one place each',
      {
        env: [
          { name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: '' } } },
          { name: 'C', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a b']" } } },
          { name: 'D', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } },
          { name: 'E', valueFrom: { fieldRef: { fieldPath: "spec.x['a']" } } },
        ],
      },
      [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
        'spec.containers[0].env[1].valueFrom.secretKeyRef.key: Required value',
        expect.stringContaining(
          'spec.containers[0].env[2].valueFrom.fieldRef: Invalid value: "a b": name part must consist of',
        ),
        'spec.containers[0].env[3].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
        "spec.containers[0].env[4].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.x['a']\": error converting fieldPath: field label does not support subscript: spec.x['a']",
      ],
    ],
    [
      'measures cpu in cpus or thousandths',
      { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } } }] },
      [
        'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
      ],
    ],
    [
      'names a port once',
      {
        ports: [
          { name: 'a', containerPort: 1 },
          { name: 'a', containerPort: 2 },
        ],
      },
      ['spec.containers[0].ports[1].name: Duplicate value: "a"'],
    ],
  ];
  test.for(rows)('%s', ([, fields, errors]) => {
    expect(containerErrors(fields)).toEqual(errors);
  });

  test('spreads mounts to the node only when privileged', () => {
    const volumes = [{ name: 'v', hostPath: { path: '/' } }];
    const volumeMounts = [{ name: 'v', mountPath: '/v', mountPropagation: 'Bidirectional' }];
    expect(containerErrors({ volumeMounts, securityContext: { privileged: true } }, { volumes })).toEqual([]);
    expect(containerErrors({ volumeMounts }, { volumes })).toEqual([
      'spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers',
    ]);
  });

  test('mounts below a volume, never above it', () => {
    const volumes = [{ name: 'v', emptyDir: {} }];
    const volumeMounts = [{ name: 'v', mountPath: '/v', subPath: '/a', subPathExpr: '../b' }];
    expect(containerErrors({ volumeMounts }, { volumes })).toEqual([
      'spec.containers[0].volumeMounts.subPath: Invalid value: "/a": must be a relative path',
      'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "../b": subPathExpr and subPath are mutually exclusive',
      'spec.containers[0].volumeMounts.subPathExpr: Invalid value: "../b": must not contain \'..\'',
    ]);
  });

  test('takes as block devices only claims', () => {
    const volumes = [{ name: 'v', emptyDir: {} }];
    expect(containerErrors({ volumeDevices: [{ name: 'v', devicePath: '/dev/x' }] }, { volumes })).toEqual([
      'spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
    ]);
  });
});
