import { expect, test } from 'vitest';
import { POD } from '../../../../src/api/well-known.ts';
import { type Body, bodyOf, creating, pod, workbench } from '../verbs/objects.ts';

const KEY = { namespace: 'default', name: 'one' };
const container = (resources: Body) => ({ name: 'main', image: 'a:1', resources });

test('a new pod is pending, whatever status it was given', async () => {
  const { written } = workbench();
  const object = bodyOf({ ...pod('one'), status: { phase: 'Running', podIP: '10.0.0.1' } });
  expect(await written(creating(POD, object))).toMatchObject({
    metadata: { generation: 1 },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  });
});

test.each<[string, Body]>([
  ['BestEffort', {}],
  ['BestEffort', { requests: { 'ephemeral-storage': '1Gi' } }],
  ['BestEffort', { requests: { cpu: '0' } }],
  ['Burstable', { requests: { cpu: '100m' } }],
  ['Burstable', { limits: { cpu: '1' } }],
  ['Burstable', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }],
  ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' } }],
  ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } }],
])('a pod is %s with resources %j', async (qosClass, resources) => {
  const { written } = workbench();
  const made = await written(creating(POD, pod('one', { containers: [container(resources)] })));
  expect(made).toMatchObject({ status: { qosClass } });
});

test('one container without resources makes a guaranteed pod burstable', async () => {
  const { written } = workbench();
  const containers = [container({ limits: { cpu: '1', memory: '1Gi' } }), { ...container({}), name: 'side' }];
  expect(await written(creating(POD, pod('one', { containers })))).toMatchObject({
    status: { qosClass: 'Burstable' },
  });
});

test('a change of the spec is a new generation, a change of labels is not', async () => {
  const { written } = workbench();
  await written(creating(POD, pod('one')));
  const patch = (body: Body) =>
    written({ verb: 'patch', kind: POD, key: KEY, patchType: 'merge', patch: body as never });
  expect(await patch({ metadata: { labels: { a: 'b' } } })).toMatchObject({ metadata: { generation: 1 } });
  const json = await written({
    verb: 'patch',
    kind: POD,
    key: KEY,
    patchType: 'json',
    patch: [{ op: 'replace', path: '/spec/containers/0/image', value: 'registry.example/agent:2' }],
  });
  expect(json).toMatchObject({ metadata: { generation: 2 } });
});

test('the status subresource leaves spec, owners and QoS class alone', async () => {
  const { written } = workbench();
  const owner = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u' };
  await written(creating(POD, pod('one', {}, { ownerReferences: [owner] })));
  const next = await written({
    verb: 'patch',
    kind: POD,
    key: KEY,
    subresource: 'status',
    patchType: 'merge',
    patch: {
      metadata: { ownerReferences: null, labels: { seen: 'yes' } },
      spec: { nodeName: 'n1' },
      status: { phase: 'Running', qosClass: 'Guaranteed' },
    },
  });
  expect(next).toMatchObject({
    metadata: { ownerReferences: [owner], labels: { seen: 'yes' }, generation: 1 },
    status: { phase: 'Running', qosClass: 'BestEffort' },
  });
  expect(next).not.toHaveProperty('spec.nodeName');
});

test('a write to the main resource leaves the status alone', async () => {
  const { written } = workbench();
  const made = await written(creating(POD, pod('one')));
  const next = await written({
    verb: 'update',
    kind: POD,
    key: KEY,
    object: bodyOf({
      ...made,
      metadata: { ...made.metadata, labels: { a: 'b' } },
      status: { phase: 'Failed' },
    }),
  });
  expect(next).toMatchObject({ status: { phase: 'Pending' } });
});
