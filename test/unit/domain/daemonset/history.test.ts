import { describe, expect, test } from 'vitest';
import type { ControllerRevision } from '../../../../src/api/apps.ts';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import { revisionData } from '../../../../src/domain/daemonset/revision-data.ts';
import { controllerReference } from '../../../../src/domain/owner-references.ts';
import { daemonSet, nodes, of, rolling, World } from './world.ts';

const HASH = 'controller-revision-hash';

function worldWith(...revisions: readonly ControllerRevision[]): World {
  const world = new World(daemonSet({ updateStrategy: rolling(1) }), nodes(1));
  world.revisions = revisions;
  return world;
}

/** A revision of the test's DaemonSet that holds the template with this image. */
function revision(
  name: string,
  image: string,
  number: number,
  hash: string | undefined = name,
): ControllerRevision {
  const ds = daemonSet();
  const template = { ...ds.spec.template, spec: { containers: [{ name: 'fluentd', image }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      namespace: 'logging',
      labels: { name: 'fluentd', ...(hash !== undefined && { [HASH]: hash }) },
      ownerReferences: [controllerReference(ds, DAEMON_SET)],
    },
    data: revisionData(template),
    revision: number,
  };
}

const numbers = (world: World) =>
  Object.fromEntries(world.revisions.map(({ metadata, revision: number }) => [metadata.name, number]));

describe('the first revision', () => {
  test('holds the template as a patch, and what the DaemonSet looked like', () => {
    const world = worldWith();
    const { metadata } = world.daemonSet;
    const annotations = { 'kubernetes.io/change-cause': 'first' };
    world.daemonSet = { ...world.daemonSet, metadata: { ...metadata, annotations } };
    world.sync();
    expect(world.revisions).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: {
          name: 'fluentd-fluentd1',
          namespace: 'logging',
          labels: { name: 'fluentd', [HASH]: 'fluentd1' },
          annotations,
          ownerReferences: [controllerReference(world.daemonSet, DAEMON_SET)],
        },
        data: {
          spec: {
            template: {
              $patch: 'replace',
              metadata: { labels: { name: 'fluentd' } },
              spec: { containers: [{ name: 'fluentd', image: 'fluentd:1' }] },
            },
          },
        },
        revision: 1,
      },
    ]);
  });

  test('has the keys of its data in bytewise order', () => {
    const template = {
      spec: { containers: [{ name: 'c', image: 'i' }] },
      metadata: { labels: { b: '1', a: '2' } },
    };
    expect(JSON.stringify(revisionData(template))).toBe(
      '{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"a":"2","b":"1"}},"spec":{"containers":[{"image":"i","name":"c"}]}}}}',
    );
  });
});

describe('the current revision', () => {
  test('is made anew when the template changes, one number above the others', () => {
    const world = worldWith(revision('fluentd-fluentd1', 'fluentd:1', 4, 'fluentd1'));
    world.sync();
    world.setImage('fluentd:2');
    world.sync();
    expect(numbers(world)).toEqual({ 'fluentd-fluentd1': 4, 'fluentd-fluentd2': 5 });
  });

  test('is found by its data, whatever its name and the order of keys', () => {
    const found = revision('some-name', 'fluentd:1', 7, 'some-hash');
    const world = worldWith({
      ...found,
      data: {
        spec: {
          template: {
            spec: { containers: [{ name: 'fluentd', image: 'fluentd:1' }] },
            metadata: { labels: { name: 'fluentd' } },
            $patch: 'replace',
          },
        },
      },
    });
    const { decisions } = world.sync();
    expect(of(decisions, 'createRevision')).toEqual([]);
    expect(world.pods.map(({ metadata }) => metadata.labels?.[HASH])).toEqual(['some-hash']);
  });

  test('gets the highest number again after a rollback, and its pods stay', () => {
    const world = worldWith();
    world.sync();
    world.markReady();
    const [pod] = world.pods;
    world.setImage('fluentd:2');
    world.setSpec({ updateStrategy: { type: 'OnDelete' } });
    world.sync();
    world.setImage('fluentd:1');
    world.setSpec({ updateStrategy: rolling(1) });
    world.sync();
    expect(numbers(world)).toEqual({ 'fluentd-fluentd1': 3, 'fluentd-fluentd2': 2 });
    expect(world.pods).toEqual([pod]);
  });

  test('is adopted when it is an orphan', () => {
    const orphan = revision('fluentd-x', 'fluentd:1', 1, 'x');
    const world = worldWith({ ...orphan, metadata: { ...orphan.metadata, ownerReferences: [] } });
    const { decisions } = world.sync();
    expect(of(decisions, 'adoptRevision').map(({ revision: adopted }) => adopted.metadata.name)).toEqual([
      'fluentd-x',
    ]);
    expect(of(decisions, 'createRevision')).toEqual([]);
  });

  test('is released when the selector no longer matches it, and replaced', () => {
    const lost = revision('fluentd-x', 'fluentd:1', 1, 'x');
    const world = worldWith({
      ...lost,
      metadata: { ...lost.metadata, labels: { name: 'other', [HASH]: 'x' } },
    });
    const { decisions } = world.sync();
    expect(of(decisions, 'releaseRevision').map(({ revision: freed }) => freed.metadata.name)).toEqual([
      'fluentd-x',
    ]);
    expect(of(decisions, 'createRevision')).toHaveLength(1);
  });

  test('that has no hash label gets its own name as the hash', () => {
    const bare = revision('fluentd-x', 'fluentd:1', 1);
    const world = worldWith({ ...bare, metadata: { ...bare.metadata, labels: { name: 'fluentd' } } });
    const { decisions } = world.sync();
    expect(of(decisions, 'labelRevision').map(({ hash }) => hash)).toEqual(['fluentd-x']);
    expect(world.pods.map(({ metadata }) => metadata.labels?.[HASH])).toEqual(['fluentd-x']);
    expect(of(world.sync().decisions, 'labelRevision')).toEqual([]);
  });
});

