import { describe, expect, test } from 'vitest';
import type { Node, Taint } from '../../../src/api/core.ts';
import { conditionTaints } from '../../../src/controllers/node-lifecycle/condition-taints.ts';
import { nodeMetadataPatch } from '../../../src/controllers/node-lifecycle/node-metadata.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const timeAdded = '2026-01-01T00:00:00Z';

function node(
  conditions: Readonly<Record<string, string>>,
  taints: readonly Taint[] = [],
  more: object = {},
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'worker-1' },
    spec: { taints, ...more },
    status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })) },
  };
}

const taint = (name: string, effect = 'NoSchedule'): Taint => ({ key: `node.kubernetes.io/${name}`, effect });
const added = (name: string, effect = 'NoSchedule'): Taint => ({ ...taint(name, effect), timeAdded });
const own: Taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };

describe('the taints of a node', () => {
  test.each<[string, Node, readonly Taint[] | undefined]>([
    ['a healthy node needs none', node({ Ready: 'True' }), undefined],
    ['a healthy node keeps its own', node({ Ready: 'True' }, [own]), undefined],
    ['a new node loses the one of its admission', node({ Ready: 'True' }, [own, taint('not-ready')]), [own]],
    [
      'a node that is not ready gets both effects',
      node({ Ready: 'False' }, [own]),
      [own, added('not-ready'), added('not-ready', 'NoExecute')],
    ],
    [
      'a node that went silent after it was not ready swaps them',
      node({ Ready: 'Unknown' }, [taint('not-ready'), taint('not-ready', 'NoExecute')]),
      [added('unreachable'), added('unreachable', 'NoExecute')],
    ],
    [
      'pressure',
      node({ Ready: 'True', MemoryPressure: 'True', DiskPressure: 'True', PIDPressure: 'True' }),
      [added('memory-pressure'), added('disk-pressure'), added('pid-pressure')],
    ],
    ['no network', node({ Ready: 'True', NetworkUnavailable: 'True' }), [added('network-unavailable')]],
    ['cordoned', node({ Ready: 'True' }, [], { unschedulable: true }), [added('unschedulable')]],
    ['uncordoned', node({ Ready: 'True' }, [taint('unschedulable')]), []],
    [
      'what is there already keeps its time',
      node({ Ready: 'False' }, [added('not-ready'), added('not-ready', 'NoExecute')]),
      undefined,
    ],
    [
      'a taint of the same key and another effect is not the control plane’s',
      node({ Ready: 'True' }, [taint('unschedulable', 'NoExecute')]),
      undefined,
    ],
  ])('%s', (_name, given, expected) => {
    expect(conditionTaints(given, now)).toEqual(expected);
  });
});

describe('the metadata of a node', () => {
  const labelled = (
    labels: Readonly<Record<string, string>>,
    annotations?: Readonly<Record<string, string>>,
  ): Node => ({
    ...node({}),
    metadata: { name: 'worker-1', labels, ...(annotations === undefined ? {} : { annotations }) },
  });
  const ttl = 'node.alpha.kubernetes.io/ttl';

  test('gets the older names of the labels for system and processor', () => {
    expect(
      nodeMetadataPatch(labelled({ 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' }), 1),
    ).toEqual({
      labels: { 'beta.kubernetes.io/os': 'linux', 'beta.kubernetes.io/arch': 'arm64' },
      annotations: { [ttl]: '0' },
    });
  });

  test('gets a time to live by the size of the cluster, once', () => {
    const seconds = (count: number) => nodeMetadataPatch(labelled({}), count)?.annotations;
    expect([100, 101, 501, 1001, 2001].map(seconds)).toEqual(
      ['0', '15', '30', '60', '300'].map((text) => ({ [ttl]: text })),
    );
    expect(nodeMetadataPatch(labelled({}, { [ttl]: '0' }), 5000)).toBeUndefined();
  });
});
