import { describe, expect, test } from 'vitest';
import { failedScheduling, noNodesAvailable } from '../../../src/agents/scheduler/failed-scheduling.ts';
import { pickCandidate, preemptOn } from '../../../src/agents/scheduler/preemption.ts';
import type { Node, Pod } from '../../../src/api/core.ts';
import { PRIORITY_CLASS_KIND, priorityClass } from '../../sim/support/priority-class.ts';
import { daemonSet, node, nodesOf, world } from '../../sim/support/world.ts';

const small: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'small' },
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10' } },
};

function pod(name: string, cpu: string, priority = 0): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name },
    spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], priority },
  };
}

describe('the text of FailedScheduling', () => {
  test('counts reasons and sorts them as text', () => {
    const reasons = new Map([
      ['a', ['Insufficient cpu', 'Insufficient memory']],
      ['b', ['Insufficient cpu']],
      ['c', ['node(s) had untolerated taint(s)']],
    ]);
    expect(noNodesAvailable(reasons, { count: 10, reason: 'others' })).toBe(
      '0/13 nodes are available: 1 Insufficient memory, 1 node(s) had untolerated taint(s), 10 others, 2 Insufficient cpu.',
    );
  });

  test('ends with what preemption found', () => {
    expect(failedScheduling('0/1 nodes are available: 1 x.', 'no.')).toBe(
      '0/1 nodes are available: 1 x. no new claims to deallocate, preemption: no.',
    );
  });
});

describe('preemption', () => {
  const names = (answer: ReturnType<typeof preemptOn>) =>
    'victims' in answer ? answer.victims.map(({ metadata }) => metadata.name) : answer;
  const full = ['Insufficient cpu'];

  test('spares the more important of the less important pods where it can', () => {
    const others = [pod('low', '1', 1), pod('lower', '1', 0), pod('middle', '2', 5)];
    expect(names(preemptOn(pod('new', '1', 10), small, others, full))).toEqual(['lower']);
    expect(names(preemptOn(pod('new', '2', 10), small, others, full))).toEqual(['low', 'lower']);
  });

  test('finds no victims among pods of equal priority', () => {
    expect(preemptOn(pod('new', '1'), small, [pod('old', '4')], full)).toEqual([
      'No preemption victims found for incoming pod',
    ]);
  });

  test('gives the reason that is left when the victims would not be enough', () => {
    const others = [pod('high', '3', 20), pod('low', '1')];
    expect(preemptOn(pod('new', '2', 10), small, others, full)).toEqual(['Insufficient cpu']);
  });

  test('does not help against taints, nor when the node is too small', () => {
    const unhelpful = ['Preemption is not helpful for scheduling'];
    const others = [pod('low', '1')];
    expect(preemptOn(pod('new', '1', 10), small, others, ['node(s) had untolerated taint(s)'])).toEqual(
      unhelpful,
    );
    expect(preemptOn(pod('new', '5', 10), small, others, full)).toEqual(unhelpful);
  });

  test('picks the node where the least important pods go', () => {
    const candidate = (name: string, ...victims: readonly Pod[]) => ({
      node: { ...small, metadata: { name } },
      victims,
    });
    const picked = pickCandidate([
      candidate('a', pod('x', '1', 5)),
      candidate('b', pod('y', '1', 1), pod('z', '1', 1)),
      candidate('c', pod('w', '1', 1)),
    ]);
    expect(picked?.node.metadata.name).toBe('c');
  });
});

describe('the scheduler in a cluster', () => {
  const bare = (name: string, spec: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      containers: [{ name: 'c', image: 'example.test/app:1', ...('resources' in spec ? spec : {}) }],
      ...spec,
    },
  });

  test('spreads pods that may run anywhere', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), node('worker-2'), node('worker-3'));
    await cluster.settle();
    await cluster.create(...Array.from({ length: 6 }, (_, index) => bare(`app-${index}`)));
    await cluster.settle();
    const nodes = nodesOf(await cluster.pods());
    expect(nodes).toEqual(['worker-1', 'worker-1', 'worker-2', 'worker-2', 'worker-3', 'worker-3']);
  });

  test('says that there are no nodes, and binds when one comes', async () => {
    const cluster = world();
    await cluster.create(bare('app'));
    await cluster.settle();
    expect((await cluster.events()).map(({ message }) => message)).toEqual([
      'no nodes available to schedule pods',
    ]);
    await cluster.create(node('worker-1'));
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['worker-1']);
  });

  test('leaves pods of other schedulers and gated pods alone', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'));
    await cluster.create(
      bare('foreign', { schedulerName: 'mine' }),
      bare('gated', { schedulingGates: [{ name: 'wait' }] }),
    );
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['', '']);
  });

  test('binds no two pods to one host port', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'));
    await cluster.settle();
    const ports = [{ containerPort: 80, hostPort: 80 }];
    const template = (name: string) => daemonSet({ name, container: { ports } });
    await cluster.create(template('one'), template('two'));
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['', 'worker-1']);
    expect(await cluster.events()).toContainEqual(
      expect.objectContaining({
        reason: 'FailedScheduling',
        message:
          "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. " +
          'no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
      }),
    );
  });

  test('makes room for daemon pods of higher priority', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), node('worker-2'));
    await cluster.do({
      verb: 'create',
      kind: PRIORITY_CLASS_KIND,
      namespace: '',
      object: priorityClass('important', 1000),
    });
    await cluster.settle();
    const resources = { requests: { cpu: '3' } };
    await cluster.create(daemonSet({ name: 'low', container: { resources } }));
    await cluster.settle();
    await cluster.create(
      daemonSet({ name: 'high', container: { resources }, template: { priorityClassName: 'important' } }),
    );
    await cluster.settle();
    expect(nodesOf(await cluster.pods('app=high'))).toEqual(['worker-1', 'worker-2']);
    expect(nodesOf(await cluster.pods('app=low'))).toEqual(['', '']);
    expect((await cluster.events()).filter(({ reason }) => reason === 'Preempted')).toHaveLength(2);
  });
});
