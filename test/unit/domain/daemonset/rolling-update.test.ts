import { describe, expect, test } from 'vitest';
import type { DaemonSet, IntOrString } from '../../../../src/api/apps.ts';
import { MARK } from '../../../../src/domain/daemonset/node-marks.ts';
import { updatedDesiredNodeCounts } from '../../../../src/domain/daemonset/rolling-update.ts';
import { syncMemoryOf } from '../../../../src/domain/daemonset/sync-memory.ts';
import { daemonSet, node, nodes, ON_DELETE, of, readiness, rolling, World } from './world.ts';

const SECOND = 1_000;

/** A cluster at rest with ready pods of image fluentd:1. */
function atRest(count: number, ds: DaemonSet): World {
  const world = new World(ds, nodes(count));
  world.sync();
  world.markReady();
  world.sync();
  return world;
}

function updated(world: World): number {
  return world.pods.filter(
    ({ spec }) => spec.containers[0]?.image === world.daemonSet.spec.template.spec.containers[0]?.image,
  ).length;
}

describe('without surge', () => {
  test('5 nodes, maxUnavailable 2: two at a time, each batch only after the last is available', () => {
    const world = atRest(5, daemonSet({ updateStrategy: rolling(2) }));
    world.setImage('fluentd:2');
    expect(world.rhythm(['', 'R', '', 'R', '', 'R', ''])).toBe('0/2 2/0R 0/2 2/0R 0/1 1/0R 0/0');
    expect(updated(world)).toBe(5);
  });

  test.each<[IntOrString, string]>([
    ['40%', '0/2'],
    ['41%', '0/3'],
    ['1%', '0/1'],
    ['100%', '0/5'],
    [0, '0/1'],
  ])('maxUnavailable %s of 5 nodes starts with %s', (maxUnavailable, first) => {
    const world = atRest(5, daemonSet({ updateStrategy: rolling(maxUnavailable) }));
    world.setImage('fluentd:2');
    expect(world.rhythm([''])).toBe(first);
  });

  test('stops when the new pods do not get ready', () => {
    const world = atRest(5, daemonSet({ updateStrategy: rolling(3) }));
    world.setImage('fluentd:2');
    expect(world.rhythm(['', '', '', ''])).toBe('0/3 3/0 0/0 0/0');
  });

  test('replaces old pods that are not ready at once, whatever maxUnavailable says', () => {
    const world = atRest(5, daemonSet({ updateStrategy: rolling(3) }));
    world.markReady(() => true, false);
    world.setImage('fluentd:2');
    expect(world.rhythm(['', '', ''])).toBe('0/5 5/0 0/0');
  });

  test('old pods that are not ready use the budget up, so that healthy ones survive a second bad update', () => {
    const world = atRest(5, daemonSet({ updateStrategy: rolling(2) }));
    world.setImage('fluentd:bad');
    expect(world.rhythm(['', '', ''])).toBe('0/2 2/0 0/0');
    world.setImage('fluentd:worse');
    expect(world.rhythm(['', '', ''])).toBe('0/2 2/0 0/0');
    expect(world.pods.filter(({ spec }) => spec.containers[0]?.image === 'fluentd:1')).toHaveLength(3);
  });

  test('20 nodes: ten healthy pods outlive ten bad updates, and one goes when maxUnavailable allows eleven', () => {
    const world = atRest(20, daemonSet({ updateStrategy: rolling(10) }));
    const healthy = () => world.pods.filter(({ spec }) => spec.containers[0]?.image === 'fluentd:1').length;
    world.setImage('fluentd:bad');
    expect(world.rhythm(['', '', ''])).toBe('0/10 10/0 0/0');
    for (let round = 0; round < 10; round++) {
      world.setImage(`fluentd:bad-${round}`);
      world.setSpec({ updateStrategy: rolling(round) });
      expect(world.rhythm(['', '', ''])).toBe('0/10 10/0 0/0');
      expect(healthy()).toBe(10);
    }
    world.setImage('fluentd:last');
    world.setSpec({ updateStrategy: rolling(11) });
    expect(world.rhythm(['', '', ''])).toBe('0/11 11/0 0/0');
    expect(healthy()).toBe(9);
  });

  test('waits minReadySeconds after each batch, and asks to be called again for it', () => {
    const world = atRest(2, daemonSet({ updateStrategy: rolling(1), minReadySeconds: 10 }));
    world.now += 10 * SECOND;
    world.setImage('fluentd:2');
    expect(world.rhythm(['', 'R'])).toBe('0/1 1/0R');
    const waiting = world.sync();
    expect(waiting.deletes).toEqual([]);
    expect(of(waiting.decisions, 'requeue')).toEqual([
      { do: 'requeue', afterMs: 10 * SECOND, wait: 'user', because: 'minReadySeconds of logging/fluentd' },
    ]);
    world.now += 10 * SECOND;
    expect(world.rhythm([''])).toBe('0/1');
  });

  test('a pod on its way out counts as unavailable', () => {
    const world = atRest(3, daemonSet({ updateStrategy: rolling(1) }));
    world.pods = world.pods.map((pod, index) =>
      index === 0
        ? { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:01:00Z' } }
        : pod,
    );
    world.setImage('fluentd:2');
    expect(world.rhythm(['', ''])).toBe('0/0 0/0');
  });

  test('an old pod on a tainted dead node blocks the rollout although the node is not desired', () => {
    const world = atRest(3, daemonSet({ updateStrategy: rolling(1) }));
    world.markReady((pod) => world.podsOn('node-0').includes(pod), false);
    const dead = node('node-0', {
      taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }],
    });
    world.nodes = [dead, ...nodes(2, {}, 1)];
    world.setImage('fluentd:2');
    const [stuck] = world.podsOn('node-0');
    expect(world.sync().deletes).toEqual([stuck?.metadata.name]);
    // Its kubelet is dead, so the pod never goes.
    world.addPod('node-0', { meta: { deletionTimestamp: '2026-01-01T00:00:30Z' } });
    expect(world.rhythm(['', ''])).toBe('0/0 0/0');
    expect(world.daemonSet.status).toMatchObject({
      desiredNumberScheduled: 2,
      numberAvailable: 2,
      numberMisscheduled: 1,
    });
  });

  test('nothing is touched when only the strategy changes', () => {
    const world = atRest(5, daemonSet({ updateStrategy: ON_DELETE }));
    world.setSpec({ updateStrategy: rolling(1) });
    expect(world.rhythm(['', ''])).toBe('0/0 0/0');
  });
});

