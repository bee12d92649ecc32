import { expect, test } from 'vitest';
import type { PropagationPolicy } from '../../../../src/api/client.ts';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { DAEMON_SET, NAMESPACE, POD } from '../../../../src/api/well-known.ts';
import { bodyOf, CONFIG_MAP, configMap, creating, daemonSet, pod, workbench } from './objects.ts';

const KEY = { namespace: 'default', name: 'one' };
const deleting = { verb: 'delete', kind: POD, key: KEY } as const;

async function boundPod(status: object = {}) {
  const bench = workbench();
  await bench.written(creating(POD, pod('one')));
  await bench.written({
    verb: 'create',
    kind: POD,
    namespace: 'default',
    subresource: 'binding',
    object: bodyOf({ metadata: { name: 'one' }, target: { kind: 'Node', name: 'n1' } }),
  });
  if (Object.keys(status).length > 0) {
    await bench.written({
      verb: 'patch',
      kind: POD,
      key: KEY,
      subresource: 'status',
      patchType: 'merge',
      patch: { status: { ...status } },
    });
  }
  return bench;
}

test('an object that nothing holds goes at once, and comes back as it last was', async () => {
  const { written, write, client } = workbench();
  const made = await written(creating(CONFIG_MAP, configMap('one')));
  const outcome = await write({ verb: 'delete', kind: CONFIG_MAP, key: KEY });
  expect(outcome).toEqual({ ok: true, did: 'deleted', object: made, warnings: [] });
  await expect(client.get(CONFIG_MAP, KEY)).rejects.toThrow('configmaps "one" not found');
});

test('a missing object is not found', async () => {
  const { refused } = workbench();
  expect((await refused(deleting)).message).toBe('pods "one" not found');
});

test('finalizers hold a deleted object, which counts as a new generation', async () => {
  const { written, write } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one', {}, { finalizers: ['example.com/hold'] })));
  const outcome = await write({ verb: 'delete', kind: DAEMON_SET, key: KEY });
  expect(outcome).toMatchObject({
    did: 'deleting',
    object: {
      metadata: {
        deletionTimestamp: '2026-01-01T00:00:00Z',
        deletionGracePeriodSeconds: 0,
        generation: 2,
        finalizers: ['example.com/hold'],
      },
    },
  });
  const again = await write({ verb: 'delete', kind: DAEMON_SET, key: KEY });
  expect(again).toMatchObject({ did: 'deleting', object: { metadata: { generation: 2 } } });
});

test.each<[PropagationPolicy | undefined, readonly string[] | undefined]>([
  ['Foreground', ['foregroundDeletion']],
  ['Orphan', ['orphan']],
  ['Background', undefined],
  [undefined, undefined],
])('propagation policy %s leaves the finalizers %j', async (propagationPolicy, finalizers) => {
  const { written, write } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  const outcome = await write({
    verb: 'delete',
    kind: DAEMON_SET,
    key: KEY,
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
  });
  expect(outcome).toMatchObject({ did: finalizers === undefined ? 'deleted' : 'deleting' });
  expect((outcome as { object: KubeObject }).object.metadata.finalizers).toEqual(finalizers);
});

test('preconditions that hold do not matter; those that do not are conflicts', async () => {
  const { written, write, refused } = workbench();
  const { metadata } = await written(creating(DAEMON_SET, daemonSet('one')));
  const request = { verb: 'delete', kind: DAEMON_SET, key: KEY } as const;
  const { uid = '', resourceVersion = '' } = metadata;
  expect(await refused({ ...request, preconditions: { uid: 'other' } })).toMatchObject({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on DaemonSet.apps "one": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
  });
  expect(await refused({ ...request, preconditions: { resourceVersion: '1' } })).toMatchObject({
    code: 409,
    message: `Operation cannot be fulfilled on DaemonSet.apps "one": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
  });
  expect(await write({ ...request, preconditions: { uid, resourceVersion } })).toMatchObject({
    did: 'deleted',
  });
});

test('a pod without a node goes at once', async () => {
  const { written, write } = workbench();
  await written(creating(POD, pod('one')));
  expect(await write(deleting)).toMatchObject({ did: 'deleted' });
});

test('a pod on a node has its own grace period, and a new generation', async () => {
  const { write } = await boundPod();
  expect(await write(deleting)).toMatchObject({
    did: 'deleting',
    object: {
      metadata: {
        deletionTimestamp: '2026-01-01T00:00:30Z',
        deletionGracePeriodSeconds: 30,
        generation: 2,
      },
    },
  });
});

test.each(['Failed', 'Succeeded'])('a pod in phase %s goes at once', async (phase) => {
  const { write } = await boundPod({ phase });
  expect(await write(deleting)).toMatchObject({ did: 'deleted' });
});

test.each([
  [5, 5],
  [0, 0],
  [-3, 1],
])('a pod deleted with a grace of %d seconds has %d', async (gracePeriodSeconds, seconds) => {
  const { write } = await boundPod();
  const outcome = await write({ ...deleting, gracePeriodSeconds });
  expect(outcome).toMatchObject({
    did: seconds === 0 ? 'deleted' : 'deleting',
    object: { metadata: { deletionGracePeriodSeconds: seconds } },
  });
});

test('a second deletion may shorten the grace period, counted from the first, but not lengthen it', async () => {
  const { write, clock } = await boundPod();
  await write(deleting);
  clock.advanceTo(clock.now() + 4_000);
  expect(await write({ ...deleting, gracePeriodSeconds: 40 })).toMatchObject({
    did: 'deleting',
    object: { metadata: { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 } },
  });
  expect(await write({ ...deleting, gracePeriodSeconds: 10 })).toMatchObject({
    did: 'deleting',
    object: {
      metadata: { deletionTimestamp: '2026-01-01T00:00:10Z', deletionGracePeriodSeconds: 10, generation: 2 },
    },
  });
  expect(await write({ ...deleting, gracePeriodSeconds: 0 })).toMatchObject({ did: 'deleted' });
});

test('a finalizer holds a pod beyond its grace period', async () => {
  const { write, written } = await boundPod();
  await written({
    verb: 'patch',
    kind: POD,
    key: KEY,
    patchType: 'merge',
    patch: { metadata: { finalizers: ['example.com/hold'] } },
  });
  expect(await write({ ...deleting, gracePeriodSeconds: 0 })).toMatchObject({ did: 'deleting' });
});

test('a namespace terminates, and goes when its own finalizer is taken away', async () => {
  const { written, write } = workbench();
  const key = { namespace: '', name: 'going' };
  await written(creating(NAMESPACE, bodyOf({ metadata: { name: 'going' } }), ''));
  const request = { verb: 'delete', kind: NAMESPACE, key } as const;
  const terminating = await written(request);
  expect(terminating).toMatchObject({
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Terminating' },
  });
  expect(await write(request)).toMatchObject({ did: 'deleting' });
  const finalized = { ...terminating, spec: {} } as KubeObject;
  expect(
    await write({ verb: 'update', kind: NAMESPACE, key, subresource: 'finalize', object: finalized }),
  ).toMatchObject({ did: 'deleted' });
});

test.each(['default', 'kube-system', 'kube-public'])('the namespace %s may not be deleted', async (name) => {
  const { refused } = workbench();
  const error = await refused({ verb: 'delete', kind: NAMESPACE, key: { namespace: '', name } });
  expect([error.code, error.message]).toEqual([
    403,
    `namespaces "${name}" is forbidden: this namespace may not be deleted`,
  ]);
});
