import { expect, test } from 'vitest';
import type { WriteRequest } from '../../../../src/api/client.ts';
import type { Json, KubeObject } from '../../../../src/api/meta.ts';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import { CONFIG_MAP, configMap, creating, daemonSet, workbench } from './objects.ts';

const KEY = { namespace: 'default', name: 'one' };

function applying(object: Json, options: Partial<WriteRequest> = {}): WriteRequest {
  const base = { verb: 'patch', kind: CONFIG_MAP, key: KEY, patchType: 'apply', fieldManager: 'me' } as const;
  return { ...base, patch: object, ...options } as WriteRequest;
}

function config(data: Json, metadata: { readonly [name: string]: Json } = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', ...metadata }, data };
}

function ownersOf(object: KubeObject): Readonly<Record<string, Json | undefined>> {
  const entries = (object.metadata.managedFields ?? []) as readonly {
    readonly [name: string]: Json;
  }[];
  return Object.fromEntries(
    entries.map(({ manager, operation, subresource = '', fieldsV1 }) => [
      `${manager} ${operation} ${subresource}`.trim(),
      fieldsV1,
    ]),
  );
}

test('an apply makes an object that is missing, owned by its manager', async () => {
  const { write, client } = workbench();
  const outcome = await write(applying(config({ a: '1' })));
  expect(outcome).toMatchObject({ ok: true, did: 'created' });
  const made = await client.get(CONFIG_MAP, KEY);
  expect(made).toMatchObject({ data: { a: '1' }, metadata: { name: 'one', namespace: 'default' } });
  expect(made.metadata.uid).toBeTruthy();
  expect(ownersOf(made)).toEqual({ 'me Apply': { 'f:data': { 'f:a': {} } } });
});

test('the same apply again changes nothing', async () => {
  const { write, written, clock } = workbench();
  const first = await written(applying(config({ a: '1' })));
  clock.advanceTo(clock.now() + 60_000);
  expect(await write(applying(config({ a: '1' })))).toMatchObject({ did: 'unchanged', object: first });
});

test('what a manager leaves out of its next apply goes away', async () => {
  const { written } = workbench();
  await written(applying(config({ a: '1', b: '2' })));
  expect(await written(applying(config({ a: '1' })))).toMatchObject({ data: { a: '1' } });
  expect(await written(applying(config({ a: '1' })))).not.toHaveProperty('data.b');
});

test('the creator of a field stands in the way of another value, until force takes it', async () => {
  const { written, refused } = workbench();
  await written({ ...creating(CONFIG_MAP, configMap('one', { a: '1' })), fieldManager: 'creator' });
  expect(await refused(applying(config({ a: '2' })))).toMatchObject({
    code: 409,
    reason: 'Conflict',
    message: 'Apply failed with 1 conflict: conflict with "creator" using v1: .data.a',
    details: { causes: [{ reason: 'FieldManagerConflict', field: '.data.a' }] },
  });
  const forced = await written(applying(config({ a: '2' }), { force: true }));
  expect(forced).toMatchObject({ data: { a: '2' } });
  expect(ownersOf(forced)).toEqual({
    'me Apply': { 'f:data': { 'f:a': {} } },
    'creator Update': { 'f:data': {} },
  });
});

test.each<[string, Json, Partial<WriteRequest>, number, string]>([
  [
    'without a field manager',
    config({}),
    { fieldManager: '' },
    422,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  ],
  [
    'with managers of its own',
    config({}, { managedFields: [{ manager: 'me' }] }),
    {},
    400,
    'metadata.managedFields must be nil',
  ],
  [
    'with an unknown field',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, nope: 1 },
    {},
    500,
    'failed to create typed patch object (/one; v1, Kind=ConfigMap): .nope: field not declared in schema',
  ],
  [
    'for a UID that is not there',
    config({}, { uid: 'x' }),
    {},
    409,
    'Operation cannot be fulfilled on configmaps "one": uid mismatch: the provided object specified uid x, and no existing object was found',
  ],
  [
    'in a namespace that is not there',
    config({}),
    { key: { namespace: 'nowhere', name: 'one' } } as Partial<WriteRequest>,
    404,
    'namespaces "nowhere" not found',
  ],
])('an apply %s is refused', async (_, object, options, code, message) => {
  const { refused } = workbench();
  const error = await refused(applying(object, options));
  expect([error.code, error.message]).toEqual([code, message]);
});