describe('OnDelete', () => {
  test('leaves old pods alone, and makes new ones from the new template', () => {
    const world = atRest(3, daemonSet({ updateStrategy: ON_DELETE }));
    world.setImage('fluentd:2');
    expect(world.rhythm(['', ''])).toBe('0/0 0/0');
    world.pods = world.pods.slice(1);
    expect(world.rhythm(['R', ''])).toBe('1/0R 0/0');
    expect(updated(world)).toBe(1);
    expect(world.daemonSet.status).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 3 });
  });
});

describe('with surge', () => {
  test('5 nodes, maxSurge 2: new pods first, old ones go when they are available', () => {
    const world = atRest(5, daemonSet({ updateStrategy: rolling(0, 2) }));
    world.setImage('fluentd:2');
    // Upstream's own test sees deletes and the next creates in one sync, because its fakes meet expectations at once.
    expect(world.rhythm(['', '', 'R', '', '', 'R', '', '', 'R', '', ''])).toBe(
      '2/0 0/0 0/0R 0/2 2/0 0/0R 0/2 1/0 0/0R 0/1 0/0',
    );
    expect(updated(world)).toBe(5);
    expect(world.pods).toHaveLength(5);
  });

  test('a tainted node is vacated as soon as there are more available pods than desired', () => {
    const world = atRest(3, daemonSet({ updateStrategy: rolling(0, 1) }));
    world.setImage('fluentd:2');
    world.nodes = [node('node-0', { taints: [{ key: 'a', effect: 'NoSchedule' }] }), ...nodes(2, {}, 1)];
    expect(world.rhythm(['R', '', 'R', '', ''])).toBe('1/1R 0/1 1/0R 0/1 0/0');
    expect(world.podsOn('node-0')).toEqual([]);
    expect(updated(world)).toBe(2);
  });

  test('a tainted node keeps its old pod while no more pods are available than desired', () => {
    const world = atRest(3, daemonSet({ updateStrategy: rolling(0, 1) }));
    world.markReady((pod) => world.podsOn('node-1').includes(pod), false);
    world.setImage('fluentd:2');
    world.nodes = [node('node-0', { taints: [{ key: 'a', effect: 'NoSchedule' }] }), ...nodes(2, {}, 1)];
    const { creates, deletes } = world.sync();
    expect({ creates, deletes }).toEqual({ creates: ['node-1', 'node-2'], deletes: [] });
  });

  test('nodes with an old pod that is not available get a new one beyond maxSurge', () => {
    const world = atRest(5, daemonSet({ updateStrategy: rolling(0, 3) }));
    world.markReady(() => true, false);
    world.setImage('fluentd:2');
    expect(world.rhythm(['', '', ''])).toBe('5/0 0/5 0/0');
  });

  test('changed tolerations move the pods from zone to zone, one surge pod at a time', () => {
    const inZone = (zone: string, first: number) =>
      nodes(2, { taints: [{ key: zone, effect: 'NoSchedule' }] }, first);
    const ds = daemonSet(
      { updateStrategy: rolling(0, 1) },
      { tolerations: [{ key: 'y', operator: 'Exists' }] },
    );
    const world = new World(ds, [...inZone('y', 0), ...inZone('z', 2), ...nodes(2, {}, 4)]);
    const tolerate = (...keys: readonly string[]) => {
      const tolerations = keys.map((key) => ({ key, operator: 'Exists' }));
      const { template } = world.daemonSet.spec;
      const image = `fluentd:${keys.join('-')}`;
      const spec = { ...template.spec, tolerations, containers: [{ name: 'fluentd', image }] };
      world.setSpec({ template: { ...template, spec } });
    };
    const countAtRest = (ready: boolean) => {
      for (let syncs = 0; syncs < 20; syncs++) {
        world.sync();
        if (ready) world.markReady();
        world.now += SECOND;
      }
      return world.pods.length;
    };
    expect(countAtRest(true)).toBe(4);
    tolerate('z');
    expect(countAtRest(false)).toBe(7);
    expect(countAtRest(true)).toBe(4);
    expect([...world.podsOn('node-0'), ...world.podsOn('node-1')]).toEqual([]);
    tolerate('y', 'z');
    expect(countAtRest(false)).toBe(7);
    expect(countAtRest(true)).toBe(6);
    expect(updated(world)).toBe(6);
  });

  test('an unready old pod on a node that should not run it goes', () => {
    const world = atRest(2, daemonSet({ updateStrategy: rolling(0, 1) }));
    world.markReady((pod) => world.podsOn('node-0').includes(pod), false);
    world.nodes = [node('node-0', { taints: [{ key: 'a', effect: 'NoSchedule' }] }), node('node-1')];
    world.setImage('fluentd:2');
    const { creates, deletes } = world.sync();
    expect({ creates, deletes }).toEqual({ creates: ['node-1'], deletes: ['pod-1'] });
  });

  test('the old pod waits until the new one was ready for minReadySeconds', () => {
    const world = atRest(1, daemonSet({ updateStrategy: rolling(0, 1), minReadySeconds: 15 }));
    world.now += 15 * SECOND;
    world.setImage('fluentd:2');
    expect(world.rhythm(['R', ''])).toBe('1/0R 0/0');
    world.now += 14 * SECOND;
    expect(world.rhythm([''])).toBe('0/0');
    world.now += SECOND;
    expect(world.rhythm(['', ''])).toBe('0/1 0/0');
  });

  test('a sync before that asks to be called again for it, which the status gives no reason for', () => {
    const world = atRest(2, daemonSet({ updateStrategy: rolling(0, 2), minReadySeconds: 15 }));
    world.now += 15 * SECOND;
    world.setImage('fluentd:2');
    expect(world.rhythm(['R'])).toBe('2/0R');
    world.now += 6 * SECOND;
    const { deletes, decisions } = world.sync();
    expect(deletes).toEqual([]);
    expect(of(decisions, 'requeue')).toEqual([
      { do: 'requeue', afterMs: 10 * SECOND, wait: 'user', because: 'minReadySeconds of logging/fluentd' },
    ]);
  });

  test('a new pod that is not ready is not waited for', () => {
    const world = atRest(1, daemonSet({ updateStrategy: rolling(0, 1), minReadySeconds: 15 }));
    world.now += 15 * SECOND;
    world.setImage('fluentd:2');
    expect(world.rhythm([''])).toBe('1/0');
    world.now += 6 * SECOND;
    expect(of(world.sync().decisions, 'requeue')).toEqual([]);
  });

  test('an old pod on a node that is gone ends the sync in an error, after the status is written', () => {
    const world = atRest(2, daemonSet({ updateStrategy: rolling(0, 1) }));
    world.nodes = nodes(1);
    world.setImage('fluentd:2');
    const { creates, deletes, decisions } = world.sync();
    expect({ creates, deletes }).toEqual({ creates: [], deletes: [] });
    expect(of(decisions, 'fail')).toEqual([
      { do: 'fail', message: 'couldn\'t get node for nodeName "node-1": node "node-1" not found' },
    ]);
    expect(world.daemonSet.status).toMatchObject({ observedGeneration: 2, desiredNumberScheduled: 1 });
  });
});

