import { describe, expect, test } from 'vitest';
import type { Json, KindRef } from '../../../../src/api/meta.ts';
import { NAMESPACE, NODE } from '../../../../src/api/well-known.ts';
import { type Body, bodyOf, creating, workbench } from '../verbs/objects.ts';

const DEPLOYMENT: KindRef = { group: 'apps', version: 'v1', kind: 'Deployment' };
const SERVICE: KindRef = { group: '', version: 'v1', kind: 'Service' };
const CLAIM: KindRef = { group: '', version: 'v1', kind: 'PersistentVolumeClaim' };
const NETWORK_POLICY: KindRef = { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy' };
const JOB: KindRef = { group: 'batch', version: 'v1', kind: 'Job' };
const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

describe('a node', () => {
  test('keeps the status that it is made with', async () => {
    const { written } = workbench();
    const status = { capacity: { cpu: '4' }, conditions: [{ type: 'Ready', status: 'True' }] };
    expect(await written(creating(NODE, bodyOf({ metadata: { name: 'n' }, status }), ''))).toMatchObject({
      status: { capacity: { cpu: '4' }, conditions: [{ type: 'Ready', status: 'True' }] },
    });
  });

  test.each<[string, readonly Body[], readonly Body[]]>([
    ['none', [], [NOT_READY]],
    ['another', [{ key: 'a', effect: 'NoExecute' }], [{ key: 'a', effect: 'NoExecute' }, NOT_READY]],
    ['just that', [NOT_READY], [NOT_READY]],
  ])('with %s taint starts as not ready', async (_, taints, expected) => {
    const { written } = workbench();
    const node = bodyOf({ metadata: { name: 'n' }, spec: { taints } });
    expect(await written(creating(NODE, node, ''))).toMatchObject({ spec: { taints: expected } });
  });

  test('is tainted on creation only', async () => {
    const { written } = workbench();
    await written(creating(NODE, bodyOf({ metadata: { name: 'n' } }), ''));
    const next = await written({
      verb: 'patch',
      kind: NODE,
      key: { namespace: '', name: 'n' },
      patchType: 'merge',
      patch: { spec: { taints: null } },
    });
    expect(next).not.toHaveProperty('spec.taints');
  });
});

test('a namespace is labelled with its name, held by its finalizer, and active', async () => {
  const { written } = workbench();
  const made = await written(creating(NAMESPACE, bodyOf({ metadata: { name: 'new' } }), ''));
  expect(made).toMatchObject({
    metadata: { labels: { 'kubernetes.io/metadata.name': 'new' } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
});

describe('a deployment', () => {
  const deployment = bodyOf({
    metadata: { name: 'one' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: {
        metadata: { labels: { a: 'b' } },
        spec: { containers: [{ name: 'c', image: 'i:1' }] },
      },
    },
  });

  test.each<[string, Json, number]>([
    ['its spec', { spec: { replicas: 3 } }, 2],
    ['its annotations', { metadata: { annotations: { a: 'b' } } }, 2],
    ['both', { spec: { replicas: 3 }, metadata: { annotations: { a: 'b' } } }, 2],
    ['its labels', { metadata: { labels: { a: 'b' } } }, 1],
  ])('has a new generation when %s changed', async (_, patch, generation) => {
    const { written } = workbench();
    await written(creating(DEPLOYMENT, deployment));
    const key = { namespace: 'default', name: 'one' };
    const next = await written({ verb: 'patch', kind: DEPLOYMENT, key, patchType: 'merge', patch });
    expect(next.metadata.generation).toBe(generation);
  });
});

describe('a service', () => {
  const service = (spec: Body) =>
    bodyOf({ metadata: { name: 'one' }, spec: { ports: [{ port: 80 }], ...spec } });

  test('gets an address that follows from its name', async () => {
    const [first, second] = await Promise.all(
      [workbench(), workbench()].map(({ written }) => written(creating(SERVICE, service({})))),
    );
    const ip = /^10\.(9[6-9]|10[0-9]|11[01])\.[0-9]+\.[0-9]+$/;
    expect(first).toMatchObject({
      spec: { clusterIP: expect.stringMatching(ip), ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
    });
    expect((first as unknown as { spec: Body }).spec).toEqual((second as unknown as { spec: Body }).spec);
  });

  test.each(['None', '10.96.0.77'])('keeps the address %s', async (clusterIP) => {
    const { written } = workbench();
    expect(await written(creating(SERVICE, service({ clusterIP })))).toMatchObject({
      spec: { clusterIP, clusterIPs: [clusterIP] },
    });
  });

  test('of type ExternalName gets none', async () => {
    const { written } = workbench();
    const made = await written(
      creating(
        SERVICE,
        bodyOf({ metadata: { name: 'one' }, spec: { type: 'ExternalName', externalName: 'a.b' } }),
      ),
    );
    expect(made).not.toHaveProperty('spec.clusterIP');
  });

  test('of type NodePort gets node ports, and a PUT without them keeps them', async () => {
    const { written, write } = workbench();
    const made = await written(creating(SERVICE, service({ type: 'NodePort' })));
    expect(made).toMatchObject({ spec: { ports: [{ port: 80, nodePort: expect.any(Number) }] } });
    const object = bodyOf({
      ...service({ type: 'NodePort' }),
      metadata: { name: 'one', namespace: 'default' },
    });
    const outcome = await write({
      verb: 'update',
      kind: SERVICE,
      key: { namespace: 'default', name: 'one' },
      object,
    });
    expect(outcome).toMatchObject({ ok: true, did: 'unchanged' });
  });
});

test('a volume claim starts pending', async () => {
  const { written } = workbench();
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  expect(await written(creating(CLAIM, bodyOf({ metadata: { name: 'one' }, spec })))).toMatchObject({
    status: { phase: 'Pending' },
  });
});

test('kinds without a status subresource count generations of their spec too', async () => {
  const { written } = workbench();
  const made = await written(
    creating(NETWORK_POLICY, bodyOf({ metadata: { name: 'one' }, spec: { podSelector: {} } })),
  );
  expect(made.metadata.generation).toBe(1);
});

test('a job is given a selector for its own pods', async () => {
  const { written } = workbench();
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i:1' }] } };
  const made = await written(creating(JOB, bodyOf({ metadata: { name: 'one' }, spec: { template } })));
  const { uid = '' } = made.metadata;
  expect(made).toMatchObject({
    metadata: { generation: 1 },
    spec: {
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: {
        metadata: {
          labels: {
            'batch.kubernetes.io/controller-uid': uid,
            'batch.kubernetes.io/job-name': 'one',
            'controller-uid': uid,
            'job-name': 'one',
          },
        },
      },
    },
    status: {},
  });
});
