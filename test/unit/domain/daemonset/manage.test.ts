import { describe, expect, test } from 'vitest';
import { daemonSet, node, nodes, ON_DELETE, of, readiness, rolling, START, World } from './world.ts';

const SECOND = 1_000;
const taint = (effect: string) => [{ key: 'dedicated', value: 'gpu', effect }];
const DELETING = { deletionTimestamp: '2026-01-01T00:00:30Z' };

describe.each([ON_DELETE, rolling(1)])('existing pods with strategy $type', (updateStrategy) => {
  test('nodes without a pod get one, surplus pods go, pods that are no longer selected are released', () => {
    const world = new World(daemonSet({ updateStrategy }), nodes(5));
    world.addPod('node-1');
    for (let count = 0; count < 2; count++) world.addPod('node-2');
    for (let count = 0; count < 5; count++) world.addPod('node-3');
    for (let count = 0; count < 2; count++) world.addPod('node-4', { meta: { labels: { name: 'other' } } });
    const { creates, deletes, decisions } = world.sync();
    expect(creates).toEqual(['node-0', 'node-4']);
    expect(deletes).toEqual(['pod-3', 'pod-5', 'pod-6', 'pod-7', 'pod-8']);
    expect(of(decisions, 'releasePod').map(({ pod }) => pod.metadata.name)).toEqual(['pod-10', 'pod-9']);
    expect(world.podsOn('node-4')).toHaveLength(3);
  });

  test('pods leave nodes that the nodeSelector does not pick', () => {
    const ssd = nodes(2, { labels: { disk: 'ssd' } }, 2);
    const world = new World(daemonSet({ updateStrategy }, { nodeSelector: { disk: 'ssd' } }), [
      ...nodes(2),
      ...ssd,
    ]);
    world.addPod('node-0');
    world.addPod('node-2');
    const { creates, deletes, decisions } = world.sync();
    expect({ creates, deletes }).toEqual({ creates: ['node-3'], deletes: ['pod-1'] });
    expect(of(decisions, 'deletePod').map(({ because }) => because)).toEqual([
      'node node-0 must not run it: nodeSelector wants disk=ssd and the node has no label disk',
    ]);
  });

  test('a pod stays under an untolerated NoSchedule taint and counts as misscheduled', () => {
    const world = new World(daemonSet({ updateStrategy }), [node('node-0', { taints: taint('NoSchedule') })]);
    world.addPod('node-0', { meta: { labels: { name: 'fluentd', 'controller-revision-hash': 'fluentd1' } } });
    const { creates, deletes } = world.sync();
    expect({ creates, deletes }).toEqual({ creates: [], deletes: [] });
    expect(world.daemonSet.status).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 1 });
  });

  test('a pod leaves under an untolerated NoExecute taint', () => {
    const world = new World(daemonSet({ updateStrategy }), [node('node-0', { taints: taint('NoExecute') })]);
    world.addPod('node-0');
    expect(world.sync().deletes).toEqual(['pod-1']);
  });

  test('a node whose pod is being deleted gets no second one', () => {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    world.addPod('node-0', { meta: DELETING });
    const { creates, deletes } = world.sync();
    expect({ creates, deletes }).toEqual({ creates: [], deletes: [] });
  });

  test('a pod that has ended and waits for a finalizer holds up no replacement', () => {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    world.addPod('node-0', { meta: DELETING, status: { phase: 'Failed' } });
    expect(world.sync().creates).toEqual(['node-0']);
  });

  test('an orphan that the selector matches is adopted and counts', () => {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    world.addPod('node-0', {
      meta: { ownerReferences: [], labels: { name: 'fluentd', 'controller-revision-hash': 'fluentd1' } },
    });
    const { creates, decisions } = world.sync();
    expect(creates).toEqual([]);
    expect(of(decisions, 'adoptPod').map(({ pod }) => pod.metadata.name)).toEqual(['pod-1']);
  });

  test.each([
    ['is being deleted', { ...DELETING, ownerReferences: [] }],
    ['has other labels', { labels: { name: 'other' }, ownerReferences: [] }],
    ['lives in another namespace', { namespace: 'default', ownerReferences: [] }],
    [
      'belongs to another controller',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'x', controller: true }] },
    ],
  ])('a pod that %s is none of its business', (_name, meta) => {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    world.addPod('node-0', { meta });
    const { creates, deletes, decisions } = world.sync();
    expect({ creates, deletes }).toEqual({ creates: ['node-0'], deletes: [] });
    expect(of(decisions, 'adoptPod')).toEqual([]);
  });

  test('a pod that waits for a node which is gone is deleted, one that is bound to it is not', () => {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    world.addPod('node-0');
    world.addPod('node-1');
    world.addPod('', {
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-2'] }] },
              ],
            },
          },
        },
      },
    });
    expect(world.sync().deletes).toEqual(['pod-3']);
  });

  test('of several pods on a node the one kept is bound before unbound, then older, then first by name', () => {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    const onNode = {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-0'] }] }],
    };
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: onNode } };
    world.addPod('', {
      spec: { affinity },
      meta: { name: 'unbound', creationTimestamp: '2025-01-01T00:00:00Z' },
    });
    world.addPod('node-0', { meta: { name: 'young', creationTimestamp: '2025-01-03T00:00:00Z' } });
    world.addPod('node-0', { meta: { name: 'twin-b', creationTimestamp: '2025-01-02T00:00:00Z' } });
    world.addPod('node-0', { meta: { name: 'twin-a', creationTimestamp: '2025-01-02T00:00:00Z' } });
    world.sync();
    expect(world.pods.map(({ metadata }) => metadata.name)).toEqual(['twin-a']);
  });
});

