import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/meta.ts';
import { CONTROLLER_REVISION, DAEMON_SET, EVENT, NAMESPACE, NODE, POD } from '../../src/api/well-known.ts';
import { daemonSet, namespace, node, nodesOf, world } from './support/world.ts';

async function running(count = 2) {
  const cluster = world();
  await cluster.create(
    ...Array.from({ length: count }, (_, index) => node(`worker-${index + 1}`)),
    daemonSet(),
  );
  await cluster.settle();
  return cluster;
}

describe('deleting a DaemonSet', () => {
  test('in the background takes its pods and revisions along', async () => {
    const cluster = await running();
    await cluster.remove(DAEMON_SET, 'agent');
    expect((await cluster.client.list(DAEMON_SET)).items).toEqual([]);
    await cluster.settle();
    expect(await cluster.pods()).toEqual([]);
    expect((await cluster.client.list(CONTROLLER_REVISION)).items).toEqual([]);
    expect(cluster.reports.report(cluster.manager.lister, cluster.clock.now())).toMatchObject([
      { daemonSet: { namespace, name: 'agent' }, gone: true, status: null },
    ]);
  });

  test('in the foreground keeps it until its pods are gone', async () => {
    const cluster = await running();
    await cluster.remove(DAEMON_SET, 'agent', { propagationPolicy: 'Foreground' });
    expect((await cluster.daemonSet()).metadata.finalizers).toEqual(['foregroundDeletion']);
    const kinds: string[] = [];
    await cluster.settle({
      onStep: async () => {
        const pods = (await cluster.pods()).length;
        const sets = (await cluster.client.list(DAEMON_SET)).items.length;
        kinds.push(`${sets}/${pods}`);
      },
    });
    expect(kinds).not.toContain('0/1');
    expect(kinds).not.toContain('0/2');
    expect(kinds.at(-1)).toBe('0/0');
  });

  test('as orphan leaves pods and revisions, and a new one adopts them', async () => {
    const cluster = await running();
    const before = (await cluster.pods()).map(({ metadata }) => metadata.uid).sort();
    await cluster.remove(DAEMON_SET, 'agent', { propagationPolicy: 'Orphan' });
    await cluster.settle();
    expect((await cluster.client.list(DAEMON_SET)).items).toEqual([]);
    const orphans = await cluster.pods();
    expect(orphans.map(({ metadata }) => metadata.uid).sort()).toEqual(before);
    expect(orphans.flatMap(({ metadata }) => metadata.ownerReferences ?? [])).toEqual([]);
    await cluster.create(daemonSet());
    await cluster.settle();
    const adopted = await cluster.pods();
    const uid = (await cluster.daemonSet()).metadata.uid;
    expect(adopted.map(({ metadata }) => metadata.uid).sort()).toEqual(before);
    expect(adopted.map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)).toEqual([uid, uid]);
    expect((await cluster.client.list(CONTROLLER_REVISION)).items).toHaveLength(1);
  });

  test('does not end on a dead node, nor does anything start there', async () => {
    const cluster = await running(2);
    await cluster.patch(
      NODE,
      'worker-2',
      { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      'status',
    );
    await cluster.settle();
    await cluster.remove(DAEMON_SET, 'agent');
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['worker-2']);
    await cluster.remove(POD, (await cluster.pods())[0]?.metadata.name ?? '', { gracePeriodSeconds: 0 });
    await cluster.settle();
    expect(await cluster.pods()).toEqual([]);
  });
});

