import { expect, test } from 'vitest';
import type { PatchType } from '../../../../src/api/client.ts';
import type { Json } from '../../../../src/api/meta.ts';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import { CONFIG_MAP, configMap, creating, daemonSet, workbench } from './objects.ts';

const KEY = { namespace: 'default', name: 'one' };

function patching(patchType: PatchType, patch: Json) {
  return { verb: 'patch', kind: DAEMON_SET, key: KEY, patchType, patch } as const;
}

test.each<[PatchType, Json]>([
  ['merge', { spec: { minReadySeconds: 5 } }],
  ['strategic', { spec: { minReadySeconds: 5 } }],
  ['json', [{ op: 'add', path: '/spec/minReadySeconds', value: 5 }]],
])('a %s patch changes what it names and leaves the rest', async (patchType, patch) => {
  const { written } = workbench();
  const made = await written(creating(DAEMON_SET, daemonSet('one')));
  const patched = await written(patching(patchType, patch));
  expect(patched).toMatchObject({ spec: { minReadySeconds: 5 }, metadata: { generation: 2 } });
  expect({ ...patched, spec: undefined, metadata: undefined }).toEqual({
    ...made,
    spec: undefined,
    metadata: undefined,
  });
});

test('a strategic patch merges containers by name', async () => {
  const { written } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  const patched = await written(
    patching('strategic', { spec: { template: { spec: { containers: [{ name: 'side', image: 'b:1' }] } } } }),
  );
  expect(patched).toMatchObject({
    spec: { template: { spec: { containers: [{ name: 'side' }, { name: 'main' }] } } },
  });
});

test('a patch that changes nothing is not written', async () => {
  const { written, write } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  expect(await write(patching('merge', { metadata: { labels: null } }))).toMatchObject({ did: 'unchanged' });
});

test('a missing object is not found', async () => {
  const { refused } = workbench();
  expect((await refused(patching('merge', {}))).message).toBe('daemonsets.apps "one" not found');
});

test('a JSON patch that does not apply is refused without a word about where', async () => {
  const { written, refused } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  expect(await refused(patching('json', [{ op: 'remove', path: '/spec/nope' }]))).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'the server rejected our request due to an error in our request',
    reason: 'Invalid',
    details: {},
    code: 422,
  });
});

test('a patched object that does not decode is refused with 422 about the patch', async () => {
  const { written, refused } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  const error = await refused(patching('merge', { spec: { minReadySeconds: 'soon' } }));
  expect([error.code, error.reason, error.details?.causes?.[0]?.field]).toEqual([422, 'Invalid', 'patch']);
});

test('a patched object that is not valid is refused with 422 about its fields', async () => {
  const { written, refused } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  const error = await refused(patching('merge', { spec: { minReadySeconds: -1 } }));
  expect(error.message).toBe(
    'DaemonSet.apps "one" is invalid: spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
  );
});

test('a resourceVersion in the patch is an optimistic lock', async () => {
  const { written, write, refused } = workbench();
  const made = await written(creating(DAEMON_SET, daemonSet('one')));
  const error = await refused(patching('merge', { metadata: { resourceVersion: '1', labels: { a: 'b' } } }));
  expect(error.message).toBe(
    'Operation cannot be fulfilled on daemonsets.apps "one": the object has been modified; please apply your changes to the latest version and try again',
  );
  const { resourceVersion = '' } = made.metadata;
  expect(await write(patching('merge', { metadata: { resourceVersion, labels: { a: 'b' } } }))).toMatchObject(
    {
      did: 'updated',
    },
  );
});

test('another UID in a patch is refused with 422, as controllers that guard by UID expect', async () => {
  const { written, refused } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  const error = await refused(patching('merge', { metadata: { uid: 'other' } }));
  expect(error.message).toBe(
    'DaemonSet.apps "one" is invalid: metadata.uid: Invalid value: "other": field is immutable',
  );
});

test.each<[string, PatchType, Json, string]>([
  [
    'renames',
    'merge',
    { metadata: { name: 'two' } },
    'the name of the object (two) does not match the name on the URL (one)',
  ],
  [
    'takes the name away',
    'json',
    [{ op: 'replace', path: '', value: {} }],
    'the name of the object (one based on URL) was undeterminable: name must be provided',
  ],
])('a patch that %s is refused with 400', async (_, patchType, patch, message) => {
  const { written, refused } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  const error = await refused(patching(patchType, patch));
  expect([error.code, error.message]).toEqual([400, message]);
});

test('a dry run answers with the patched object and stores nothing', async () => {
  const { written, write, client } = workbench();
  await written(creating(CONFIG_MAP, configMap('one', { a: '1' })));
  const before = await client.revision();
  const outcome = await write({
    verb: 'patch',
    kind: CONFIG_MAP,
    key: KEY,
    patchType: 'merge',
    patch: { data: { a: '2' } },
    dryRun: true,
  });
  expect(outcome).toMatchObject({ ok: true, did: 'updated', object: { data: { a: '2' } } });
  expect(await client.revision()).toBe(before);
});
