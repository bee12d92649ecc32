import { describe, expect, test } from 'vitest';
import type { Pod, PodSpec, PodStatus } from '../../../../../src/api/core.ts';
import type { ObjectMeta } from '../../../../../src/api/meta.ts';
import { podText } from '../../../../../src/domain/daemonset/explain/node-groups.ts';
import {
  type NodeReport,
  type PlacementQuestion,
  placementReport,
} from '../../../../../src/domain/daemonset/explain/placement-report.ts';
import { daemonSet, node, nodes, ON_DELETE, readiness, rolling, START, World } from '../world.ts';
import { taint } from './templates.ts';

/** The report on a world, with what one test changes in the question. */
function report(world: World, more: Partial<PlacementQuestion> = {}) {
  return placementReport({
    daemonSet: world.daemonSet,
    nodes: world.nodes,
    pods: world.pods,
    revisions: world.revisions,
    now: world.now,
    podsOnNode: (name) => world.pods.filter(({ spec }) => spec.nodeName === name),
    newPod: () => undefined,
    ...more,
  });
}

function only({ nodes: [first] }: { readonly nodes: readonly NodeReport[] }): NodeReport {
  if (first === undefined) throw new Error('there is no node');
  return first;
}

const room = { allocatable: { cpu: '1', memory: '1Gi', pods: '10' } };
const roomy = (name: string, taints = [taint('x', 'PreferNoSchedule')]) => ({
  ...node(name, { taints }),
  status: room,
});

describe('a pod on a node', () => {
  type Parts = { meta?: Partial<ObjectMeta>; status?: PodStatus; spec?: Partial<PodSpec> };
  /** The pods of one node, each as its state, its fate and the words of the table. */
  function standing(
    parts: Parts,
    options: { taints?: ReturnType<typeof taint>[]; strategy?: object; old?: boolean } = {},
  ) {
    const world = new World(
      daemonSet({ updateStrategy: options.strategy ?? rolling(1), minReadySeconds: 10 }),
      [roomy('n', options.taints)],
    );
    world.now = START + 60_000;
    const hash = options.old === true ? 'old' : report(world).daemonSet.revision;
    const labels = { name: 'fluentd', 'controller-revision-hash': hash };
    world.addPod('n', { ...parts, meta: { labels, ...parts.meta } });
    const found = only(report(world));
    const [pod] = found.pods;
    return { state: pod?.state, fate: pod?.fate, text: podText(found) };
  }

  test.each<[string, Parts, Parameters<typeof standing>[1], string, string, string]>([
    ['available', { status: readiness(true) }, {}, 'Available', 'stays', 'available'],
    [
      'ready for too short a time',
      { status: readiness(true, START + 55_000) },
      {},
      'Ready',
      'stays',
      'ready, not yet for minReadySeconds',
    ],
    ['not ready', { status: readiness(false) }, {}, 'NotReady', 'stays', 'not ready'],
    ['starting', { status: { phase: 'Pending' } }, {}, 'Starting', 'stays', 'starting'],
    [
      'of an older template under RollingUpdate',
      { status: readiness(true) },
      { old: true },
      'Available',
      'replaced',
      'available, old template',
    ],
    [
      'of an older template under OnDelete',
      { status: readiness(true) },
      { old: true, strategy: ON_DELETE },
      'Available',
      'stays',
      'available, old template',
    ],
    [
      'behind a NoSchedule taint',
      { status: readiness(true) },
      { taints: [taint('gpu', 'NoSchedule')] },
      'Available',
      'misscheduled',
      'available, keeps running',
    ],
    [
      'behind a NoExecute taint',
      { status: readiness(true) },
      { taints: [taint('gpu', 'NoExecute')] },
      'Available',
      'deleted',
      'available, to be deleted',
    ],
    [
      'failed',
      { status: { phase: 'Failed', reason: 'Evicted' } },
      {},
      'Failed',
      'replaced',
      'failed (Evicted), to be replaced',
    ],
    [
      'on its way out',
      { status: readiness(true), meta: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
      {},
      'Terminating',
      'ending',
      'terminating',
    ],
    [
      'that crashes',
      {
        status: {
          ...readiness(false),
          containerStatuses: [
            {
              name: 'c',
              image: 'i',
              imageID: '',
              ready: false,
              restartCount: 7,
              state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
            },
          ],
        },
      },
      {},
      'NotReady',
      'stays',
      'not ready (CrashLoopBackOff)',
    ],
  ])('%s', (_name, parts, options, state, fate, text) => {
    expect(standing(parts, options)).toEqual({ state, fate, text });
  });

  test('that waits for room is told what is missing', () => {
    const world = new World(daemonSet(), [roomy('n')]);
    const other: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'big', namespace: 'default' },
      spec: { nodeName: 'n', containers: [{ name: 'c', resources: { requests: { cpu: '900m' } } }] },
    };
    const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }];
    world.addPod('', {
      status: { phase: 'Pending' },
      spec: {
        containers: [{ name: 'c', resources: { requests: { cpu: '200m' } } }],
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
      },
    });
    const found = only(report(world, { podsOnNode: () => [other] }));
    expect(found.pods[0]).toMatchObject({
      state: 'Unbound',
      because:
        'it cannot be bound to the node: 100m of cpu is missing: it asks for 200m, and 100m of 1 is free',
    });
    expect(podText(found)).toContain('pending: not enough cpu');
  });
});

