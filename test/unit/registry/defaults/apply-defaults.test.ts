import { describe, expect, it } from 'vitest';
import type { KindRef, KubeObject } from '../../../../src/api/meta.ts';
import { POD } from '../../../../src/api/well-known.ts';
import { applyDefaults } from '../../../../src/registry/defaults/apply-defaults.ts';
import { builtinResources } from '../../../../src/registry/schema/builtin-resources.ts';
import { decodeObject } from '../../../../src/registry/schema/decode.ts';

type Fields = Readonly<Record<string, unknown>>;

function kindOf(name: string, version?: string): KindRef {
  const row = builtinResources().find(
    ({ kind, version: served }) => kind === name && (version ?? served) === served,
  );
  if (row === undefined) throw new Error(`no kind ${name}`);
  return row;
}

/** The object that a manifest of this kind becomes, read and defaulted. */
function filled(kind: KindRef, manifest: Fields): KubeObject & Fields {
  const { object } = decodeObject(kind, { metadata: { name: 'x' }, ...manifest });
  return applyDefaults<KubeObject>(kind, object) as KubeObject & Fields;
}

const template = { spec: { containers: [{ name: 'c', image: 'nginx:1' }] } };
const filledContainer = {
  name: 'c',
  image: 'nginx:1',
  imagePullPolicy: 'IfNotPresent',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};
const filledPodSpec = {
  containers: [filledContainer],
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};
const filledTemplate = { metadata: {}, spec: filledPodSpec };

describe('defaults of specs', () => {
  it.each<[string, Fields, Fields]>([
    [
      'DaemonSet',
      { selector: {}, template },
      {
        selector: {},
        template: filledTemplate,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        revisionHistoryLimit: 10,
      },
    ],
    [
      'DaemonSet',
      { selector: {}, template, updateStrategy: { type: 'OnDelete' }, revisionHistoryLimit: 0 },
      {
        selector: {},
        template: filledTemplate,
        updateStrategy: { type: 'OnDelete' },
        revisionHistoryLimit: 0,
      },
    ],
    [
      'Deployment',
      { selector: {}, template, strategy: { rollingUpdate: { maxSurge: 2 } } },
      {
        selector: {},
        template: filledTemplate,
        replicas: 1,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: 2 } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
    ],
    [
      'Deployment',
      { selector: {}, template, replicas: 0, strategy: { type: 'Recreate' } },
      {
        selector: {},
        template: filledTemplate,
        replicas: 0,
        strategy: { type: 'Recreate' },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
    ],
    [
      'StatefulSet',
      { selector: {}, template, serviceName: 's' },
      {
        selector: {},
        template: filledTemplate,
        serviceName: 's',
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        revisionHistoryLimit: 10,
      },
    ],
    ['ReplicaSet', { selector: {}, template }, { selector: {}, template: filledTemplate, replicas: 1 }],
    [
      'Job',
      { template },
      {
        template: filledTemplate,
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        podReplacementPolicy: 'TerminatingOrFailed',
      },
    ],
    [
      'CronJob',
      { schedule: '* * * * *', jobTemplate: { spec: { template } } },
      {
        schedule: '* * * * *',
        jobTemplate: { metadata: {}, spec: { template: filledTemplate } },
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      },
    ],
    [
      'Service',
      { ports: [{ port: 80 }, { port: 81, targetPort: 'web', protocol: 'UDP' }] },
      {
        ports: [
          { port: 80, targetPort: 80, protocol: 'TCP' },
          { port: 81, targetPort: 'web', protocol: 'UDP' },
        ],
        sessionAffinity: 'None',
        type: 'ClusterIP',
        internalTrafficPolicy: 'Cluster',
      },
    ],
    [
      'Service',
      { type: 'LoadBalancer', sessionAffinity: 'ClientIP' },
      {
        type: 'LoadBalancer',
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
        externalTrafficPolicy: 'Cluster',
        internalTrafficPolicy: 'Cluster',
        allocateLoadBalancerNodePorts: true,
      },
    ],
    [
      'NetworkPolicy',
      { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] },
      {
        podSelector: {},
        egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }],
        policyTypes: ['Ingress', 'Egress'],
      },
    ],
    [
      'CustomResourceDefinition',
      { group: 'g.io', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions: [] },
      {
        group: 'g.io',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget', singular: 'widget', listKind: 'WidgetList' },
        versions: [],
        conversion: { strategy: 'None' },
      },
    ],
    [
      'LimitRange',
      { limits: [{ type: 'Container', max: { cpu: '2' }, min: { cpu: '1', memory: '1Mi' } }] },
      {
        limits: [
          {
            type: 'Container',
            max: { cpu: '2' },
            min: { cpu: '1', memory: '1Mi' },
            default: { cpu: '2' },
            defaultRequest: { cpu: '2', memory: '1Mi' },
          },
        ],
      },
    ],
  ])('%s %#', (kind, spec, expected) => {
    expect(filled(kindOf(kind), { spec }).spec).toEqual(expected);
  });
});

