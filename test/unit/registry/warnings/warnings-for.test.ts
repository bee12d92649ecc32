import { describe, expect, test } from 'vitest';
import { warningsFor } from '../../../../src/registry/warnings/warnings-for.ts';
import { kindOf, stored, type Written } from '../validation/stored-form.ts';

const CONTAINER = { name: 'c', image: 'nginx' };
const NULL_SELECTOR = 'a null labelSelector results in matching no pod';

const pod = (
  spec: Readonly<Record<string, unknown>>,
  metadata: Readonly<Record<string, unknown>> = {},
): Written => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: { containers: [CONTAINER], ...spec },
});

const daemonSet = (template: Readonly<Record<string, unknown>>): Written => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  spec: { template: { spec: { containers: [CONTAINER] }, ...template } },
});

const warn = (manifest: Written, previous?: Written): readonly string[] =>
  warningsFor(kindOf(manifest), stored(manifest), previous === undefined ? undefined : stored(previous));

describe('a pod is warned about', () => {
  const rows: readonly (readonly [string, Written, readonly string[]])[] = [
    ['nothing', pod({}), []],
    [
      'labels of nodes that were renamed',
      pod({
        nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'node-role.kubernetes.io/master', operator: 'Exists' }] },
              ],
            },
          },
        },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            whenUnsatisfiable: 'DoNotSchedule',
            topologyKey: 'failure-domain.beta.kubernetes.io/zone',
          },
        ],
      }),
      [
        'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: node-role.kubernetes.io/master is use "node-role.kubernetes.io/control-plane" instead',
        'spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
        `spec.topologySpreadConstraints[0].labelSelector: ${NULL_SELECTOR}`,
      ],
    ],
    [
      'annotations that do nothing any more',
      pod({}, { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' } }),
      [
        'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      ],
    ],
    [
      'volumes that do nothing any more',
      pod({ volumes: [{ name: 'v', glusterfs: { endpoints: 'e', path: 'p' } }] }),
      ['spec.volumes[0].glusterfs: deprecated in v1.25, non-functional in v1.26+'],
    ],
    [
      'variables that hide others, unless they build on them',
      pod({
        containers: [
          {
            ...CONTAINER,
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
              { name: 'A', value: '$(A):3' },
            ],
          },
        ],
      }),
      ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      'parts of bytes',
      pod({ containers: [{ ...CONTAINER, resources: { requests: { memory: '1m' } } }] }),
      [
        'spec.containers[0].resources.requests[memory]: fractional byte value "1m" is invalid, must be an integer',
      ],
    ],
    [
      'ports that are the same, and names of ports that are',
      pod({
        containers: [
          { ...CONTAINER, ports: [{ name: 'a', containerPort: 80 }] },
          {
            ...CONTAINER,
            name: 'd',
            ports: [
              { name: 'a', containerPort: 80 },
              { containerPort: 80, hostPort: 80 },
            ],
          },
        ],
      }),
      [
        'spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]',
        'spec.containers[1].ports[1]: overlapping port definition with spec.containers[0].ports[0]',
        'spec.containers[1].ports[1]: overlapping port definition with spec.containers[1].ports[0]',
        'spec.containers[1].ports[0]: duplicate port name "a" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]',
      ],
    ],
    [
      'files that hide each other',
      pod({
        volumes: [
          {
            name: 'v',
            configMap: {
              name: 'c',
              items: [
                { key: 'a', path: 'a' },
                { key: 'b', path: 'a/b' },
              ],
            },
          },
        ],
      }),
      ['volume "v" (ConfigMap "c"): overlapping paths: "a/b" with "a"'],
    ],
    [
      'a negative grace period',
      pod({ terminationGracePeriodSeconds: -5 }),
      [
        'spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1.',
      ],
    ],
    [
      'a name that is no host’s',
      pod({}, { name: 'a.b' }),
      [
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      ],
    ],
    [
      'pods that it can never be near',
      pod({
        affinity: {
          podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'a' }] },
        },
      }),
      [
        `spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: ${NULL_SELECTOR}`,
      ],
    ],
  ];
  test.for(rows)('%s', ([, manifest, warnings]) => {
    expect(warn(manifest)).toEqual(warnings);
  });
});

describe('a template', () => {
  const annotations = {
    'container.apparmor.security.beta.kubernetes.io/c': 'unconfined',
    'container.apparmor.security.beta.kubernetes.io/i': 'unconfined',
  };
  const spec = { initContainers: [{ name: 'i', image: 'busybox' }], containers: [CONTAINER] };
  const withAnnotations = daemonSet({ metadata: { annotations }, spec });

  test('is warned about AppArmor annotations in the order of its containers', () => {
    const path = 'spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io';
    expect(warn(withAnnotations)).toEqual([
      `${path}/i]: deprecated since v1.30; use the "appArmorProfile" field instead`,
      `${path}/c]: deprecated since v1.30; use the "appArmorProfile" field instead`,
    ]);
  });

  test('is not warned about again while it stays the same', () => {
    const relabelled = { ...withAnnotations, metadata: { labels: { a: 'b' } } };
    expect(warn(relabelled, withAnnotations)).toEqual([]);
    expect(warn(withAnnotations, daemonSet({}))).toHaveLength(2);
  });
});

describe('other kinds', () => {
  test('a custom resource is warned about finalizers without a domain, once', () => {
    const kind = { group: 'example.com', version: 'v1', kind: 'Widget' };
    const widget = (finalizers: readonly string[]) => ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'x', finalizers },
    });
    const text =
      'metadata.finalizers: "mine": prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers';
    expect(warningsFor(kind, widget(['mine', 'a.b/c', 'orphan']))).toEqual([text]);
    expect(warningsFor(kind, widget(['mine']), widget(['mine']))).toEqual([]);
  });

  test('endpoints are deprecated as a whole', () => {
    expect(warn({ apiVersion: 'v1', kind: 'Endpoints' })).toEqual([
      'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    ]);
  });

  test('a headless service has no sessions', () => {
    expect(
      warn({ apiVersion: 'v1', kind: 'Service', spec: { clusterIP: 'None', sessionAffinity: 'ClientIP' } }),
    ).toEqual(['spec.SessionAffinity is ignored for headless services']);
  });
});
