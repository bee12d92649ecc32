import { describe, expect, test } from 'vitest';
import type { NodeSelectorTerm, PodSpec, Taint, Toleration } from '../../../../src/api/core.ts';
import {
  addOrUpdateDaemonPodTolerations,
  nodeShouldRunDaemonPod,
} from '../../../../src/domain/daemonset/placement.ts';
import { daemonSet, node, nodes, ON_DELETE, rolling, World } from './world.ts';

const RUN = { shouldRun: true, shouldContinueRunning: true };
const STAY = { shouldRun: false, shouldContinueRunning: true };
const LEAVE = { shouldRun: false, shouldContinueRunning: false };

function terms(...nodeSelectorTerms: readonly NodeSelectorTerm[]): Partial<PodSpec> {
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  };
}
const expression = (key: string, operator: string, ...values: readonly string[]): NodeSelectorTerm => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
});
const field = (operator: string, ...values: readonly string[]): NodeSelectorTerm => ({
  matchFields: [{ key: 'metadata.name', operator, values }],
});
const taint = (key: string, effect: string, value?: string): Taint => ({
  key,
  effect,
  ...(value !== undefined && { value }),
});

const labelled = node('node-0', { labels: { type: 'production', cores: '8' } });

describe('nodeShouldRunDaemonPod', () => {
  test.each<[string, Partial<PodSpec>, typeof RUN]>([
    ['a template without demands runs', {}, RUN],
    [
      'more memory than the node has does not matter',
      { containers: [{ name: 'c', resources: { requests: { memory: '1Ti' } } }] },
      RUN,
    ],
    [
      'a host port does not matter',
      { containers: [{ name: 'c', ports: [{ containerPort: 666, hostPort: 666 }] }] },
      RUN,
    ],
    ["the template's nodeName is this node", { nodeName: 'node-0' }, RUN],
    ["the template's nodeName is another node", { nodeName: 'node-9' }, LEAVE],
    ['nodeSelector matches', { nodeSelector: { type: 'production' } }, RUN],
    ['nodeSelector wants another value', { nodeSelector: { type: 'test' } }, LEAVE],
    [
      'nodeSelector wants a label that is missing',
      { nodeSelector: { type: 'production', disk: 'ssd' } },
      LEAVE,
    ],
    ['In lists the value', terms(expression('type', 'In', 'test', 'production')), RUN],
    ['In does not list the value', terms(expression('type', 'In', 'test')), LEAVE],
    ['In wants a label that is missing', terms(expression('disk', 'In', 'ssd')), LEAVE],
    ['NotIn lists the value', terms(expression('type', 'NotIn', 'production')), LEAVE],
    ['NotIn accepts a missing label', terms(expression('disk', 'NotIn', 'ssd')), RUN],
    ['Exists finds the label', terms(expression('type', 'Exists')), RUN],
    ['Exists misses the label', terms(expression('disk', 'Exists')), LEAVE],
    ['DoesNotExist is content', terms(expression('disk', 'DoesNotExist')), RUN],
    ['DoesNotExist is not', terms(expression('type', 'DoesNotExist')), LEAVE],
    ['Gt is strict', terms(expression('cores', 'Gt', '8')), LEAVE],
    ['Gt compares numbers', terms(expression('cores', 'Gt', '7')), RUN],
    ['Lt compares numbers, not texts', terms(expression('cores', 'Lt', '16')), RUN],
    ['Gt on a word is false', terms(expression('type', 'Gt', '1')), LEAVE],
    ['Gt with two operands cannot be read', terms(expression('cores', 'Gt', '1', '2')), LEAVE],
    ['In without values cannot be read', terms(expression('type', 'In')), LEAVE],
    ['an unknown operator cannot be read', terms(expression('type', 'Near', 'x')), LEAVE],
    ['matchFields In this node', terms(field('In', 'node-0')), RUN],
    ['matchFields In another node', terms(field('In', 'node-1')), LEAVE],
    ['matchFields NotIn another node', terms(field('NotIn', 'node-1')), RUN],
    ['matchFields with two values cannot be read', terms(field('In', 'node-0', 'node-1')), LEAVE],
    ['terms are alternatives', terms(expression('type', 'In', 'test'), field('In', 'node-0')), RUN],
    [
      'one term holds as a whole',
      terms({ ...expression('type', 'In', 'test'), ...field('In', 'node-0') }),
      LEAVE,
    ],
    ['an empty term matches nothing', terms({}), LEAVE],
    ['an empty term does not spoil the others', terms({}, expression('type', 'Exists')), RUN],
    ['no terms at all match nothing', terms(), LEAVE],
    [
      'nodeSelector and terms must both hold',
      { nodeSelector: { type: 'test' }, ...terms(expression('type', 'Exists')) },
      LEAVE,
    ],
  ])('%s', (_name, pod, expected) => {
    expect(nodeShouldRunDaemonPod(labelled, daemonSet({}, pod))).toEqual(expected);
  });

  test.each<[string, readonly Taint[], readonly Toleration[], Partial<PodSpec>, typeof RUN]>([
    ['NoSchedule keeps new pods away', [taint('gpu', 'NoSchedule')], [], {}, STAY],
    ['NoExecute drives pods off', [taint('gpu', 'NoExecute')], [], {}, LEAVE],
    ['PreferNoSchedule does not matter', [taint('gpu', 'PreferNoSchedule')], [], {}, RUN],
    ['NoExecute outweighs NoSchedule', [taint('a', 'NoSchedule'), taint('b', 'NoExecute')], [], {}, LEAVE],
    [
      'Equal tolerates the same value',
      [taint('gpu', 'NoSchedule', 'a')],
      [{ key: 'gpu', value: 'a' }],
      {},
      RUN,
    ],
    [
      'Equal does not tolerate another value',
      [taint('gpu', 'NoSchedule', 'a')],
      [{ key: 'gpu', value: 'b' }],
      {},
      STAY,
    ],
    [
      'Exists tolerates every value',
      [taint('gpu', 'NoSchedule', 'a')],
      [{ key: 'gpu', operator: 'Exists' }],
      {},
      RUN,
    ],
    [
      'Exists without key tolerates all',
      [taint('a', 'NoExecute'), taint('b', 'NoSchedule')],
      [{ operator: 'Exists' }],
      {},
      RUN,
    ],
    [
      'the effect must be the same',
      [taint('gpu', 'NoExecute')],
      [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
      {},
      LEAVE,
    ],
    [
      'an unknown operator tolerates nothing',
      [taint('gpu', 'NoSchedule')],
      [{ key: 'gpu', operator: 'Gt' }],
      {},
      STAY,
    ],
    ['not-ready NoExecute is tolerated', [taint('node.kubernetes.io/not-ready', 'NoExecute')], [], {}, RUN],
    [
      'unreachable NoExecute is tolerated',
      [taint('node.kubernetes.io/unreachable', 'NoExecute')],
      [],
      {},
      RUN,
    ],
    [
      'not-ready NoSchedule is not tolerated',
      [taint('node.kubernetes.io/not-ready', 'NoSchedule')],
      [],
      {},
      STAY,
    ],
    ['disk pressure is tolerated', [taint('node.kubernetes.io/disk-pressure', 'NoSchedule')], [], {}, RUN],
    [
      'memory pressure is tolerated',
      [taint('node.kubernetes.io/memory-pressure', 'NoSchedule')],
      [],
      {},
      RUN,
    ],
    ['pid pressure is tolerated', [taint('node.kubernetes.io/pid-pressure', 'NoSchedule')], [], {}, RUN],
    ['a cordoned node is tolerated', [taint('node.kubernetes.io/unschedulable', 'NoSchedule')], [], {}, RUN],
    [
      'no network is not tolerated',
      [taint('node.kubernetes.io/network-unavailable', 'NoSchedule')],
      [],
      {},
      STAY,
    ],
    [
      'no network is tolerated on the host network',
      [taint('node.kubernetes.io/network-unavailable', 'NoSchedule')],
      [],
      { hostNetwork: true },
      RUN,
    ],
  ])('taints: %s', (_name, taints, tolerations, pod, expected) => {
    expect(
      nodeShouldRunDaemonPod(node('node-0', { taints }), daemonSet({}, { tolerations, ...pod })),
    ).toEqual(expected);
  });

  test('unschedulable without a taint does not matter', () => {
    expect(nodeShouldRunDaemonPod({ ...labelled, spec: { unschedulable: true } }, daemonSet())).toEqual(RUN);
  });
});

describe('addOrUpdateDaemonPodTolerations', () => {
  test("appends the automatic ones after the template's own", () => {
    const own = { key: 'gpu', operator: 'Exists' };
    expect(
      addOrUpdateDaemonPodTolerations({ containers: [], tolerations: [own] }).map(({ key }) => key),
    ).toEqual([
      'gpu',
      'node.kubernetes.io/not-ready',
      'node.kubernetes.io/unreachable',
      'node.kubernetes.io/disk-pressure',
      'node.kubernetes.io/memory-pressure',
      'node.kubernetes.io/pid-pressure',
      'node.kubernetes.io/unschedulable',
    ]);
  });

  test('takes tolerationSeconds off an own one for the same taint, in its place', () => {
    const own = {
      key: 'node.kubernetes.io/unreachable',
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 9,
    };
    const tolerations = addOrUpdateDaemonPodTolerations({ containers: [], tolerations: [own] });
    expect(tolerations).toHaveLength(6);
    expect(tolerations[0]).toEqual({ key: own.key, operator: 'Exists', effect: 'NoExecute' });
  });
});

describe.each([ON_DELETE, rolling(1)])('pods are created with strategy $type', (updateStrategy) => {
  const ssd = { labels: { disk: 'ssd' } };
  test.each<[string, Partial<PodSpec>, readonly string[]]>([
    ['on every node', {}, ['node-0', 'node-1', 'node-2', 'node-3']],
    ['on the nodes that nodeSelector picks', { nodeSelector: { disk: 'ssd' } }, ['node-2', 'node-3']],
    ['on no node when nodeSelector picks none', { nodeSelector: { disk: 'tape' } }, []],
    ["on the template's nodeName", { nodeName: 'node-1' }, ['node-1']],
    ["nowhere when the template's nodeName is unknown", { nodeName: 'node-9' }, []],
    [
      'where nodeName and nodeSelector agree',
      { nodeName: 'node-2', nodeSelector: { disk: 'ssd' } },
      ['node-2'],
    ],
    ['nowhere when they do not', { nodeName: 'node-0', nodeSelector: { disk: 'ssd' } }, []],
    ['where the required affinity matches', terms(expression('disk', 'In', 'ssd')), ['node-2', 'node-3']],
  ])('%s', (_name, pod, expected) => {
    const world = new World(daemonSet({ updateStrategy }, pod), [...nodes(2), ...nodes(2, ssd, 2)]);
    const { creates, deletes, events } = world.sync();
    expect({ creates, deletes, events }).toEqual({ creates: expected, deletes: [], events: [] });
    expect(world.pods.map((created) => created.metadata.generateName)).toEqual(
      expected.map(() => 'fluentd-'),
    );
    expect(world.sync().decisions.filter((decision) => decision.do !== 'updateStatus')).toEqual([]);
  });

  test('on no node of an empty cluster', () => {
    expect(new World(daemonSet({ updateStrategy }), []).sync().creates).toEqual([]);
  });
});

test('no more than 250 pods are created in one sync', () => {
  const world = new World(daemonSet(), nodes(600));
  expect(world.rhythm(['', '', '', ''])).toBe('250/0 250/0 100/0 0/0');
});