describe('several revisions with the current template', () => {
  test('are merged into the one with the highest number, and all pods carry its hash', () => {
    const world = worldWith(
      revision('fluentd-a', 'fluentd:1', 3, 'a'),
      revision('fluentd-b', 'fluentd:1', 1, 'b'),
      revision('fluentd-old', 'fluentd:0', 2, 'old'),
    );
    world.nodes = nodes(3);
    world.addPod('node-0', { meta: { labels: { name: 'fluentd', [HASH]: 'a' } } });
    world.addPod('node-1', { meta: { labels: { name: 'fluentd', [HASH]: 'b' } } });
    world.addPod('node-2', { meta: { labels: { name: 'fluentd', [HASH]: 'old' } } });
    const { decisions } = world.sync();
    expect(of(decisions, 'relabelPod').map(({ pod, hash }) => [pod.metadata.name, hash])).toEqual([
      ['pod-2', 'a'],
      ['pod-3', 'a'],
    ]);
    expect(numbers(world)).toEqual({ 'fluentd-a': 3, 'fluentd-old': 2 });
  });

  test('with equal numbers are merged into the last', () => {
    const world = worldWith(
      revision('fluentd-a', 'fluentd:1', 2, 'a'),
      revision('fluentd-b', 'fluentd:1', 2, 'b'),
    );
    world.sync();
    expect(numbers(world)).toEqual({ 'fluentd-b': 2 });
  });
});

describe('a name that is taken', () => {
  const foreign = (image: string): ControllerRevision => {
    const taken = revision('fluentd-fluentd1', image, 9, 'fluentd1');
    return { ...taken, metadata: { ...taken.metadata, labels: { [HASH]: 'fluentd1' }, ownerReferences: [] } };
  };

  test('by other data raises the collision count and ends the sync', () => {
    const world = worldWith(foreign('other:1'));
    const { decisions } = world.sync();
    expect(decisions.map((decision) => decision.do)).toEqual(['updateStatus']);
    expect(world.daemonSet.status).toEqual({
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
      collisionCount: 1,
    });
  });

  test('leads to another name in the next sync', () => {
    const world = worldWith(foreign('other:1'));
    world.sync();
    world.sync();
    expect(numbers(world)).toEqual({ 'fluentd-fluentd1': 9, 'fluentd-fluentd11': 1 });
    expect(world.pods).toHaveLength(1);
    expect(world.daemonSet.status?.collisionCount).toBe(1);
  });

  test('by the same data is used as it is', () => {
    const world = worldWith(foreign('fluentd:1'));
    const { decisions } = world.sync();
    expect(of(decisions, 'createRevision')).toEqual([]);
    expect(world.pods.map(({ metadata }) => metadata.labels?.[HASH])).toEqual(['fluentd1']);
  });
});

describe('revisionHistoryLimit', () => {
  const old = (count: number) =>
    Array.from({ length: count }, (_, n) => revision(`old-${n}`, `old:${n}`, n + 1));

  test.each([
    [2, 2, []],
    [2, 4, ['old-0', 'old-1']],
    [0, 3, ['old-0', 'old-1', 'old-2']],
    [undefined, 12, ['old-0', 'old-1']],
  ])('%s keeps of %i old ones all but %j', (limit, count, expected) => {
    const world = worldWith(...[...old(count)].reverse());
    world.setSpec(limit === undefined ? {} : { revisionHistoryLimit: limit });
    if (limit === undefined) {
      const { revisionHistoryLimit: _, ...spec } = world.daemonSet.spec;
      world.daemonSet = { ...world.daemonSet, spec };
    }
    const { decisions } = world.sync();
    expect(of(decisions, 'deleteRevision').map(({ revision: gone }) => gone.metadata.name)).toEqual(expected);
  });

  test('spares revisions that a pod is of, even a pod that has ended', () => {
    const world = worldWith(...old(3));
    world.setSpec({ revisionHistoryLimit: 0 });
    world.addPod('node-0', {
      meta: { labels: { name: 'fluentd', [HASH]: 'old-0' }, deletionTimestamp: '2026-01-01T00:00:00Z' },
      status: { phase: 'Failed' },
    });
    expect(
      of(world.sync().decisions, 'deleteRevision').map(({ revision: gone }) => gone.metadata.name),
    ).toEqual(['old-1', 'old-2']);
  });

  test('goes on to the next oldest when the oldest is in use', () => {
    const world = worldWith(...old(4));
    world.setSpec({ revisionHistoryLimit: 3 });
    world.addPod('node-0', { meta: { labels: { name: 'fluentd', [HASH]: 'old-0' } } });
    expect(
      of(world.sync().decisions, 'deleteRevision').map(({ revision: gone }) => gone.metadata.name),
    ).toEqual(['old-1']);
  });
});
