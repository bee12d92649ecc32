import { expect, test } from 'vitest';
import type { KindRef, KubeObject } from '../../../../src/api/meta.ts';
import { DAEMON_SET, NODE } from '../../../../src/api/well-known.ts';
import { type Body, bodyOf, CONFIG_MAP, configMap, creating, daemonSet, workbench } from './objects.ts';

const LEASE: KindRef = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' };
const PDB: KindRef = { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget' };

function putting(
  kind: KindRef,
  object: KubeObject,
  name = object.metadata.name ?? '',
  namespace = 'default',
) {
  return { verb: 'update', kind, key: { namespace, name }, object } as const;
}

function withMetadata(object: KubeObject, metadata: Body): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}

test('a missing object is not found', async () => {
  const { refused } = workbench();
  const error = await refused(putting(DAEMON_SET, daemonSet('one')));
  expect([error.code, error.message]).toEqual([404, 'daemonsets.apps "one" not found']);
  expect(error.details).toEqual({ name: 'one', group: 'apps', kind: 'daemonsets' });
});

test('kinds that upstream creates by PUT are created by PUT', async () => {
  const { write } = workbench();
  const lease = bodyOf({ metadata: { name: 'one', namespace: 'default' }, spec: { holderIdentity: 'me' } });
  expect(await write(putting(LEASE, lease))).toMatchObject({ ok: true, did: 'created' });
});

test('without a resourceVersion the last write wins', async () => {
  const { written } = workbench();
  const made = await written(creating(CONFIG_MAP, configMap('one', { a: '1' })));
  const next = await written(putting(CONFIG_MAP, configMap('one', { a: '2' })));
  expect(next).toMatchObject({ data: { a: '2' }, metadata: { uid: made.metadata.uid } });
  expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion));
});

test('an old resourceVersion is a conflict', async () => {
  const { written, refused } = workbench();
  const made = await written(creating(DAEMON_SET, daemonSet('one')));
  await written(putting(DAEMON_SET, withMetadata(made, { labels: { a: 'b' } })));
  const error = await refused(putting(DAEMON_SET, withMetadata(made, { labels: { a: 'c' } })));
  expect([error.code, error.reason, error.message]).toEqual([
    409,
    'Conflict',
    'Operation cannot be fulfilled on daemonsets.apps "one": the object has been modified; please apply your changes to the latest version and try again',
  ]);
  expect(error.details).toEqual({ name: 'one', group: 'apps', kind: 'daemonsets' });
});

test('kinds without unconditional update demand a resourceVersion', async () => {
  const { written, refused } = workbench();
  await written(creating(PDB, bodyOf({ metadata: { name: 'one' }, spec: { maxUnavailable: 1 } })));
  const error = await refused(
    putting(PDB, bodyOf({ metadata: { name: 'one', namespace: 'default' }, spec: { maxUnavailable: 2 } })),
  );
  expect([error.code, error.message]).toEqual([
    422,
    'PodDisruptionBudget.policy "one" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  ]);
});

test('another UID is a conflict', async () => {
  const { written, refused } = workbench();
  const made = await written(creating(DAEMON_SET, daemonSet('one')));
  const error = await refused(putting(DAEMON_SET, withMetadata(made, { uid: 'other' })));
  expect(error.reason).toBe('Conflict');
  expect(error.message).toBe(
    `Operation cannot be fulfilled on daemonsets.apps "one": StorageError: invalid object, Code: 4, Key: /registry/daemonsets/default/one, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: ${made.metadata.uid}`,
  );
});

test.each([
  ['another name', { name: 'two' }, 'the name of the object (two) does not match the name on the URL (one)'],
  [
    'another namespace',
    { namespace: 'kube-system' },
    'the namespace of the object (kube-system) does not match the namespace on the request (default)',
  ],
  [
    'no name',
    { name: '' },
    'the name of the object (one based on URL) was undeterminable: name must be provided',
  ],
])('%s than the request has is refused with 400', async (_, metadata, message) => {
  const { written, refused } = workbench();
  const made = await written(creating(CONFIG_MAP, configMap('one')));
  const error = await refused(putting(CONFIG_MAP, withMetadata(made, metadata), 'one'));
  expect([error.code, error.reason, error.message]).toEqual([400, 'BadRequest', message]);
});

test('a PUT that changes nothing is not written', async () => {
  const { written, write, client } = workbench();
  const made = await written(creating(DAEMON_SET, daemonSet('one')));
  const before = await client.revision();
  expect(await write(putting(DAEMON_SET, daemonSet('one')))).toMatchObject({
    ok: true,
    did: 'unchanged',
    object: made,
  });
  expect(await client.revision()).toBe(before);
});

test('what the system set stays when a PUT leaves it out', async () => {
  const { written } = workbench();
  const made = await written(creating(NODE, bodyOf({ metadata: { name: 'n' } }), ''));
  const next = await written(putting(NODE, bodyOf({ metadata: { name: 'n', labels: { a: 'b' } } }), 'n', ''));
  expect(next.metadata).toEqual({
    ...made.metadata,
    labels: { a: 'b' },
    resourceVersion: next.metadata.resourceVersion,
  });
});

test('a subresource that the kind does not have is not found', async () => {
  const { written, refused } = workbench();
  const made = await written(creating(DAEMON_SET, daemonSet('one')));
  const error = await refused({ ...putting(DAEMON_SET, made), subresource: 'scale' });
  expect(error.message).toBe('the server could not find the requested resource');
});

test('the last finalizer of a deleted object takes it along', async () => {
  const { written, write, client } = workbench();
  const key = { namespace: 'default', name: 'one' };
  await written(creating(CONFIG_MAP, configMap('one', {}, { finalizers: ['example.com/hold'] })));
  const deleting = await written({ verb: 'delete', kind: CONFIG_MAP, key });
  expect(deleting.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
  const outcome = await write(putting(CONFIG_MAP, withMetadata(deleting, { finalizers: [] })));
  expect(outcome).toMatchObject({ ok: true, did: 'deleted' });
  await expect(client.get(CONFIG_MAP, key)).rejects.toThrow('configmaps "one" not found');
});
