import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Node, Pod, PodSpec } from '../../../../../src/api/core.ts';
import { fitProblems, fitProblemText } from '../../../../../src/domain/daemonset/explain/fit-problems.ts';
import { unfitReasons } from '../../../../../src/domain/scheduling/fit.ts';
import { taint } from './templates.ts';

const big: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', labels: { disk: 'ssd' } },
  spec: {},
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '3' } },
};
const pod = (name: string, spec: Partial<PodSpec> = {}, metadata: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { containers: [], ...spec },
});
const requesting = (requests: Record<string, string>, hostPort?: number): Partial<PodSpec> => ({
  containers: [
    {
      name: 'c',
      resources: { requests },
      ...(hostPort !== undefined && { ports: [{ containerPort: hostPort, hostPort, protocol: 'TCP' }] }),
    },
  ],
});
const texts = (one: Pod, on: Node, others: readonly Pod[]): readonly string[] =>
  fitProblems(one, on, others).map(fitProblemText);

describe('what keeps a pod off its node', () => {
  test('is told by how much: resources', () => {
    const others = [pod('a', requesting({ cpu: '1500m', memory: '900Mi' }))];
    expect(
      texts(pod('new', requesting({ cpu: '750m', memory: '200M', 'example.test/gpu': '1' })), big, others),
    ).toEqual([
      '250m of cpu is missing: it asks for 750m, and 500m of 2 is free',
      '67Mi of memory is missing: it asks for 191Mi, and 124Mi of 1Gi is free',
      '1 of example.test/gpu is missing: it asks for 1, and 0 of 0 is free',
    ]);
  });

  test('is told by name: the pod that holds a host port', () => {
    const holder = pod('exporter', requesting({}, 9100), { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(texts(pod('new', requesting({}, 9100)), big, [holder])).toEqual([
      'host port 9100/TCP is taken by default/exporter, which is ending',
    ]);
  });

  test('does not count pods that have ended', () => {
    const ended: Pod = { ...pod('a', requesting({ cpu: '2' }, 9100)), status: { phase: 'Failed' } };
    expect(texts(pod('new', requesting({ cpu: '2' }, 9100)), big, [ended])).toEqual([]);
  });

  test('is all told, not only what the first filter says', () => {
    const cordoned = { ...big, spec: { unschedulable: true, taints: [taint('gpu', 'NoExecute')] } };
    const others = ['a', 'b', 'c'].map((name) => pod(name));
    const spec = { nodeName: 'm', nodeSelector: { disk: 'hdd' } };
    expect(texts(pod('new', spec), cordoned, others)).toEqual([
      'the node is cordoned, and the pod does not tolerate that',
      'the pod names node m',
      'the pod does not tolerate taint gpu:NoExecute',
      'the node does not match what the pod requires of it',
      '3 pods run there, and 3 may',
    ]);
  });

  test('is nothing exactly where the scheduler finds nothing', () => {
    const amount = fc.constantFrom('0', '100m', '1', '2', '3');
    const onePod = fc
      .record({
        cpu: amount,
        memory: fc.constantFrom('0', '100Mi', '1Gi'),
        port: fc.constantFrom(undefined, 80, 81),
        tolerates: fc.boolean(),
        selects: fc.constantFrom<Partial<PodSpec>>(
          {},
          { nodeSelector: { disk: 'ssd' } },
          { nodeSelector: { disk: 'x' } },
        ),
      })
      .map(({ cpu, memory, port, tolerates, selects }) =>
        pod('p', {
          ...requesting({ cpu, memory }, port),
          ...selects,
          ...(tolerates && { tolerations: [{ operator: 'Exists' }] }),
        }),
      );
    const oneNode = fc
      .record({
        unschedulable: fc.boolean(),
        effect: fc.constantFrom('', 'NoSchedule', 'NoExecute', 'PreferNoSchedule'),
      })
      .map(({ unschedulable, effect }) => ({
        ...big,
        spec: { unschedulable, ...(effect !== '' && { taints: [taint('k', effect)] }) },
      }));
    fc.assert(
      fc.property(onePod, oneNode, fc.array(onePod, { maxLength: 4 }), (wanted, on, others) => {
        expect(fitProblems(wanted, on, others).length === 0).toBe(
          unfitReasons(wanted, on, others).length === 0,
        );
      }),
      { numRuns: 500 },
    );
  });
});
