import { describe, expect, test } from 'vitest';
import { nodeLeases, renewalInterval } from '../../../src/agents/kubelet/node-leases.ts';
import type { KindRef, KubeObject } from '../../../src/api/meta.ts';
import { NODE } from '../../../src/api/well-known.ts';
import { createManager } from '../../../src/runtime/manager.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { memoryClient } from '../../support/memory-client.ts';

interface Lease extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
}
const LEASE: KindRef<Lease> = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' };

function cluster() {
  const memory = memoryClient();
  const { client, clock } = memory;
  const manager = createManager({ client, clock, random: seededRandom(1), controllers: [nodeLeases()] });
  const report = async (ready: 'True' | 'False', ...names: readonly string[]): Promise<void> => {
    const patch = { status: { conditions: [{ type: 'Ready', status: ready }] } };
    await client.commit(
      names.map((name) => ({
        verb: 'patch',
        kind: NODE,
        key: { namespace: '', name },
        patchType: 'merge',
        subresource: 'status',
        patch,
      })),
    );
  };
  return {
    ...memory,
    report,
    async addNodes(...names: readonly string[]): Promise<void> {
      await client.commit(
        names.map((name) => ({
          verb: 'create',
          kind: NODE,
          namespace: '',
          object: { apiVersion: 'v1', kind: 'Node', metadata: { name } },
        })),
      );
      await report('True', ...names);
    },
    /** Lets so many seconds go by, with everything done when it is due. */
    async wait(seconds: number): Promise<void> {
      const end = clock.now() + seconds * 1000;
      for (;;) {
        while (await manager.step());
        const next = manager.nextDue();
        if (next === undefined || next.at > end) break;
        clock.advanceTo(next.at);
      }
      clock.advanceTo(end);
    },
    leases: async () => (await client.list(LEASE, { namespace: 'kube-node-lease' })).items,
  };
}

describe('the lease of a node', () => {
  test('is held by the node, as a kubelet writes it', async () => {
    const here = cluster();
    await here.addNodes('worker-1');
    await here.wait(0);
    const { uid } = (await here.client.get(NODE, { namespace: '', name: 'worker-1' })).metadata;
    const [lease] = await here.leases();
    expect(lease).toMatchObject({
      metadata: {
        name: 'worker-1',
        namespace: 'kube-node-lease',
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'worker-1', uid }],
      },
      spec: {
        holderIdentity: 'worker-1',
        leaseDurationSeconds: 40,
        renewTime: '2026-01-01T00:00:00.000000Z',
      },
    });
  });

  test('is renewed every ten seconds', async () => {
    const here = cluster();
    await here.addNodes('worker-1');
    await here.wait(35);
    const [lease] = await here.leases();
    expect(lease?.spec.renewTime).toBe('2026-01-01T00:00:30.000000Z');
  });

  test('goes stale while the node is not ready', async () => {
    const here = cluster();
    await here.addNodes('worker-1', 'worker-2');
    await here.wait(5);
    await here.report('False', 'worker-1');
    await here.wait(60);
    await here.report('True', 'worker-1');
    const renewed = async () => (await here.leases()).map(({ spec }) => String(spec.renewTime).slice(14, 19));
    expect(await renewed()).toEqual(['00:00', '01:00']);
    await here.wait(1);
    expect(await renewed()).toEqual(['01:05', '01:00']);
  });

  test('is not touched while a kubelet of its own has just renewed it', async () => {
    const here = cluster();
    await here.addNodes('worker-1');
    await here.wait(5);
    const spec = { renewTime: '2026-01-01T00:00:05.000000Z' };
    const key = { namespace: 'kube-node-lease', name: 'worker-1' };
    await here.client.commit([{ verb: 'patch', kind: LEASE, key, patchType: 'merge', patch: { spec } }]);
    await here.wait(6);
    expect((await here.leases())[0]?.spec.renewTime).toBe(spec.renewTime);
  });

  test('of many nodes is renewed less often, and lasts longer for it', async () => {
    expect([1, 1000, 1001, 10_000].map(renewalInterval)).toEqual([10_000, 10_000, 11_000, 100_000]);
    const here = cluster();
    await here.addNodes(...Array.from({ length: 1100 }, (_, index) => `n${index}`));
    await here.wait(10);
    const leases = await here.leases();
    expect(leases).toHaveLength(1100);
    expect(new Set(leases.map(({ spec }) => spec.leaseDurationSeconds))).toEqual(new Set([44]));
  });

  test('of many nodes that started together are renewed one after the other', async () => {
    const here = cluster();
    await here.addNodes(...Array.from({ length: 200 }, (_, index) => `n${index}`));
    await here.wait(20);
    const seconds = (await here.leases()).map(({ spec }) => String(spec.renewTime).slice(17, 19));
    const most = Math.max(
      ...[...new Set(seconds)].map((one) => seconds.filter((other) => other === one).length),
    );
    expect(seconds.every((second) => Number(second) >= 10)).toBe(true);
    expect(most).toBeLessThan(60);
  });
});