describe('updatedDesiredNodeCounts', () => {
  test.each<
    [
      string,
      number,
      ReturnType<typeof rolling>,
      readonly [surge: number, unavailable: number, desired: number],
    ]
  >([
    ['no nodes', 0, rolling(0), [0, 0, 0]],
    ['a number', 2, rolling(1), [0, 1, 2]],
    ['two zeros', 2, rolling(0), [0, 1, 2]],
    ['half of two', 2, rolling('50%'), [0, 1, 2]],
    ['half of three', 3, rolling('50%'), [0, 2, 3]],
    ['a surge of half of two', 2, rolling(0, '50%'), [1, 0, 2]],
    ['a surge of all of two', 2, rolling(0, '100%'), [2, 0, 2]],
    ['OnDelete', 2, ON_DELETE, [0, 1, 2]],
  ])('%s', (_name, count, updateStrategy, [maxSurge, maxUnavailable, desiredNumberScheduled]) => {
    const observed = {
      daemonSet: daemonSet({ updateStrategy }),
      nodes: nodes(count),
      pods: [],
      revisions: [],
      now: 0,
      backoff: new Map(),
    };
    const { tally } = syncMemoryOf(observed).stateAt(observed.daemonSet, 'h', observed);
    const desired = tally.count(MARK.desired);
    expect(desired).toBe(desiredNumberScheduled);
    expect(updatedDesiredNodeCounts(observed.daemonSet, desired)).toEqual({ maxSurge, maxUnavailable });
  });

  test('nodes with more than one pod of a kind count as in the surge already', () => {
    const world = atRest(3, daemonSet({ updateStrategy: rolling(0, 1) }));
    world.setImage('fluentd:2');
    world.addPod('node-0', {
      meta: { labels: { name: 'fluentd', 'controller-revision-hash': 'fluentd2' } },
      status: readiness(false),
    });
    expect(world.rhythm(['', ''])).toBe('0/0 0/0');
  });
});
