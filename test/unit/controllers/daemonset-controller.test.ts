import { describe, expect, test } from 'vitest';
import type { Client, WriteOutcome, WriteRequest } from '../../../src/api/client.ts';
import type { Status } from '../../../src/api/status.ts';
import { DAEMON_SET, POD } from '../../../src/api/well-known.ts';
import { daemonSet, namespace, node, nodesOf, world } from '../../sim/support/world.ts';

const forbidden = (causes: readonly { readonly reason: string }[] = []): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason: 'Forbidden',
  message: 'pods "agent-" is forbidden: no more',
  details: { causes },
  code: 403,
});

/** A client that refuses some writes as long as `isOn()`, and logs the sizes of batches that create pods. */
function refusing(isRefused: (request: WriteRequest) => boolean, error: Status, log: number[] = []) {
  return (client: Client): Client => ({
    ...client,
    async commit(requests) {
      const creates = requests.filter(
        ({ verb, kind, subresource }) => verb === 'create' && kind === POD && !subresource,
      );
      if (creates.length > 0) log.push(creates.length);
      const allowed = requests.filter((request) => !isRefused(request));
      const done = [...(await client.commit(allowed))];
      return requests.map((request): WriteOutcome => {
        const outcome = isRefused(request) ? undefined : done.shift();
        return outcome ?? { ok: false, error, warnings: [] };
      });
    },
  });
}

const createsPod = ({ verb, kind, subresource }: WriteRequest): boolean =>
  verb === 'create' && kind === POD && subresource === undefined;
const workers = Array.from({ length: 5 }, (_, index) => node(`worker-${index + 1}`));

describe('the DaemonSet controller', () => {
  test('spares the API further pods when the first is refused, tells, and tries again', async () => {
    const sizes: number[] = [];
    let refused = true;
    const cluster = world({
      wrap: refusing((request) => refused && createsPod(request), forbidden(), sizes),
    });
    await cluster.create(...workers, daemonSet());
    while (await cluster.manager.step());
    expect(new Set(sizes)).toEqual(new Set([1]));
    expect(await cluster.events()).toContainEqual(
      expect.objectContaining({
        type: 'Warning',
        reason: 'FailedCreate',
        message: 'Error creating: pods "agent-" is forbidden: no more',
      }),
    );
    // The numbers are written all the same.
    expect((await cluster.daemonSet()).status).toMatchObject({
      desiredNumberScheduled: 5,
      currentNumberScheduled: 0,
    });
    refused = false;
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toHaveLength(5);
  });

  test('takes a refusal for a namespace that is going away as it is', async () => {
    const error = forbidden([{ reason: 'NamespaceTerminating' }]);
    const cluster = world({ wrap: refusing(createsPod, error) });
    await cluster.create(...workers, daemonSet());
    const end = await cluster.settle();
    expect(end.settled).toBe(true);
    expect((await cluster.events()).map(({ reason }) => reason)).not.toContain('FailedCreate');
  });

  test('tells of a pod that it cannot delete', async () => {
    let refused = false;
    const isDelete = ({ verb, kind }: WriteRequest): boolean =>
      refused && verb === 'delete' && kind.kind === 'Pod';
    const cluster = world({ wrap: refusing(isDelete, forbidden()) });
    await cluster.create(node('worker-1'), daemonSet());
    await cluster.settle();
    refused = true;
    const image = 'example.test/agent:2';
    await cluster.patch(DAEMON_SET, 'agent', {
      spec: { template: { spec: { containers: [{ name: 'agent', image }] } } },
    });
    const end = await cluster.settle();
    expect(end.settled).toBe(false);
    expect(end.stillWaiting[0]?.wait?.kind).toBe('retry');
    expect((await cluster.events()).map(({ message }) => message)).toContain(
      'Error deleting: pods "agent-" is forbidden: no more',
    );
  });

  test('creates 250 pods a sync at most', async () => {
    const sizes: number[] = [];
    const cluster = world({ wrap: refusing(() => false, forbidden(), sizes) });
    await cluster.create(...Array.from({ length: 300 }, (_, index) => node(`worker-${index}`)));
    await cluster.settle();
    await cluster.create(daemonSet());
    await cluster.settle();
    expect(sizes).toEqual([1, 249, 1, 49]);
  });

  test('adopts nothing for a DaemonSet that is gone by now', async () => {
    const cluster = world({
      wrap: (client) => ({
        ...client,
        get: async (kind, key) => {
          const live = await client.get(kind, key);
          return { ...live, metadata: { ...live.metadata, uid: 'of-a-later-one' } };
        },
      }),
    });
    const failures: string[] = [];
    await cluster.create(daemonSet());
    await cluster.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'orphan', labels: { app: 'agent' } },
      spec: { containers: [{ name: 'c', image: 'example.test/app:1' }] },
    } as never);
    const end = await cluster.settle();
    failures.push(end.stillWaiting[0]?.wait?.because ?? '');
    expect(failures[0]).toMatch(/original DaemonSet default\/agent is gone: got uid of-a-later-one, wanted /);
    const orphan = await cluster.client.get(POD, { namespace, name: 'orphan' });
    expect(orphan.metadata.ownerReferences).toBeUndefined();
  });

  test('writes a status that lost a race over the state that won', async () => {
    let race = true;
    const condition = { type: 'Mine', status: 'True' };
    const cluster = world({
      wrap: (client) => ({
        ...client,
        commit: async (requests) => {
          const isStatus = requests.some(
            ({ verb, kind, subresource }) =>
              verb === 'update' && kind.kind === 'DaemonSet' && subresource === 'status',
          );
          if (race && isStatus) {
            race = false;
            await client.commit([
              {
                verb: 'patch',
                kind: DAEMON_SET,
                key: { namespace, name: 'agent' },
                subresource: 'status',
                patchType: 'merge',
                patch: { status: { conditions: [condition] } },
              },
            ]);
          }
          return client.commit(requests);
        },
      }),
    });
    await cluster.create(node('worker-1'), daemonSet());
    const end = await cluster.settle();
    expect(end.jumps).toEqual([]);
    expect((await cluster.daemonSet()).status).toMatchObject({ numberAvailable: 1, conditions: [condition] });
  });
});
