import { describe, expect, test } from 'vitest';
import type { Node, Pod, PodSpec, Taint } from '../../../../src/api/core.ts';
import { unfitReasons } from '../../../../src/domain/scheduling/fit.ts';

const TOLERATE_ALL = { tolerations: [{ operator: 'Exists' }] };

function node(spec: Node['spec'] = {}, allocatable: Record<string, string> = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', labels: { disk: 'ssd' } },
    spec,
    status: { allocatable: { cpu: '2', memory: '4Gi', pods: '3', ...allocatable } },
  };
}

let made = 0;
function pod(spec: Partial<PodSpec> = {}, phase = 'Running'): Pod {
  made += 1;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${made}`, namespace: 'default' },
    spec: { containers: [{ name: 'c' }], ...spec },
    status: { phase },
  };
}

const requesting = (requests: Record<string, string>): Partial<PodSpec> => ({
  containers: [{ name: 'c', resources: { requests } }],
});
const port = (hostPort: number, hostIP?: string, protocol?: string): Partial<PodSpec> => ({
  containers: [
    {
      name: 'c',
      ports: [
        {
          containerPort: 80,
          hostPort,
          ...(hostIP !== undefined && { hostIP }),
          ...(protocol !== undefined && { protocol }),
        },
      ],
    },
  ],
});
const taint = (effect: string): readonly Taint[] => [{ key: 'gpu', effect }];
const TAINTED = ['node(s) had untolerated taint(s)'];
const MISMATCH = ["node(s) didn't match Pod's node affinity/selector"];
const NO_PORTS = ["node(s) didn't have free ports for the requested pod ports"];

describe('unfitReasons', () => {
  test.each<[string, Node, Partial<PodSpec>, readonly string[]]>([
    ['a plain pod fits a plain node', node(), {}, []],
    ['a cordoned node', node({ unschedulable: true }), {}, ['node(s) were unschedulable']],
    ['a cordoned node is no matter to one who tolerates it', node({ unschedulable: true }), TOLERATE_ALL, []],
    ['another nodeName', node(), { nodeName: 'node-2' }, ["node(s) didn't match the requested node name"]],
    ['NoSchedule', node({ taints: taint('NoSchedule') }), {}, TAINTED],
    ['NoExecute', node({ taints: taint('NoExecute') }), {}, TAINTED],
    ['PreferNoSchedule', node({ taints: taint('PreferNoSchedule') }), {}, []],
    ['a taint that is tolerated', node({ taints: taint('NoSchedule') }), TOLERATE_ALL, []],
    ['nodeSelector', node(), { nodeSelector: { disk: 'hdd' } }, MISMATCH],
    ['too much cpu', node(), requesting({ cpu: '2001m' }), ['Insufficient cpu']],
    ['exactly all cpu', node(), requesting({ cpu: '2' }), []],
    ['too much memory', node(), requesting({ memory: '5G' }), ['Insufficient memory']],
    ['an unknown device', node(), requesting({ 'example.com/gpu': '1' }), ['Insufficient example.com/gpu']],
    ['none of an unknown device', node(), requesting({ 'example.com/gpu': '0' }), []],
    [
      'everything at once',
      node({}, { pods: '0' }),
      requesting({ 'b.io/x': '1', 'a.io/x': '1', memory: '1Ti', cpu: '9', 'ephemeral-storage': '1' }),
      [
        'Too many pods',
        'Insufficient cpu',
        'Insufficient memory',
        'Insufficient ephemeral-storage',
        'Insufficient a.io/x',
        'Insufficient b.io/x',
      ],
    ],
    [
      'the first filter has the say',
      node({ unschedulable: true, taints: taint('NoSchedule') }),
      requesting({ cpu: '9' }),
      ['node(s) were unschedulable'],
    ],
  ])('%s', (_name, onto, spec, expected) => {
    expect(unfitReasons(pod(spec), onto, [])).toEqual(expected);
  });

  test('what pods on the node ask for is taken, unless they have ended', () => {
    const others = [pod(requesting({ cpu: '500m' })), pod(requesting({ cpu: '1' }))];
    expect(unfitReasons(pod(requesting({ cpu: '500m' })), node(), others)).toEqual([]);
    expect(unfitReasons(pod(requesting({ cpu: '501m' })), node(), others)).toEqual(['Insufficient cpu']);
    const ended = others.map(({ spec }) => pod(spec, 'Failed'));
    expect(unfitReasons(pod(requesting({ cpu: '2' })), node(), ended)).toEqual([]);
  });

  test('a node takes as many pods as it says', () => {
    const others = [pod(), pod(), pod({}, 'Succeeded')];
    expect(unfitReasons(pod(), node(), others)).toEqual([]);
    expect(unfitReasons(pod(), node(), [...others, pod()])).toEqual(['Too many pods']);
  });

  test.each<[string, Partial<PodSpec>, Partial<PodSpec>, readonly string[]]>([
    ['the same port', port(80), port(80), NO_PORTS],
    ['another port', port(81), port(80), []],
    ['another protocol', port(80, undefined, 'UDP'), port(80), []],
    ['another address', port(80, '10.0.0.1'), port(80, '10.0.0.2'), []],
    ['one address against all', port(80, '10.0.0.1'), port(80), NO_PORTS],
    ['all against one address', port(80), port(80, '10.0.0.1'), NO_PORTS],
    ['no host port', port(0), port(0), []],
    [
      'the port of a sidecar',
      port(80),
      {
        containers: [],
        initContainers: [{ name: 's', restartPolicy: 'Always', ports: [{ containerPort: 1, hostPort: 80 }] }],
      },
      NO_PORTS,
    ],
    [
      'the port of an init container',
      port(80),
      { containers: [], initContainers: [{ name: 's', ports: [{ containerPort: 1, hostPort: 80 }] }] },
      [],
    ],
  ])('host ports: %s', (_name, wanted, used, expected) => {
    expect(unfitReasons(pod(wanted), node(), [pod(used)])).toEqual(expected);
  });
});