describe.each([ON_DELETE, rolling(1)])('pods that end, with strategy $type', (updateStrategy) => {
  const FAILED = {
    meta: { labels: { name: 'fluentd', 'controller-revision-hash': 'fluentd1' } },
    status: { phase: 'Failed' },
  };

  /** One node without a pod; the generation is observed, so that the keys of back-offs stay the same. */
  function observedWorld(): World {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    world.sync();
    world.pods = [];
    return world;
  }

  test.each([
    [0, 1, [0, 0], []],
    [0, 0, [1, 0], []],
    [1, 0, [0, 1], ['FailedDaemonPod']],
    [1, 3, [0, 3], ['FailedDaemonPod']],
  ])('%i failed and %i running', (failed, running, [creates, deletes], events) => {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    for (let count = 0; count < failed; count++) world.addPod('node-0', { status: { phase: 'Failed' } });
    const labels = { name: 'fluentd', 'controller-revision-hash': 'fluentd1' };
    for (let count = 0; count < running; count++) world.addPod('node-0', { meta: { labels } });
    const result = world.sync();
    expect([result.creates.length, result.deletes.length]).toEqual([creates, deletes]);
    expect(result.events).toEqual(events);
  });

  test('a succeeded pod goes at once, with a normal event', () => {
    const world = new World(daemonSet({ updateStrategy }), nodes(1));
    world.addPod('node-0', { status: { phase: 'Succeeded' } });
    const { decisions, deletes } = world.sync();
    expect(deletes).toEqual(['pod-1']);
    expect(of(decisions, 'recordEvent')).toEqual([
      {
        do: 'recordEvent',
        type: 'Normal',
        reason: 'SucceededDaemonPod',
        message: 'Found succeeded daemon pod logging/pod-1 on node node-0, will try to delete it',
      },
    ]);
    expect(of(decisions, 'setBackoff')).toEqual([]);
  });

  test('a pod that fails at once every time is deleted after 0, 1, 2, 4, 8 s, and 15 min at most', () => {
    const world = observedWorld();
    const waits: number[] = [];
    for (let round = 0; round < 13; round++) {
      world.addPod('node-0', FAILED);
      const before = world.now;
      let result = world.sync();
      if (result.deletes.length === 0) {
        const [wait] = of(result.decisions, 'requeue');
        expect(wait).toMatchObject({ wait: 'machinery' });
        world.now += (wait?.afterMs ?? 0) - 1;
        expect(world.sync().deletes).toEqual([]);
        world.now += 1;
        result = world.sync();
      }
      expect(result.deletes).toHaveLength(1);
      waits.push((world.now - before) / SECOND);
    }
    expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  test('an observed change of the spec starts the back-off afresh, and so does half an hour of peace', () => {
    const world = observedWorld();
    const failAndSync = () => {
      world.addPod('node-0', FAILED);
      return world.sync().deletes.length;
    };
    expect([failAndSync(), failAndSync()]).toEqual([1, 0]);
    world.setSpec({ minReadySeconds: 1 });
    world.sync();
    world.pods = [];
    expect([failAndSync(), failAndSync()]).toEqual([1, 0]);
    world.pods = [];
    world.now += 30 * 60 * SECOND + 1;
    expect(failAndSync()).toBe(1);
    expect([...world.backoff.values()].map(({ delayMs }) => delayMs)).toEqual([SECOND, SECOND]);
  });
});

describe('surge', () => {
  const STRATEGY = rolling(0, 1);
  const NEW = { name: 'fluentd', 'controller-revision-hash': 'fluentd1' };
  const at = (seconds: number) => new Date(START + seconds * SECOND).toISOString();

  function settled(count: number): World {
    const world = new World(daemonSet({ updateStrategy: STRATEGY }), nodes(count));
    for (let index = 0; index < count; index++)
      world.addPod(`node-${index}`, { meta: { labels: NEW }, status: readiness(true) });
    return world;
  }

  test('a node whose only pod is being deleted gets a new one at once', () => {
    const world = settled(2);
    world.addPod('node-2', { meta: { ...DELETING, labels: { name: 'fluentd' } }, status: readiness(true) });
    world.nodes = nodes(3);
    expect(world.sync().creates).toEqual(['node-2']);
  });

  test('a node whose failed pod sits out its back-off gets a new one at once', () => {
    const world = new World(daemonSet({ updateStrategy: STRATEGY }), nodes(1));
    world.addPod('node-0', { meta: { labels: NEW }, status: { phase: 'Failed' } });
    world.backoff.set('uid-fluentd/0/node-0', { delayMs: 4_000, lastUpdate: world.now });
    const { creates, deletes, decisions } = world.sync();
    expect({ creates, deletes }).toEqual({ creates: ['node-0'], deletes: [] });
    expect(of(decisions, 'requeue').map(({ afterMs }) => afterMs)).toEqual([4_000]);
  });

  test.each<[string, number, number | undefined, boolean, readonly string[]]>([
    ['keeps the oldest old pod, ready, while the new one is not', 0, undefined, true, ['old-young']],
    ['keeps no old pod that is not ready', 0, undefined, false, ['old', 'old-young']],
    [
      'keeps the old pod while the new one is ready for less than minReadySeconds',
      15,
      5,
      true,
      ['old-young'],
    ],
    ['keeps no old pod when the new one is available', 15, 15, true, ['old', 'old-young']],
  ])('%s', (_name, minReadySeconds, readyForSeconds, oldIsReady, expected) => {
    const world = new World(daemonSet({ updateStrategy: STRATEGY, minReadySeconds }), nodes(1));
    world.now = START + 200 * SECOND;
    const newStatus =
      readyForSeconds === undefined
        ? readiness(false)
        : readiness(true, world.now - readyForSeconds * SECOND);
    world.addPod('node-0', {
      meta: { name: 'new', labels: NEW, creationTimestamp: at(100) },
      status: newStatus,
    });
    world.addPod('node-0', {
      meta: { name: 'old', creationTimestamp: at(50) },
      status: readiness(oldIsReady),
    });
    world.addPod('node-0', {
      meta: { name: 'old-young', creationTimestamp: at(60) },
      status: readiness(true),
    });
    expect([...world.sync().deletes].sort()).toEqual(expected);
  });

  test('keeps the oldest of several new pods', () => {
    const world = new World(daemonSet({ updateStrategy: STRATEGY }), nodes(1));
    world.addPod('node-0', { meta: { name: 'first', labels: NEW, creationTimestamp: at(1) } });
    world.addPod('node-0', { meta: { name: 'second', labels: NEW, creationTimestamp: at(2) } });
    expect(world.sync().deletes).toEqual(['second']);
  });
});