describe('defaults of whole objects', () => {
  it('give a Namespace its name as a label', () => {
    expect(filled(kindOf('Namespace'), {}).metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'x' });
  });

  it('let a Node allocate all that it has', () => {
    const node = filled(kindOf('Node'), { status: { capacity: { cpu: '4' } } });
    expect(node.status).toMatchObject({ capacity: { cpu: '4' }, allocatable: { cpu: '4' } });
  });

  it('write the stringData of a Secret into its data', () => {
    const secret = filled(kindOf('Secret'), { data: { a: 'YQ==', b: 'Yg==' }, stringData: { b: 'ü' } });
    expect(secret).toMatchObject({ type: 'Opaque', data: { a: 'YQ==', b: 'w7w=' } });
    expect(secret).not.toHaveProperty('stringData');
  });

  it('complete the references of bindings', () => {
    const binding = filled(kindOf('ClusterRoleBinding'), {
      roleRef: { kind: 'ClusterRole', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    });
    expect(binding.roleRef).toEqual({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'r',
    });
    expect(binding.subjects).toEqual([
      { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'u' },
      { kind: 'ServiceAccount', name: 's', namespace: 'n' },
    ]);
  });

  it('give a Job without labels those of its template', () => {
    const labelled = { ...template, metadata: { labels: { app: 'j' } } };
    expect(filled(kindOf('Job'), { spec: { template: labelled } }).metadata.labels).toEqual({ app: 'j' });
  });

  it('differ by version where versions do', () => {
    const spec = { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'd' } };
    expect(filled(kindOf('HorizontalPodAutoscaler', 'v1'), { spec }).spec).toEqual({
      ...spec,
      minReplicas: 1,
    });
    expect(filled(kindOf('HorizontalPodAutoscaler', 'v2'), { spec }).spec).toEqual({
      ...spec,
      minReplicas: 1,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    });
  });

  it('complete webhooks', () => {
    const hook = { name: 'h', clientConfig: { service: { name: 's', namespace: 'n' } }, rules: [{}] };
    const { webhooks } = filled(kindOf('MutatingWebhookConfiguration'), { webhooks: [hook] });
    expect(webhooks).toMatchObject([
      {
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        timeoutSeconds: 10,
        reinvocationPolicy: 'Never',
        clientConfig: { service: { port: 443 } },
        rules: [{ scope: '*' }],
      },
    ]);
  });

  it.each(builtinResources().map((row) => [row.kind, row] as const))(
    'change nothing twice: %s',
    (_name, kind) => {
      const once = filled(kind, {});
      expect(applyDefaults(kind, once)).toEqual(once);
    },
  );
});

describe('defaults of pods', () => {
  const podSpec = (spec: Fields): Fields => filled(POD, { spec }).spec as Fields;
  const container = { name: 'c', image: 'nginx:1' };

  it('enable service links, which templates do not', () => {
    expect(podSpec({ containers: [container] })).toEqual({ ...filledPodSpec, enableServiceLinks: true });
  });

  it('ask for what is limited, where nothing is asked for', () => {
    const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } };
    expect(podSpec({ containers: [{ ...container, resources }] }).containers).toMatchObject([
      { resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '1Gi' } } },
    ]);
  });

  it('take host ports on the host network', () => {
    const spec = podSpec({
      hostNetwork: true,
      containers: [{ ...container, ports: [{ containerPort: 80 }] }],
    });
    expect(spec.containers).toMatchObject([
      { ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] },
    ]);
  });

  it('name the service account twice', () => {
    const both = { serviceAccountName: 'a', serviceAccount: 'a' };
    expect(podSpec({ containers: [container], serviceAccount: 'a' })).toMatchObject(both);
    expect(podSpec({ containers: [container], serviceAccountName: 'a', serviceAccount: 'b' })).toMatchObject(
      both,
    );
  });

  it('round resources up to thousandths', () => {
    const resources = { requests: { cpu: '100u', memory: '0.5' } };
    expect(podSpec({ containers: [{ ...container, resources }] }).containers).toMatchObject([
      { resources: { requests: { cpu: '1m', memory: '500m' } } },
    ]);
  });

  it('fill volumes by their source', () => {
    const sources = [
      {},
      { hostPath: { path: '/' } },
      { secret: { secretName: 's' } },
      { projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
      { iscsi: { targetPortal: 'p', iqn: 'i', lun: 1 } },
    ];
    const volumes = sources.map((source, index) => ({ name: `v${index}`, ...source }));
    expect(podSpec({ containers: [container], volumes }).volumes).toEqual([
      { name: 'v0', emptyDir: {} },
      { name: 'v1', hostPath: { path: '/', type: '' } },
      { name: 'v2', secret: { secretName: 's', defaultMode: 420 } },
      {
        name: 'v3',
        projected: {
          defaultMode: 420,
          sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }],
        },
      },
      { name: 'v4', iscsi: { targetPortal: 'p', iqn: 'i', lun: 1, iscsiInterface: 'default' } },
    ]);
  });

  it('ask as a whole for what the containers ask for together, else for the limits of the whole', () => {
    const asking = (cpu: string) => ({ ...container, resources: { requests: { cpu } } });
    const spec = podSpec({
      initContainers: [{ ...asking('1'), restartPolicy: 'Always' }, asking('3')],
      containers: [asking('500m'), asking('700m')],
      resources: { limits: { cpu: '8', memory: '1Gi' } },
    });
    expect(spec.resources).toEqual({
      limits: { cpu: '8', memory: '1Gi' },
      requests: { cpu: '4', memory: '1Gi' },
    });
  });

  it('give back the very object that has them all', () => {
    const once = filled(POD, { spec: { containers: [{ ...container, ports: [{ containerPort: 80 }] }] } });
    expect(applyDefaults<KubeObject>(POD, once)).toBe(once);
  });
});
