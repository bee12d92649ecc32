import { describe, expect, test } from 'vitest';
import { daemonSet, node, nodes, of, readiness, rolling, START, World } from './world.ts';

describe('a sync that does nothing', () => {
  test('an empty selector is answered with an event alone', () => {
    const world = new World(daemonSet({ selector: {} }), nodes(1));
    expect(world.plan()).toEqual([
      {
        do: 'recordEvent',
        type: 'Warning',
        reason: 'SelectingAll',
        message: 'This daemon set is selecting all pods. A non-empty selector is required.',
      },
    ]);
  });

  test('a DaemonSet that is being deleted is left alone, its orphans and its status too', () => {
    const world = new World(daemonSet(), nodes(5));
    const { metadata } = world.daemonSet;
    world.daemonSet = {
      ...world.daemonSet,
      metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    };
    world.addPod('node-0', { meta: { ownerReferences: [] } });
    world.addPod('node-1', { meta: { labels: {} } });
    expect(world.plan()).toEqual([]);
  });

  test('a cluster at rest gets no decisions', () => {
    const world = new World(daemonSet({ updateStrategy: rolling(1), minReadySeconds: 5 }), nodes(3));
    world.sync();
    world.markReady();
    world.now += 5_000;
    world.sync();
    expect(world.plan()).toEqual([]);
  });
});

test('what one sync decides comes in the order in which upstream acts', () => {
  const world = new World(daemonSet({ updateStrategy: rolling(1), minReadySeconds: 9 }), nodes(3));
  world.addPod('node-0', { meta: { ownerReferences: [] }, status: readiness(true, START) });
  world.addPod('node-1', { status: { phase: 'Failed' } });
  world.addPod('node-2', { meta: { labels: {} } });
  expect(world.plan().map((decision) => decision.do)).toEqual([
    'createRevision',
    'releasePod',
    'adoptPod',
    'setBackoff',
    'recordEvent',
    'createPod',
    'deletePod',
    'updateStatus',
    'requeue',
  ]);
});

test('mending nodes comes before the rolling update, which waits for the next sync', () => {
  const world = new World(daemonSet({ updateStrategy: rolling(2) }), nodes(3));
  world.sync();
  world.markReady();
  world.pods = world.pods.slice(1);
  world.setImage('fluentd:2');
  expect(world.rhythm(['R', ''])).toBe('1/0R 0/2');
});

test('every decision says why in words', () => {
  const world = new World(daemonSet({ updateStrategy: rolling(1) }), nodes(3));
  world.sync();
  world.markReady();
  world.sync();
  world.setImage('fluentd:2');
  const [deletion] = of(world.plan(), 'deletePod');
  expect(deletion).toMatchObject({
    nodeName: 'node-0',
    because: 'it is of an old revision, and of the 1 nodes that may be unavailable 0 are',
  });
});

describe('status', () => {
  test('counts nodes, and the kept pod of each', () => {
    const world = new World(daemonSet({ updateStrategy: { type: 'OnDelete' }, minReadySeconds: 10 }), [
      ...nodes(4),
      node('node-4', { taints: [{ key: 'a', effect: 'NoSchedule' }] }),
    ]);
    world.now = START + 60_000;
    const current = { name: 'fluentd', 'controller-revision-hash': 'fluentd1' };
    world.addPod('node-0', { meta: { labels: current }, status: readiness(true, START) });
    world.addPod('node-1', { status: readiness(true, START + 55_000) });
    world.addPod('node-2', { meta: { labels: current }, status: readiness(false) });
    world.addPod('node-4', { status: readiness(true) });
    const { decisions } = world.sync();
    expect(of(decisions, 'updateStatus').map(({ status }) => status)).toEqual([
      {
        currentNumberScheduled: 3,
        numberMisscheduled: 1,
        desiredNumberScheduled: 4,
        numberReady: 2,
        observedGeneration: 1,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
        numberUnavailable: 3,
      },
    ]);
  });

  test('leaves out what is 0, and keeps conditions and the collision count of others', () => {
    const world = new World(daemonSet(), []);
    const kept = { collisionCount: 0, conditions: [{ type: 'X', status: 'True' }] };
    const zeros = {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    };
    world.daemonSet = { ...world.daemonSet, status: { ...zeros, ...kept } };
    world.sync();
    expect(world.daemonSet.status).toEqual({ ...zeros, observedGeneration: 1, ...kept });
  });

  test('is of the old pod while a surge pod is beside it', () => {
    const world = new World(daemonSet({ updateStrategy: rolling(0, 1) }), nodes(1));
    world.sync();
    world.markReady();
    world.now += 1_000;
    world.setImage('fluentd:2');
    world.sync();
    world.sync();
    expect(world.pods).toHaveLength(2);
    expect(world.daemonSet.status).toMatchObject({ currentNumberScheduled: 1, numberReady: 1 });
    expect(world.daemonSet.status).not.toHaveProperty('updatedNumberScheduled');
  });

  test('a ready pod on its way out still counts', () => {
    const world = new World(daemonSet(), nodes(1));
    world.addPod('node-0', { meta: { deletionTimestamp: '2026-01-01T00:00:30Z' }, status: readiness(true) });
    world.sync();
    expect(world.daemonSet.status).toMatchObject({
      currentNumberScheduled: 1,
      numberReady: 1,
      numberAvailable: 1,
    });
  });

  test('is written again when only the generation is new', () => {
    const world = new World(daemonSet(), nodes(1));
    world.sync();
    world.sync();
    expect(of(world.plan(), 'updateStatus')).toEqual([]);
    world.setSpec({ revisionHistoryLimit: 5 });
    expect(of(world.plan(), 'updateStatus').map(({ status }) => status.observedGeneration)).toEqual([2]);
  });
});
