import { expect, test } from 'vitest';
import { POD } from '../../../../src/api/well-known.ts';
import { type Body, bodyOf, creating, pod, workbench } from './objects.ts';

const KEY = { namespace: 'default', name: 'one' };

function posting(subresource: string, object: Body) {
  return { verb: 'create', kind: POD, namespace: 'default', subresource, object: bodyOf(object) } as const;
}

const binding = (metadata: Body = {}, target: Body = { kind: 'Node', name: 'n1' }) =>
  posting('binding', { metadata: { name: 'one', ...metadata }, target });

test('a binding puts the pod on its node and says that it is scheduled', async () => {
  const { written } = workbench();
  const made = await written(creating(POD, pod('one')));
  const bound = await written(binding());
  expect(bound).toMatchObject({
    metadata: { uid: made.metadata.uid, generation: 1 },
    spec: { nodeName: 'n1' },
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    },
  });
});

test('a pod that has a node keeps it', async () => {
  const { written, refused } = workbench();
  await written(creating(POD, pod('one')));
  await written(binding());
  const error = await refused(binding({}, { kind: 'Node', name: 'n2' }));
  expect([error.code, error.reason, error.message]).toEqual([
    409,
    'Conflict',
    'Operation cannot be fulfilled on pods/binding "one": pod one is already assigned to node "n1"',
  ]);
});

test('a pod on its way out is not bound', async () => {
  const { written, refused } = workbench();
  await written(creating(POD, pod('one', {}, { finalizers: ['example.com/hold'] })));
  await written({ verb: 'delete', kind: POD, key: KEY });
  expect((await refused(binding())).message).toBe(
    'Operation cannot be fulfilled on pods/binding "one": pod one is being deleted, cannot be assigned to a host',
  );
});

test('a gated pod is not bound', async () => {
  const { written, refused } = workbench();
  await written(creating(POD, pod('one', { schedulingGates: [{ name: 'example.com/wait' }] })));
  expect((await refused(binding())).message).toContain('pod one has non-empty .spec.schedulingGates');
});

test('a binding for another UID is refused', async () => {
  const { written, refused } = workbench();
  await written(creating(POD, pod('one')));
  expect((await refused(binding({ uid: 'other' }))).message).toContain('UID in precondition: other');
});

test('a binding needs a node', async () => {
  const { written, refused } = workbench();
  await written(creating(POD, pod('one')));
  const error = await refused(binding({}, { kind: 'Node' }));
  expect([error.code, error.message]).toEqual([422, 'Binding "one" is invalid: target.name: Required value']);
});

test('a binding of a missing pod is not found', async () => {
  const { refused } = workbench();
  expect((await refused(binding())).message).toBe('pods "one" not found');
});

test('an eviction deletes the pod with its options', async () => {
  const { written, write } = workbench();
  await written(creating(POD, pod('one')));
  await written(binding());
  const eviction = posting('eviction', {
    metadata: { name: 'one' },
    deleteOptions: { gracePeriodSeconds: 7 },
  });
  expect(await write(eviction)).toMatchObject({
    did: 'deleting',
    object: { metadata: { deletionGracePeriodSeconds: 7 } },
  });
});

test('an unknown subresource is not found', async () => {
  const { written, refused } = workbench();
  await written(creating(POD, pod('one')));
  expect((await refused(posting('nope', { metadata: { name: 'one' } }))).code).toBe(404);
});