describe('the garbage collector', () => {
  const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };
  const configMap = (
    name: string,
    ownerReferences: KubeObject['metadata']['ownerReferences'] = [],
  ): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(ownerReferences.length === 0 ? {} : { ownerReferences }) },
  });

  test('deletes what names an owner that never was, or another of the same name', async () => {
    const cluster = await running(1);
    const reference = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent' };
    const uid = (await cluster.daemonSet()).metadata.uid ?? '';
    await cluster.create(
      configMap('stale', [{ ...reference, uid: 'of-an-earlier-one' }]),
      configMap('misnamed', [{ ...reference, name: 'other', uid }]),
      configMap('kept', [{ ...reference, uid }]),
    );
    await cluster.settle();
    const names = (await cluster.client.list(CONFIG_MAP, { namespace })).items.map(
      ({ metadata }) => metadata.name,
    );
    expect(names).toContain('kept');
    expect(names).not.toContain('stale');
    expect(names).not.toContain('misnamed');
  });

  test('keeps what has one owner left, and drops the reference to the other', async () => {
    const cluster = await running(1);
    await cluster.create(configMap('owner'));
    const owner = await cluster.client.get(CONFIG_MAP, { namespace, name: 'owner' });
    const kept = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      name: 'agent',
      uid: (await cluster.daemonSet()).metadata.uid ?? '',
    };
    const going = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid ?? '' };
    await cluster.create(configMap('shared', [going, kept]));
    await cluster.settle();
    await cluster.remove(CONFIG_MAP, 'owner');
    await cluster.settle();
    const shared = await cluster.client.get(CONFIG_MAP, { namespace, name: 'shared' });
    expect(shared.metadata.ownerReferences).toEqual([kept]);
  });

  test('deletes what names an owner in another namespace, and leaves that owner alone', async () => {
    const cluster = await running(1);
    await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } });
    await cluster.create(configMap('owner'));
    const { uid = '' } = (await cluster.client.get(CONFIG_MAP, { namespace, name: 'owner' })).metadata;
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid };
    await cluster.client.commit([
      {
        verb: 'create',
        kind: CONFIG_MAP,
        namespace: 'elsewhere',
        object: configMap('dependent', [reference]),
      },
    ]);
    expect(await cluster.client.get(CONFIG_MAP, { namespace: 'elsewhere', name: 'dependent' })).toBeDefined();
    await cluster.create(configMap('beside', [reference]));
    await cluster.settle();
    const names = (await cluster.client.list(CONFIG_MAP)).items.map(({ metadata }) => metadata.name);
    expect(names).not.toContain('dependent');
    expect(names).toEqual(expect.arrayContaining(['owner', 'beside']));
  });

  test('finds an owner without a namespace', async () => {
    const cluster = await running(1);
    const { uid = '' } = (await cluster.client.get(NODE, { namespace: '', name: 'worker-1' })).metadata;
    const reference = { apiVersion: 'v1', kind: 'Node', name: 'worker-1', uid };
    await cluster.create(
      configMap('of-the-node', [reference]),
      configMap('of-an-earlier-node', [{ ...reference, uid: 'of-an-earlier-one' }]),
    );
    await cluster.settle();
    const found = async () =>
      (await cluster.client.list(CONFIG_MAP, { namespace })).items.map(({ metadata }) => metadata.name);
    expect(await found()).toContain('of-the-node');
    expect(await found()).not.toContain('of-an-earlier-node');
    await cluster.remove(NODE, 'worker-1');
    await cluster.settle();
    expect(await found()).not.toContain('of-the-node');
  });

  test('lets an owner go when the last object that blocks it is gone, although that one misnamed it', async () => {
    const cluster = await running(1);
    await cluster.create(configMap('owner'));
    const { uid = '' } = (await cluster.client.get(CONFIG_MAP, { namespace, name: 'owner' })).metadata;
    const misnamed = { apiVersion: 'v1', kind: 'ConfigMap', name: 'other', uid, blockOwnerDeletion: true };
    const dependent = configMap('dependent', [misnamed]);
    await cluster.create({
      ...dependent,
      metadata: { ...dependent.metadata, finalizers: ['example.test/hold'] },
    });
    await cluster.remove(CONFIG_MAP, 'owner', { propagationPolicy: 'Foreground' });
    await cluster.settle();
    const found = async () =>
      (await cluster.client.list(CONFIG_MAP, { namespace })).items.map(({ metadata }) => metadata.name);
    expect(await found()).toEqual(expect.arrayContaining(['owner', 'dependent']));
    await cluster.patch(CONFIG_MAP, 'dependent', { metadata: { finalizers: null } });
    await cluster.settle();
    expect(await found()).not.toContain('dependent');
    expect(await found()).not.toContain('owner');
  });
});

describe('deleting a namespace', () => {
  test('takes all of its content along, events included', async () => {
    const cluster = await running(2);
    await cluster.do({
      verb: 'create',
      kind: NAMESPACE,
      namespace: '',
      object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } },
    });
    const set = daemonSet();
    const object = { ...set, metadata: { ...set.metadata, namespace: 'apps' } };
    await cluster.do({ verb: 'create', kind: DAEMON_SET, namespace: 'apps', object });
    await cluster.settle();
    expect((await cluster.client.list(POD, { namespace: 'apps' })).items).toHaveLength(2);
    await cluster.remove(NAMESPACE, 'apps');
    await cluster.settle();
    const left = (await cluster.client.list(NAMESPACE)).items.map(({ metadata }) => metadata.name);
    expect(left).not.toContain('apps');
    expect((await cluster.client.list(POD, { namespace: 'apps' })).items).toEqual([]);
    expect((await cluster.client.list(EVENT, { namespace: 'apps' })).items).toEqual([]);
    expect(await cluster.pods()).toHaveLength(2);
  });
});
