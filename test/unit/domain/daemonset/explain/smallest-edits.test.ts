import { describe, expect, test } from 'vitest';
import type { DaemonSet } from '../../../../../src/api/apps.ts';
import type { Node, PodSpec } from '../../../../../src/api/core.ts';
import { editReport } from '../../../../../src/domain/daemonset/explain/edit-report.ts';
import { editText } from '../../../../../src/domain/daemonset/explain/edit-text.ts';
import { smallestEdits } from '../../../../../src/domain/daemonset/explain/smallest-edits.ts';
import { daemonSet, node } from '../world.ts';
import { expression, taint, terms } from './templates.ts';

const plain = node('worker-1', { labels: { disk: 'hdd' } });

function texts(ds: DaemonSet, on: Node): readonly string[] {
  return smallestEdits({ daemonSet: ds, node: on }).sets.map((set) =>
    set.map((edit) => editText(edit)).join(' + '),
  );
}

describe('the smallest edits that bring the pod to a node', () => {
  test.each<[string, Partial<PodSpec>, Node, readonly string[]]>([
    ['nodeName names another node', { nodeName: 'x' }, plain, ['remove nodeName from the template']],
    [
      'a label has another value',
      { nodeSelector: { disk: 'ssd' } },
      plain,
      ['label the node disk=ssd instead of disk=hdd', 'remove disk=ssd from the nodeSelector'],
    ],
    [
      'a label that kubelets set is not proposed',
      { nodeSelector: { 'kubernetes.io/os': 'windows' } },
      plain,
      ['remove kubernetes.io/os=windows from the nodeSelector'],
    ],
    [
      'one label serves the nodeSelector and the affinity',
      { nodeSelector: { disk: 'ssd' }, ...terms(expression('disk', 'In', 'ssd', 'nvme')) },
      plain,
      ['label the node disk=ssd instead of disk=hdd'],
    ],
    [
      'an affinity term lists other values',
      terms(expression('disk', 'In', 'ssd')),
      plain,
      [
        'label the node disk=ssd instead of disk=hdd',
        'add "hdd" to disk In [ssd] of affinity term 1',
        'add a term to the required affinity that names node worker-1',
      ],
    ],
    [
      'an affinity term excludes the value',
      terms(expression('disk', 'NotIn', 'hdd', 'tape')),
      plain,
      [
        'remove the label disk=hdd from the node',
        'take "hdd" out of disk NotIn [hdd tape] of affinity term 1',
        'add a term to the required affinity that names node worker-1',
      ],
    ],
    [
      'an affinity term wants more cores',
      terms(expression('cores', 'Gt', '16')),
      plain,
      ['label the node cores=17', 'add a term to the required affinity that names node worker-1'],
    ],
    [
      'no label value is below zero',
      terms(expression('cores', 'Lt', '0')),
      plain,
      ['add a term to the required affinity that names node worker-1'],
    ],
    [
      'a taint is not tolerated',
      {},
      node('n', { taints: [taint('gpu', 'NoSchedule', 'true')] }),
      [
        'add the toleration {key: gpu, operator: Equal, value: "true", effect: NoSchedule}',
        'remove the taint gpu=true:NoSchedule from the node',
      ],
    ],
    [
      'one toleration serves two taints of a key',
      {},
      node('n', { taints: [taint('gpu', 'NoSchedule'), taint('gpu', 'NoExecute', 'x')] }),
      ['add the toleration {key: gpu, operator: Exists}'],
    ],
    [
      'a taint of the control plane goes by itself',
      {},
      node('n', { taints: [taint('node.kubernetes.io/not-ready', 'NoSchedule')] }),
      [
        'wait: the taint node.kubernetes.io/not-ready:NoSchedule goes by itself when the node is ready',
        'add the toleration {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoSchedule}',
      ],
    ],
    [
      'two taints of different keys take two edits',
      {},
      node('n', { taints: [taint('a', 'NoSchedule'), taint('b', 'NoExecute')] }),
      [
        'add the toleration {key: a, operator: Exists, effect: NoSchedule} + add the toleration {key: b, operator: Exists, effect: NoExecute}',
        'add the toleration {key: a, operator: Exists, effect: NoSchedule} + remove the taint b:NoExecute from the node',
        'remove the taint a:NoSchedule from the node + add the toleration {key: b, operator: Exists, effect: NoExecute}',
      ],
    ],
  ])('%s', (_name, pod, on, expected) => {
    expect(texts(daemonSet({}, pod), on)).toEqual(expected);
  });

  test('are an upper bound when there are very many obstacles', () => {
    const nodeSelector = { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1' };
    const { sets, smallest } = smallestEdits({ daemonSet: daemonSet({}, { nodeSelector }), node: plain });
    expect(smallest).toBe(false);
    expect(sets.map((set) => set.length)).toEqual([6]);
  });
});

describe('the smallest edits that keep the pod away', () => {
  test.each<[string, Partial<PodSpec>, Node, readonly string[]]>([
    [
      'a template without demands',
      {},
      plain,
      [
        'rule out node worker-1 in the required affinity',
        'taint the node no-fluentd:NoSchedule, or with any other key that is not tolerated',
      ],
    ],
    [
      'a template that selects a label',
      { nodeSelector: { disk: 'hdd', 'kubernetes.io/os': 'linux' } },
      node('n', { labels: { disk: 'hdd', 'kubernetes.io/os': 'linux' } }),
      [
        'rule out node n in the required affinity',
        'remove the label disk=hdd from the node',
        'taint the node no-fluentd:NoSchedule, or with any other key that is not tolerated',
      ],
    ],
    [
      'a template that tolerates everything',
      { tolerations: [{ operator: 'Exists' }] },
      node('n', { taints: [taint('gpu', 'NoSchedule')] }),
      ['rule out node n in the required affinity', 'remove toleration 1, {operator: Exists}'],
    ],
    [
      'a term that an empty one stands beside',
      terms({}, expression('disk', 'Exists')),
      plain,
      [
        'rule out node worker-1 in the required affinity',
        'remove the label disk=hdd from the node',
        'taint the node no-fluentd:NoSchedule, or with any other key that is not tolerated',
      ],
    ],
  ])('%s', (_name, pod, on, expected) => {
    expect(texts(daemonSet({}, pod), on)).toEqual(expected);
  });
});

describe('a report of edits', () => {
  const ssd = node('ssd-1', { labels: { disk: 'ssd' } });
  const hdds = ['hdd-1', 'hdd-2'].map((name) => node(name, { labels: { disk: 'hdd' } }));
  const tape = node('tape-1', { labels: { disk: 'tape' } });
  const [first, second] = hdds;
  if (first === undefined || second === undefined) throw new Error('there are two');
  const ds = daemonSet(
    {},
    terms({
      matchExpressions: [
        { key: 'disk', operator: 'In', values: ['ssd'] },
        { key: 'disk', operator: 'Exists' },
      ],
    }),
  );
  const question = {
    daemonSet: ds,
    nodes: [first, second],
    allNodes: [ssd, ...hdds, tape],
    patchable: true,
  } as const;

  test('gives what serves all nodes alike, with what it changes elsewhere and the commands', () => {
    const report = editReport(question);
    expect(report).toMatchObject({ runsNow: false, count: 1, smallest: true });
    expect(
      report.alternatives.map(({ edits, covers, alsoChanges }) => [edits[0]?.text, covers, alsoChanges]),
    ).toEqual([
      ['label the nodes disk=ssd', 2, []],
      ['add "hdd" to disk In [ssd] of affinity term 1', 2, []],
      ['remove disk In [ssd] from affinity term 1', 2, ['tape-1']],
    ]);
    expect(report.alternatives.map(({ edits }) => edits[0]?.command)).toEqual([
      'label node hdd-1 hdd-2 disk=ssd --overwrite',
      `patch daemonset fluentd -n logging --type=json -p '[{"op":"add","path":"/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/0/values/-","value":"hdd"}]'`,
      `patch daemonset fluentd -n logging --type=json -p '[{"op":"remove","path":"/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/0"}]'`,
    ]);
  });

  test('names no command for what only a manifest has', () => {
    const { alternatives } = editReport({ ...question, patchable: false });
    expect(alternatives.map(({ edits }) => edits[0]?.command !== undefined)).toEqual([true, false, false]);
  });

  test('quotes what a shell would not read back', () => {
    const odd = node("it's", { labels: {} });
    const { alternatives } = editReport({
      ...question,
      daemonSet: daemonSet({}, { nodeSelector: { disk: 'ssd' } }),
      nodes: [odd],
    });
    expect(alternatives[0]?.edits[0]?.command).toBe("label node 'it'\\''s' disk=ssd");
  });
});
