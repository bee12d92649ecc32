import { describe, expect, test } from 'vitest';
import type { Pod, Taint, Toleration } from '../../../src/api/core.ts';
import { POD } from '../../../src/api/well-known.ts';
import { evictionTime } from '../../../src/controllers/taint-eviction/eviction-time.ts';
import { namespace, node, world } from '../../sim/support/world.ts';

const evicting: Taint = { key: 'k', effect: 'NoExecute' };
const other: Taint = { key: 'other', effect: 'NoExecute' };

function pod(...tolerations: readonly Toleration[]): Pod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [], tolerations } };
}

const tolerating = (key: string, seconds?: number): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(seconds === undefined ? {} : { tolerationSeconds: seconds }),
});

describe('when a pod is evicted', () => {
  test.each<[string, Pod, readonly Taint[], object]>([
    ['never without taints', pod(), [], { kind: 'never' }],
    ['never for NoSchedule', pod(), [{ key: 'k', effect: 'NoSchedule' }], { kind: 'never' }],
    ['at once when it does not tolerate', pod(), [evicting], { kind: 'now' }],
    [
      'at once when it does not tolerate one of two',
      pod(tolerating('k')),
      [evicting, other],
      { kind: 'now' },
    ],
    ['never when it tolerates for ever', pod(tolerating('k')), [evicting], { kind: 'never' }],
    ['after its time', pod(tolerating('k', 60)), [evicting], { kind: 'after', delayMs: 60_000 }],
    ['at once with no time left', pod(tolerating('k', 0)), [evicting], { kind: 'now' }],
    [
      'after the shortest of several times',
      pod(tolerating('k', 60), tolerating('k'), tolerating('other', 30)),
      [evicting, other],
      { kind: 'after', delayMs: 30_000 },
    ],
  ])('%s', (_name, given, taints, expected) => {
    expect(evictionTime(given, taints)).toEqual(expected);
  });
});

describe('taint eviction in a cluster', () => {
  async function withPods(...pods: readonly [name: string, tolerations: readonly Toleration[]][]) {
    const cluster = world();
    await cluster.create(node('worker-1'));
    await cluster.settle();
    await cluster.create(
      ...pods.map(([name, tolerations]) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name },
        spec: { containers: [{ name: 'c', image: 'example.test/app:1' }], tolerations },
      })),
    );
    await cluster.settle();
    const taint = async (...taints: readonly Taint[]): Promise<void> =>
      cluster.patch({ group: '', version: 'v1', kind: 'Node' }, 'worker-1', {
        spec: { taints: taints.map((one) => ({ ...one })) },
      });
    return { cluster, taint };
  }
  const names = async ({ cluster }: Awaited<ReturnType<typeof withPods>>) =>
    (await cluster.pods()).map(({ metadata }) => metadata.name);

  test('deletes at once, later or never', async () => {
    const setting = await withPods(
      ['plain', []],
      ['patient', [tolerating('k', 60)]],
      ['tolerant', [tolerating('k')]],
    );
    const { cluster, taint } = setting;
    await taint(evicting);
    while (await cluster.manager.step());
    expect(await names(setting)).toEqual(['patient', 'tolerant']);
    const end = await cluster.settle();
    expect(end.jumps.map(({ from, to, wait }) => [to - from, wait.because])).toEqual([
      [60_000, 'pod default/patient tolerates the taints of node worker-1 for 60s'],
    ]);
    expect(await names(setting)).toEqual(['tolerant']);
    const events = (await cluster.events()).filter(({ reason }) => reason === 'TaintManagerEviction');
    expect(events.map(({ message }) => message).sort()).toEqual([
      'Marking for deletion Pod default/patient',
      'Marking for deletion Pod default/plain',
    ]);
  });

  test('is called off when the taint goes in time', async () => {
    const setting = await withPods(['patient', [tolerating('k', 60)]]);
    const { cluster, taint } = setting;
    await taint(evicting);
    while (await cluster.manager.step());
    await taint();
    await cluster.settle();
    expect(await names(setting)).toEqual(['patient']);
    expect((await cluster.events()).map(({ message }) => message)).toContain(
      'Cancelling deletion of Pod default/patient',
    );
  });

  test('leaves the reason on the pod', async () => {
    const setting = await withPods(['held', []]);
    const { cluster, taint } = setting;
    await cluster.patch(POD, 'held', { metadata: { finalizers: ['example.test/hold'] } });
    await taint(evicting);
    await cluster.settle();
    const held = await cluster.client.get(POD, { namespace, name: 'held' });
    expect(held.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }),
    );
    expect(held.status?.phase).toBe('Succeeded');
  });
});
