import { describe, expect, test } from 'vitest';
import type { KindRef } from '../../../../src/api/meta.ts';
import { POD } from '../../../../src/api/well-known.ts';
import { type Body, bodyOf, creating, pod, workbench } from '../verbs/objects.ts';

const PRIORITY_CLASS: KindRef = { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' };

const priorityClass = (name: string, value: number, more: Body = {}) =>
  creating(PRIORITY_CLASS, bodyOf({ metadata: { name }, value, ...more }), '');

describe('priority', () => {
  test.each<[string, Body, Body]>([
    ['no class', {}, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' }],
    [
      'a system class',
      { priorityClassName: 'system-node-critical' },
      { priorityClassName: 'system-node-critical', priority: 2_000_001_000 },
    ],
    ['a class of its own', { priorityClassName: 'calm' }, { priority: 7, preemptionPolicy: 'Never' }],
    ['the priority that it has anyway', { priorityClassName: 'calm', priority: 7 }, { priority: 7 }],
  ])('of a pod with %s', async (_, spec, expected) => {
    const { written } = workbench();
    await written(priorityClass('calm', 7, { preemptionPolicy: 'Never' }));
    expect(await written(creating(POD, pod('one', spec)))).toMatchObject({ spec: expected });
  });

  test('comes from the lowest global default when a pod names no class', async () => {
    const { written } = workbench();
    await written(priorityClass('high', 9, { globalDefault: true }));
    await written(priorityClass('low', 5, { globalDefault: true }));
    expect(await written(creating(POD, pod('one')))).toMatchObject({
      spec: { priorityClassName: 'low', priority: 5 },
    });
  });

  test.each<[Body, string]>([
    [{ priorityClassName: 'nope' }, 'no PriorityClass with name nope was found'],
    [
      { priority: 3 },
      'the integer value of priority (3) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    [
      { preemptionPolicy: 'Never' },
      'the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name',
    ],
  ])('refuses a pod with %j', async (spec, because) => {
    const { refused } = workbench();
    const error = await refused(creating(POD, pod('one', spec)));
    expect([error.code, error.reason, error.message]).toEqual([
      403,
      'Forbidden',
      `pods "one" is forbidden: ${because}`,
    ]);
  });
});

describe('default tolerations', () => {
  const added = (key: string) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  });
  const own = (toleration: Body) => ({ operator: 'Exists', ...toleration });

  test.each<[string, readonly Body[], readonly Body[]]>([
    ['none', [], [added('not-ready'), added('unreachable')]],
    [
      'its own for one of them',
      [own({ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' })],
      [added('unreachable')],
    ],
    ['one without effect', [own({ key: 'node.kubernetes.io/unreachable' })], [added('not-ready')]],
    [
      'one with another effect',
      [own({ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' })],
      [added('not-ready'), added('unreachable')],
    ],
    ['one for everything', [own({})], []],
  ])('are added to a pod that has %s', async (_, given, expected) => {
    const { written } = workbench();
    const made = await written(creating(POD, pod('one', { tolerations: given })));
    expect(made).toMatchObject({ spec: { tolerations: [...given, ...expected] } });
  });
});