test('force is for apply only', async () => {
  const { written, refused } = workbench();
  await written(creating(CONFIG_MAP, configMap('one')));
  const error = await refused(applying({}, { patchType: 'merge', force: true } as Partial<WriteRequest>));
  expect([error.code, error.message]).toEqual([
    422,
    'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
  ]);
});

test('an apply to the status of a missing object does not find it', async () => {
  const { refused } = workbench();
  const object: Json = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'one' } };
  const error = await refused(applying(object, { kind: DAEMON_SET, subresource: 'status' }));
  expect(error.message).toBe('daemonsets.apps "one" not found');
});

test('a dry run says what an apply would do', async () => {
  const { write, client } = workbench();
  expect(await write(applying(config({ a: '1' }), { dryRun: true }))).toMatchObject({ did: 'created' });
  expect((await client.list(CONFIG_MAP, { namespace: 'default' })).items).toEqual([]);
});

test('who writes without a field manager is not tracked, and leaves the managers as they are', async () => {
  const { written } = workbench();
  const made = await written(creating(DAEMON_SET, daemonSet('one')));
  expect(made.metadata).not.toHaveProperty('managedFields');
  const labels: Json = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'one', labels: { a: 'b' } },
  };
  const applied = await written(applying(labels, { kind: DAEMON_SET }));
  const { managedFields } = applied.metadata;
  const status = { status: { numberReady: 1 } };
  const updated = await written({
    verb: 'patch',
    kind: DAEMON_SET,
    key: KEY,
    subresource: 'status',
    patchType: 'merge',
    patch: status,
  });
  expect(updated.metadata.managedFields).toEqual(managedFields);
});

test('a writer with a field manager owns what it changed, apart from those of the status', async () => {
  const { written } = workbench();
  await written({ ...creating(DAEMON_SET, daemonSet('one')), fieldManager: 'creator' });
  const base = { verb: 'patch', kind: DAEMON_SET, key: KEY, patchType: 'merge' } as const;
  await written({ ...base, patch: { spec: { minReadySeconds: 5 } }, fieldManager: 'tuner' });
  const patched = await written({
    ...base,
    subresource: 'status',
    patch: { status: { numberReady: 3 } },
    fieldManager: 'controller',
  });
  expect(ownersOf(patched)).toMatchObject({
    'tuner Update': { 'f:spec': { 'f:minReadySeconds': {} } },
    'controller Update status': { 'f:status': { 'f:numberReady': {} } },
  });
  expect(ownersOf(patched)['creator Update']).toHaveProperty(['f:spec', 'f:selector']);
  expect(ownersOf(patched)['creator Update']).not.toHaveProperty('f:status');
});

test('a patch may replace the managers, and one empty entry takes them away', async () => {
  const { written } = workbench();
  const made = await written({
    ...creating(CONFIG_MAP, configMap('one', { a: '1' })),
    fieldManager: 'creator',
  });
  expect(ownersOf(made)).toHaveProperty('creator Update');
  const base = { verb: 'patch', kind: CONFIG_MAP, key: KEY, patchType: 'merge' } as const;
  const entry: Json = {
    manager: 'other',
    operation: 'Apply',
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': { 'f:a': {} } },
  };
  const replaced = await written({
    ...base,
    patch: { metadata: { managedFields: [entry] } },
    fieldManager: 'kubectl',
  });
  expect(replaced.metadata.managedFields).toEqual([entry]);
  const bare = await written({ ...base, patch: { metadata: { managedFields: [{}] } } });
  expect(bare.metadata).not.toHaveProperty('managedFields');
});
