import { describe, expect, test } from 'vitest';
import type { Client } from '../../../src/api/client.ts';
import type { KubeObject } from '../../../src/api/meta.ts';
import { StatusError } from '../../../src/api/status.ts';
import { NODE, POD } from '../../../src/api/well-known.ts';
import { virtualClock } from '../../../src/runtime/clock.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { forkCluster, readCluster } from '../../../src/sim/fork.ts';
import { planNode } from '../../sim/support/plan-cluster.ts';
import { memoryClient } from '../../support/memory-client.ts';

const refusal = (code: number, reason: string): StatusError =>
  new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, code });

/** A client that may only list, and not everything. */
function readOnly(client: Client, forbidden: readonly string[]): Client {
  return {
    ...client,
    commit: () => Promise.reject(new Error('nothing may be written')),
    list: async (kind, options) => {
      if (forbidden.includes(kind.kind)) throw refusal(403, 'Forbidden');
      return client.list(kind, options);
    },
  };
}

const parts = () => ({ clock: virtualClock(0), random: seededRandom(1) });

describe('readCluster', () => {
  test('only reads, and does without what it may not see of lesser kinds', async () => {
    const { client } = memoryClient();
    await client.commit([{ verb: 'create', kind: NODE, namespace: '', object: planNode('node-01') }]);
    const objects = await readCluster(readOnly(client, ['PriorityClass', 'PodDisruptionBudget']));
    expect(objects.filter(({ kind }) => kind === 'Node').map(({ metadata }) => metadata.name)).toEqual([
      'node-01',
    ]);
    expect(objects.some(({ kind }) => kind === 'PriorityClass')).toBe(false);
  });

  test('does not do without nodes', async () => {
    await expect(readCluster(readOnly(memoryClient().client, ['Node']))).rejects.toThrow(StatusError);
  });
});

describe('forkCluster', () => {
  test('takes objects as they are, and gives those of hand-written files an identity', async () => {
    const bare: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'bare' } };
    const { client } = await forkCluster([planNode('node-01'), bare], parts());
    const { items } = await client.list(NODE);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['bare', 'node-01']);
    expect(items[1]?.metadata.uid).toBe('uid-node-01');
    expect(items[0]?.metadata).toMatchObject({ creationTimestamp: '1970-01-01T00:00:00Z' });
    expect(items[0]?.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('leaves out kinds that have no say, and managedFields', async () => {
    const secret: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
    };
    const managed = { ...planNode('a'), metadata: { ...planNode('a').metadata, managedFields: [{}] } };
    const { client } = await forkCluster([secret, managed], parts());
    const secrets = await client.list({ group: '', version: 'v1', kind: 'Secret' });
    expect(secrets.items).toEqual([]);
    expect((await client.get(NODE, { namespace: '', name: 'a' })).metadata.managedFields).toBeUndefined();
  });

  test('makes the namespaces that objects name', async () => {
    const pod: KubeObject & { readonly spec: object } = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'far' },
      spec: { containers: [] },
    };
    const { client } = await forkCluster([pod], parts());
    const namespaces = await client.list({ group: '', version: 'v1', kind: 'Namespace' });
    expect(namespaces.items.map(({ metadata }) => metadata.name)).toContain('far');
    expect((await client.list(POD)).items).toHaveLength(1);
  });
});
