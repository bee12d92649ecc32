import { describe, expect, test } from 'vitest';
import type { PodSpec } from '../../../../../src/api/core.ts';
import { ruleText } from '../../../../../src/domain/daemonset/explain/rule-text.ts';
import { rulesFor } from '../../../../../src/domain/daemonset/explain/rules.ts';
import {
  describeObstacles,
  explainPlacement,
} from '../../../../../src/domain/daemonset/explain-placement.ts';
import { daemonSet, node } from '../world.ts';
import { expression, taint, terms } from './templates.ts';

const gpuNode = node('gpu-1', { labels: { disk: 'hdd', zone: 'a' } });

/** `yes` or `no` with the words, for each rule. */
function said(pod: Partial<PodSpec>, on = gpuNode): readonly string[] {
  return rulesFor(daemonSet({}, pod), on).map(
    (rule) => `${rule.verdict === 'allows' ? 'yes' : 'no'}: ${ruleText(rule, { full: true })}`,
  );
}

describe('the rules of a placement', () => {
  test('are all looked at, in the order in which they count', () => {
    const tainted = node('node-0', {
      labels: { disk: 'hdd' },
      taints: [
        taint('gpu', 'NoSchedule', 'a'),
        taint('own', 'NoSchedule'),
        taint('node.kubernetes.io/unschedulable', 'NoSchedule'),
        taint('old', 'PreferNoSchedule'),
        taint('evil', 'NoExecute'),
      ],
    });
    const ds = daemonSet(
      {},
      {
        nodeName: 'node-0',
        nodeSelector: { disk: 'ssd', zone: 'b' },
        tolerations: [{ key: 'own', operator: 'Exists' }],
        ...terms({}),
      },
    );
    const { rules, ...placement } = explainPlacement(ds, tainted);
    expect(placement).toEqual({ shouldRun: false, shouldContinueRunning: false });
    expect(rules.map((rule) => [rule.verdict, ruleText(rule)])).toEqual([
      ['allows', 'the template names this node'],
      ['evicts', 'nodeSelector wants disk=ssd and the node has disk=hdd'],
      ['evicts', 'nodeSelector wants zone=b and the node has no label zone'],
      ['evicts', 'no term of the required node affinity matches'],
      ['blocks', 'taint gpu=a:NoSchedule is not tolerated'],
      ['allows', 'taint own:NoSchedule is tolerated by the template'],
      ['allows', 'taint node.kubernetes.io/unschedulable:NoSchedule is tolerated by every daemon pod'],
      ['allows', 'taint old:PreferNoSchedule is only a preference'],
      ['evicts', 'taint evil:NoExecute is not tolerated'],
    ]);
    expect(describeObstacles(ds, tainted)).toBe(
      'nodeSelector wants disk=ssd and the node has disk=hdd, ' +
        'nodeSelector wants zone=b and the node has no label zone, ' +
        'no term of the required node affinity matches, ' +
        'taint gpu=a:NoSchedule is not tolerated, taint evil:NoExecute is not tolerated',
    );
  });

  test('are none where the template accepts every node and the node has no taints', () => {
    expect(explainPlacement(daemonSet(), node('bare'))).toEqual({
      shouldRun: true,
      shouldContinueRunning: true,
      rules: [],
    });
  });

  test.each<[string, Partial<PodSpec>, string]>([
    ['another node is named', { nodeName: 'cp-1' }, 'no: the template names node cp-1'],
    [
      'an expression fails on the value',
      terms(expression('disk', 'In', 'ssd', 'nvme')),
      'no: required affinity: the only term fails: disk In [ssd nvme] but the node has disk=hdd',
    ],
    [
      'an expression fails on a missing label',
      terms(expression('gpu', 'Exists')),
      'no: required affinity: the only term fails: gpu Exists but the node has no label gpu',
    ],
    [
      'a number is not greater',
      terms(expression('zone', 'Gt', '4')),
      'no: required affinity: the only term fails: zone Gt 4 but the node has zone=a',
    ],
    [
      'a field fails',
      terms({ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['gpu-1'] }] }),
      'no: required affinity: the only term fails: metadata.name NotIn [gpu-1] but the node is gpu-1',
    ],
    [
      'each of several terms fails, and only the expressions that fail are named',
      terms(
        {
          ...expression('zone', 'In', 'a'),
          matchFields: [{ key: 'metadata.name', operator: 'In', values: ['x'] }],
        },
        expression('disk', 'In', 'ssd'),
      ),
      'no: required affinity: term 1 of 2 fails: metadata.name In [x] but the node is gpu-1; term 2 of 2 fails: disk In [ssd] but the node has disk=hdd',
    ],
    [
      'the second term matches',
      terms(expression('disk', 'In', 'ssd'), expression('zone', 'In', 'a')),
      'yes: required affinity: term 2 of 2 matches: zone In [a]',
    ],
    [
      'a term is empty',
      terms({}),
      'no: required affinity: the only term is empty, and an empty term matches no node',
    ],
    [
      'a term cannot be read',
      terms(expression('disk', 'In')),
      'no: required affinity: the only term cannot be read, so it matches no node',
    ],
    ['there are no terms', terms(), 'no: the required node affinity has no terms, and matches no node'],
  ])('are told in full: %s', (_name, pod, expected) => {
    expect(said(pod)).toEqual([expected]);
  });

  test.each<[string, ReturnType<typeof taint>, PodSpec['tolerations'], string]>([
    [
      'which toleration covers a taint',
      taint('gpu', 'NoSchedule', 'a'),
      [
        { key: 'other', operator: 'Exists' },
        { key: 'gpu', operator: 'Equal', value: 'a' },
      ],
      'yes: taint gpu=a:NoSchedule is tolerated by toleration 2 of the template, {key: gpu, operator: Equal, value: "a"}',
    ],
    [
      'that a toleration ends',
      taint('drain', 'NoExecute'),
      [{ key: 'drain', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }],
      'yes: taint drain:NoExecute is tolerated by toleration 1 of the template, {key: drain, operator: Exists, effect: NoExecute, tolerationSeconds: 60}, for 60s only',
    ],
    [
      'which toleration is missing',
      taint('gpu', 'NoSchedule', 'true'),
      [],
      'no: taint gpu=true:NoSchedule is not tolerated; {key: gpu, operator: Equal, value: "true", effect: NoSchedule} would do',
    ],
    [
      'which toleration is missing for a taint without a value',
      taint('gpu', 'NoExecute'),
      undefined,
      'no: taint gpu:NoExecute is not tolerated; {key: gpu, operator: Exists, effect: NoExecute} would do',
    ],
    [
      'that every daemon pod tolerates it',
      taint('node.kubernetes.io/not-ready', 'NoExecute'),
      undefined,
      'yes: taint node.kubernetes.io/not-ready:NoExecute is tolerated by every daemon pod',
    ],
  ])('are told of taints: %s', (_name, one, tolerations, expected) => {
    const pod = tolerations === undefined ? {} : { tolerations };
    expect(said(pod, node('n', { taints: [one] }))).toEqual([expected]);
  });
});
