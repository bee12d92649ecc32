import { expect, test } from 'vitest';
import { DAEMON_SET, NAMESPACE, NODE, POD } from '../../../../src/api/well-known.ts';
import { bodyOf, CONFIG_MAP, configMap, creating, daemonSet, pod, workbench } from './objects.ts';

test('a new object gets a UID, a creation time and a resourceVersion', async () => {
  const { written, client } = workbench();
  const made = await written(creating(CONFIG_MAP, configMap('one', { a: 'b' })));
  expect(made.metadata).toEqual({
    name: 'one',
    namespace: 'default',
    uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    creationTimestamp: '2026-01-01T00:00:00Z',
    resourceVersion: await client.revision(),
  });
  expect(await client.get(CONFIG_MAP, { namespace: 'default', name: 'one' })).toEqual(made);
});

test('what only the system sets is ignored when a user sets it', async () => {
  const { written } = workbench();
  const metadata = {
    uid: 'mine',
    creationTimestamp: '2020-01-01T00:00:00Z',
    deletionTimestamp: '2020-01-01T00:00:00Z',
    deletionGracePeriodSeconds: 3,
    managedFields: [{ manager: 'me' }],
  };
  const made = await written(creating(CONFIG_MAP, configMap('one', {}, metadata)));
  expect(made.metadata.uid).not.toBe('mine');
  expect(made.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z');
  expect(made.metadata).not.toHaveProperty('deletionTimestamp');
  expect(made.metadata).not.toHaveProperty('deletionGracePeriodSeconds');
  expect(made.metadata).not.toHaveProperty('managedFields');
});

test('a taken name is refused with 409', async () => {
  const { written, refused } = workbench();
  await written(creating(DAEMON_SET, daemonSet('one')));
  expect(await refused(creating(DAEMON_SET, daemonSet('one')))).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'daemonsets.apps "one" already exists',
    reason: 'AlreadyExists',
    details: { name: 'one', group: 'apps', kind: 'daemonsets' },
    code: 409,
  });
});

test('a missing namespace is refused with 404 before the object is validated', async () => {
  const { refused } = workbench();
  expect(await refused(creating(DAEMON_SET, daemonSet('one', { selector: {} }), 'nowhere'))).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'namespaces "nowhere" not found',
    reason: 'NotFound',
    details: { name: 'nowhere', kind: 'namespaces' },
    code: 404,
  });
});

test('a terminating namespace takes nothing new, and says so in a cause', async () => {
  const { written, refused } = workbench();
  await written(creating(NAMESPACE, bodyOf({ metadata: { name: 'going' } }), ''));
  await written({ verb: 'delete', kind: NAMESPACE, key: { namespace: '', name: 'going' } });
  const error = await refused(creating(POD, pod('one'), 'going'));
  expect(error.message).toBe(
    'pods "one" is forbidden: unable to create new content in namespace going because it is being terminated',
  );
  expect([error.code, error.reason]).toEqual([403, 'Forbidden']);
  expect(error.details).toEqual({
    name: 'one',
    kind: 'pods',
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: 'namespace going is being terminated',
        field: 'metadata.namespace',
      },
    ],
  });
});

test.each([
  ['the same', 'default', 'default'],
  ['none', undefined, 'default'],
])('an object that names %s namespace lands in that of the request', async (_, given, expected) => {
  const { written } = workbench();
  const made = await written(creating(CONFIG_MAP, configMap('one', {}, given ? { namespace: given } : {})));
  expect(made.metadata.namespace).toBe(expected);
});

test('an object that names another namespace is refused with 400', async () => {
  const { refused } = workbench();
  const error = await refused(creating(CONFIG_MAP, configMap('one', {}, { namespace: 'kube-system' })));
  expect([error.code, error.reason, error.message]).toEqual([
    400,
    'BadRequest',
    'the namespace of the provided object does not match the namespace sent on the request',
  ]);
});

test('a namespace on a cluster-scoped object is dropped', async () => {
  const { written } = workbench();
  const made = await written(creating(NODE, bodyOf({ metadata: { name: 'n', namespace: 'default' } }), ''));
  expect(made.metadata).not.toHaveProperty('namespace');
});

test('a resourceVersion on a new object is refused as upstream does, with a 500 without reason', async () => {
  const { refused } = workbench();
  const error = await refused(creating(CONFIG_MAP, configMap('one', {}, { resourceVersion: '5' })));
  expect(error).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'resourceVersion should not be set on objects to be created',
    code: 500,
  });
});

test('generateName is completed by five characters that are easily told apart', async () => {
  const { client } = workbench();
  const outcomes = await client.commit(
    Array.from({ length: 50 }, () => creating(POD, pod('', {}, { generateName: 'agent-' }))),
  );
  const names = outcomes.map((outcome) => (outcome.ok ? outcome.object.metadata.name : ''));
  expect(new Set(names).size).toBe(50);
  for (const name of names) expect(name).toMatch(/^agent-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('a long generateName is cut so that the name has 63 characters', async () => {
  const { written } = workbench();
  const made = await written(creating(POD, pod('', {}, { generateName: 'x'.repeat(80) })));
  expect(made.metadata.name).toMatch(/^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('a name without generateName is required', async () => {
  const { refused } = workbench();
  const error = await refused(creating(DAEMON_SET, daemonSet('')));
  expect(error.code).toBe(422);
  expect(error.message).toBe(
    'DaemonSet.apps "" is invalid: metadata.name: Required value: name or generateName is required',
  );
});

test('a dry run answers as a create would and stores nothing', async () => {
  const { write, client } = workbench();
  const before = await client.revision();
  const outcome = await write({ ...creating(CONFIG_MAP, configMap('one')), dryRun: true });
  expect(outcome).toMatchObject({ ok: true, did: 'created', object: { metadata: { name: 'one' } } });
  expect(await client.revision()).toBe(before);
});

test('a dry run of a taken name is refused', async () => {
  const { written, refused } = workbench();
  await written(creating(CONFIG_MAP, configMap('one')));
  const error = await refused({ ...creating(CONFIG_MAP, configMap('one')), dryRun: true });
  expect(error.reason).toBe('AlreadyExists');
});

test('unknown fields are refused under Strict, warned of under Warn, ignored under Ignore', async () => {
  const { write, refused } = workbench();
  const object = bodyOf({ metadata: { name: 'one' }, dat: {} });
  const error = await refused(creating(CONFIG_MAP, object));
  expect([error.code, error.message]).toEqual([
    400,
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat"',
  ]);
  const warned = await write({ ...creating(CONFIG_MAP, object), dryRun: true, fieldValidation: 'Warn' });
  expect(warned).toMatchObject({ ok: true, warnings: ['unknown field "dat"'] });
  const ignored = await write({ ...creating(CONFIG_MAP, object), dryRun: true, fieldValidation: 'Ignore' });
  expect(ignored).toMatchObject({ ok: true, warnings: [] });
});

test('a kind that is not served is refused with 404', async () => {
  const { refused } = workbench();
  const kind = { group: 'example.com', version: 'v1', kind: 'Widget' };
  expect(await refused(creating(kind, bodyOf({ metadata: { name: 'one' } })))).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'the server could not find the requested resource',
    reason: 'NotFound',
    details: {},
    code: 404,
  });
});
