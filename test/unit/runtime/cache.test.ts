import { describe, expect, test } from 'vitest';
import type { Client } from '../../../src/api/client.ts';
import type { KindRef, KubeObject } from '../../../src/api/meta.ts';
import { type Status, StatusError } from '../../../src/api/status.ts';
import { NAMESPACE, POD } from '../../../src/api/well-known.ts';
import { createCache } from '../../../src/runtime/cache.ts';
import type { ObjectChange } from '../../../src/runtime/object-index.ts';
import { memoryClient } from '../../support/memory-client.ts';

const CONFIG_MAP: KindRef = { group: '', version: 'v1', kind: 'ConfigMap' };

function configMap(name: string, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', ...more } };
}

async function create(client: Client, ...objects: readonly KubeObject[]): Promise<void> {
  const outcomes = await client.commit(
    objects.map((object) => ({ verb: 'create', kind: CONFIG_MAP, namespace: 'default', object })),
  );
  for (const outcome of outcomes) if (!outcome.ok) throw new StatusError(outcome.error);
}

async function remove(client: Client, name: string): Promise<void> {
  await client.commit([{ verb: 'delete', kind: CONFIG_MAP, key: { namespace: 'default', name } }]);
}

function describeChange({ previous, current }: ObjectChange): string {
  const name = (current ?? previous)?.metadata.name ?? '';
  return current === undefined ? `-${name}` : previous === undefined ? `+${name}` : `~${name}`;
}

const ofConfigMaps = ({ previous, current }: ObjectChange): boolean =>
  (current ?? previous)?.kind === 'ConfigMap';

async function pull(cache: ReturnType<typeof createCache>): Promise<string[]> {
  const seen: string[] = [];
  await cache.pull((change) => {
    if (ofConfigMaps(change)) seen.push(describeChange(change));
  });
  return seen;
}

describe('the cache', () => {
  test('lists everything at first, then takes over changes one by one', async () => {
    const { client } = memoryClient();
    await create(client, configMap('b'), configMap('a'));
    const cache = createCache(client);
    expect((await pull(cache)).sort()).toEqual(['+a', '+b']);
    expect(await pull(cache)).toEqual([]);
    await create(client, configMap('c'));
    await remove(client, 'a');
    await create(client, configMap('a'));
    expect(await pull(cache)).toEqual(['+c', '-a', '+a']);
    expect(cache.lister.list(CONFIG_MAP, 'default').map(({ metadata }) => metadata.name)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  test('lists all namespaces in order, and the cluster-scoped kinds', async () => {
    const { client } = memoryClient();
    const cache = createCache(client);
    await pull(cache);
    expect(cache.lister.list(NAMESPACE).map(({ metadata }) => metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
  });

  test('finds objects by owner, by UID and without controller', async () => {
    const { client } = memoryClient();
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'owner-uid' };
    await create(
      client,
      configMap('controlled', { ownerReferences: [{ ...owner, controller: true }] }),
      configMap('owned', { ownerReferences: [owner] }),
      configMap('free'),
    );
    const { lister, ...cache } = createCache(client);
    await pull({ lister, ...cache });
    const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name).sort();
    expect(names(lister.ownedBy(CONFIG_MAP, 'owner-uid'))).toEqual(['controlled', 'owned']);
    expect(names(lister.ownedBy(POD, 'owner-uid'))).toEqual([]);
    expect(names(lister.dependentsOf('owner-uid'))).toEqual(['controlled', 'owned']);
    expect(names(lister.uncontrolled(CONFIG_MAP, 'default'))).toEqual(['free', 'owned']);
    const free = lister.get(CONFIG_MAP, { namespace: 'default', name: 'free' });
    expect(lister.byUid(free?.metadata.uid ?? '')).toBe(free);
    expect(names(lister.inNamespace('default'))).toEqual(
      expect.arrayContaining(['controlled', 'free', 'owned']),
    );
    await remove(client, 'owned');
    await remove(client, 'free');
    await pull({ lister, ...cache });
    expect(names(lister.dependentsOf('owner-uid'))).toEqual(['controlled']);
    expect(names(lister.uncontrolled(CONFIG_MAP, 'default'))).toEqual([]);
    expect(lister.byUid(free?.metadata.uid ?? '')).toBeUndefined();
  });

  test('tells of changes only when the whole first list is there', async () => {
    const { client } = memoryClient();
    await create(client, configMap('a'), configMap('b'));
    const counts: number[] = [];
    await createCache(client).pull((change, lister) => {
      if (ofConfigMaps(change)) counts.push(lister.list(CONFIG_MAP).length);
    });
    expect(counts).toEqual([2, 2]);
  });

  test('ignores changes that it has seen already', async () => {
    const { client } = memoryClient();
    await create(client, configMap('a'));
    const doubled: Client = {
      ...client,
      changes: async (after, limit) => {
        const batch = await client.changes(after, limit);
        return { ...batch, events: [...batch.events, ...batch.events] };
      },
    };
    const cache = createCache(doubled);
    await pull(cache);
    await create(client, configMap('b'));
    expect(await pull(cache)).toEqual(['+b']);
  });

  test('lists again when the log no longer reaches back, and tells what came and went meanwhile', async () => {
    const { client } = memoryClient();
    await create(client, configMap('gone'), configMap('kept'), configMap('renewed'));
    let expire = false;
    const status: Status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason: 'Expired',
      message: 'too old resource version',
      code: 410,
    };
    const forgetful: Client = {
      ...client,
      changes: (after, limit) => {
        if (!expire) return client.changes(after, limit);
        expire = false;
        throw new StatusError(status);
      },
    };
    const cache = createCache(forgetful);
    await pull(cache);
    await remove(client, 'gone');
    await remove(client, 'renewed');
    await create(client, configMap('renewed'), configMap('new'));
    expire = true;
    expect((await pull(cache)).sort()).toEqual(['+new', '+renewed', '-gone', '-renewed']);
    expect(cache.lister.list(CONFIG_MAP, 'default').map(({ metadata }) => metadata.name)).toEqual([
      'kept',
      'new',
      'renewed',
    ]);
  });
});