describe('a node without a pod', () => {
  test('is told whether a new one would fit', () => {
    const world = new World(daemonSet(), [roomy('n')]);
    const newPod = (nodeName: string): Pod => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `on-${nodeName}` },
      spec: { containers: [{ name: 'c', resources: { requests: { memory: '2Gi' } } }] },
    });
    expect(podText(only(report(world)))).toBe('none yet');
    const found = only(report(world, { newPod }));
    expect(found.newPodObstacles).toEqual([
      {
        kind: 'resource',
        resource: 'memory',
        requested: '2Gi',
        free: '1Gi',
        allocatable: '1Gi',
        shortBy: '1Gi',
      },
    ]);
    expect(podText(found)).toBe('none yet, and it would be pending: not enough memory');
  });
});

describe('notes', () => {
  test('tell of what people take for a reason', () => {
    const down = {
      ...node('n'),
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: '2026-01-01T00:00:00Z' }],
      },
    };
    expect(only(report(new World(daemonSet(), [down]))).notes).toEqual([
      'the node is cordoned, which keeps no daemon pod away',
      'the node is not ready since 2026-01-01T00:00:00Z, which keeps no daemon pod away; a pod there does not count as available',
    ]);
  });

  test('tell what stops the controller altogether', () => {
    const world = new World(daemonSet({ selector: {} }), [node('n')]);
    world.daemonSet = {
      ...world.daemonSet,
      metadata: { ...world.daemonSet.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    };
    expect(report(world, { creationRefused: 'exceeded quota' }).notes).toEqual([
      'it is being deleted: the controller leaves its pods to the garbage collector',
      'its selector is empty, which selects all pods: the controller does nothing for it',
      'no pod of it can be created now: exceeded quota',
    ]);
  });
});

describe('a rolling update that stands still', () => {
  function updating(maxUnavailable: number) {
    const world = new World(daemonSet({ updateStrategy: rolling(maxUnavailable) }), nodes(4));
    world.now = START + 60_000;
    const hash = report(world).daemonSet.revision;
    const labels = (revision: string) => ({ name: 'fluentd', 'controller-revision-hash': revision });
    world.addPod('node-0', { meta: { labels: labels(hash) }, status: readiness(false) });
    for (const name of ['node-1', 'node-2', 'node-3']) {
      world.addPod(name, { meta: { labels: labels('old') }, status: readiness(true) });
    }
    return report(world);
  }

  test('is told which nodes use its budget up', () => {
    expect(updating(1).notes).toEqual([
      'the rolling update waits, with 3 pods of an older template: nodes without an available pod are 1 of 1 allowed by maxUnavailable (node-0)',
    ]);
  });

  test('is not what one that goes on is', () => {
    const found = updating(2);
    expect(found.notes).toEqual([]);
    expect(found.nodes.map(({ pods }) => pods[0]?.because)).toEqual([
      'it is where it should be, of the current template',
      'the controller deletes it at its next sync: it is of an old revision, and of the 2 nodes that may be unavailable 1 are',
      'it is of an older template, and is replaced when its turn comes',
      'it is of an older template, and is replaced when its turn comes',
    ]);
  });
});

describe('groups', () => {
  const selecting = (pod: Partial<PodSpec>) => daemonSet({}, pod);

  test('put nodes together that have the same answer for the same reasons', () => {
    const world = new World(selecting({ nodeSelector: { disk: 'ssd' } }), [
      ...nodes(2, { labels: { disk: 'hdd' } }),
      node('ssd-1', { labels: { disk: 'ssd' } }),
      node('bare-1'),
    ]);
    const { groups = [], summary } = report(world);
    expect(summary).toEqual({ nodes: 4, shouldRun: 1, mayContinue: 0 });
    expect(groups.map(({ shouldRun, why, nodes: names }) => [shouldRun, why, names])).toEqual([
      [true, ['nodeSelector matches'], ['ssd-1']],
      [false, ['nodeSelector wants disk=ssd and the node has disk=hdd'], ['node-0', 'node-1']],
      [false, ['nodeSelector wants disk=ssd and the node has no label disk'], ['bare-1']],
    ]);
    expect(groups.map(({ edits }) => edits?.alternatives[0]?.covers)).toEqual([undefined, 2, 1]);
  });

  test('do not fall apart where every node has a value of its own', () => {
    const each = Array.from({ length: 9 }, (_, index) =>
      node(`n-${index}`, { labels: { id: `i-${index}` } }),
    );
    const { groups = [] } = report(new World(selecting({ nodeSelector: { id: 'x' } }), each));
    expect(groups.map(({ why, nodes: names }) => [why, names.length])).toEqual([
      [['nodeSelector wants id=x'], 9],
    ]);
  });

  test('give way to edits for each node where nodes are asked for by name', () => {
    const found = report(new World(daemonSet(), nodes(3)), { chosen: ['node-1'] });
    expect(found.groups).toBeUndefined();
    expect(found.nodes.map(({ name, edits }) => [name, edits?.runsNow])).toEqual([['node-1', true]]);
    expect(found.counts.desired).toHaveLength(3);
  });
});

describe('a manifest', () => {
  test('is compared with the live object', () => {
    const world = new World(daemonSet({}, { nodeSelector: { disk: 'ssd' } }), [
      node('a', { labels: { disk: 'ssd' } }),
      node('b', { labels: { disk: 'hdd' } }),
    ]);
    const live = daemonSet({}, { nodeSelector: { disk: 'hdd' } });
    const found = report(world, { manifest: { live } });
    expect(found.comparison).toEqual({ gains: ['a'], loses: ['b'] });
    expect(found.nodes.map(({ live: before }) => before?.shouldRun)).toEqual([false, true]);
    expect(found.daemonSet).toMatchObject({ from: 'manifest', exists: true });
  });
});

test('numbers of the status that are out of date are told', () => {
  const world = new World(daemonSet(), nodes(2));
  world.sync();
  world.sync();
  expect(report(world).staleCounts).toEqual({});
  world.nodes = nodes(3);
  expect(report(world).staleCounts).toEqual({ desired: 2, unavailable: 2 });
});
