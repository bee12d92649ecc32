import { describe, expect, test } from 'vitest';
import { NODE, POD } from '../../../src/api/well-known.ts';
import { namespace, node, world } from '../../sim/support/world.ts';

const bare = (name: string, metadata: object = {}, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'c', image: 'example.test/app:1' }], ...spec },
});

describe('pod garbage collection', () => {
  test('marks the pods of a vanished node as failed before it removes them', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'));
    await cluster.settle();
    await cluster.create(bare('app', { finalizers: ['example.test/hold'] }));
    await cluster.settle();
    await cluster.remove(NODE, 'worker-1');
    await cluster.settle();
    const held = await cluster.client.get(POD, { namespace, name: 'app' });
    expect(held.metadata.deletionTimestamp).toBeDefined();
    expect(held.status?.phase).toBe('Failed');
    expect(held.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByPodGC',
        message: 'PodGC: node no longer exists',
      }),
    );
  });

  test('takes its quarantine from the configuration', async () => {
    const cluster = world({ controllers: { podGc: { quarantineMs: 5000 } } });
    await cluster.create(node('worker-1'));
    await cluster.settle();
    await cluster.create(bare('app'));
    await cluster.settle();
    await cluster.remove(NODE, 'worker-1');
    const { jumps } = await cluster.settle();
    expect(jumps.map(({ from, to }) => to - from)).toEqual([5000]);
  });

  test('collects pods that were bound to a node that never was', async () => {
    const cluster = world();
    await cluster.create(bare('lost', {}, { nodeName: 'nowhere' }));
    await cluster.settle();
    expect(await cluster.pods()).toEqual([]);
  });

  test('frees the pods of a node that is out of service', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'));
    await cluster.settle();
    await cluster.create(bare('app', {}, { tolerations: [{ operator: 'Exists' }] }));
    await cluster.settle();
    await cluster.patch(
      NODE,
      'worker-1',
      { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      'status',
    );
    await cluster.remove(POD, 'app');
    await cluster.settle();
    expect(await cluster.pods()).toHaveLength(1);
    const taints = [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }];
    await cluster.patch(NODE, 'worker-1', { spec: { taints } });
    await cluster.settle();
    expect(await cluster.pods()).toEqual([]);
  });

  test('removes the oldest of too many pods that have ended', async () => {
    const cluster = world({ controllers: { podGc: { terminatedPods: 1 } } });
    for (const name of ['first', 'second', 'third']) {
      await cluster.create(bare(name));
      await cluster.patch(POD, name, { status: { phase: 'Succeeded' } }, 'status');
      cluster.clock.advanceTo(cluster.clock.now() + 60_000);
    }
    await cluster.settle();
    expect((await cluster.pods()).map(({ metadata }) => metadata.name)).toEqual(['third']);
  });
});
