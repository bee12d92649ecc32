import { expect, test } from 'vitest';
import type { KindRef } from '../../../../src/api/meta.ts';
import { EVENT } from '../../../../src/api/well-known.ts';
import { bodyOf, creating, workbench } from '../verbs/objects.ts';

const NEWER_EVENT: KindRef = { group: 'events.k8s.io', version: 'v1', kind: 'Event' };
const autoscaler = (version: string): KindRef => ({
  group: 'autoscaling',
  version,
  kind: 'HorizontalPodAutoscaler',
});
const KEY = { namespace: 'default', name: 'one' };

test('an event is one event under both of its API groups', async () => {
  const { written, client } = workbench();
  const about = { kind: 'Pod', namespace: 'default', name: 'p', uid: 'u' };
  await written(
    creating(
      EVENT,
      bodyOf({
        metadata: { name: 'one', namespace: 'default' },
        involvedObject: about,
        reason: 'Started',
        message: 'Container started',
        source: { component: 'kubelet' },
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:05Z',
        count: 3,
        type: 'Normal',
      }),
    ),
  );
  const newer = await client.get(NEWER_EVENT, KEY);
  expect(newer).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: about,
    note: 'Container started',
    deprecatedSource: { component: 'kubelet' },
    deprecatedCount: 3,
    deprecatedFirstTimestamp: '2026-01-01T00:00:00Z',
  });
  expect(newer).not.toHaveProperty('message');
  expect((await client.list(NEWER_EVENT)).items).toHaveLength(1);
  await written({
    verb: 'patch',
    kind: NEWER_EVENT,
    key: KEY,
    patchType: 'merge',
    patch: { deprecatedCount: 4 },
  });
  expect(await client.get(EVENT, KEY)).toMatchObject({
    apiVersion: 'v1',
    count: 4,
    message: 'Container started',
  });
});

test('an autoscaler is one object in both of its versions', async () => {
  const { written, client } = workbench();
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
  await written(
    creating(
      autoscaler('v1'),
      bodyOf({
        metadata: { name: 'one' },
        spec: { scaleTargetRef, maxReplicas: 5, targetCPUUtilizationPercentage: 70 },
      }),
    ),
  );
  expect(await client.get(autoscaler('v2'), KEY)).toMatchObject({
    apiVersion: 'autoscaling/v2',
    spec: {
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  });
  expect(await client.get(autoscaler('v1'), KEY)).toMatchObject({
    apiVersion: 'autoscaling/v1',
    spec: { maxReplicas: 5, targetCPUUtilizationPercentage: 70 },
  });
});

test('metrics that the older version does not know survive a write through it', async () => {
  const { written, client } = workbench();
  const memory = {
    type: 'Resource',
    resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 50 } },
  };
  const spec = {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
    maxReplicas: 5,
    metrics: [memory],
  };
  await written(creating(autoscaler('v2'), bodyOf({ metadata: { name: 'one' }, spec })));
  const patch = { spec: { maxReplicas: 9 } };
  await written({ verb: 'patch', kind: autoscaler('v1'), key: KEY, patchType: 'merge', patch });
  expect(await client.get(autoscaler('v2'), KEY)).toMatchObject({
    spec: { maxReplicas: 9, metrics: [memory] },
  });
});

test.each([
  [{ group: '', version: 'v1', kind: 'Binding' }],
  [{ group: 'authorization.k8s.io', version: 'v1', kind: 'SubjectAccessReview' }],
  [{ group: '', version: 'v1', kind: 'ComponentStatus' }],
])('%j, of which no objects are kept, cannot be created', async (kind) => {
  const { refused } = workbench();
  const error = await refused(creating(kind, bodyOf({ metadata: { name: 'one' } })));
  expect([error.code, error.reason, error.message]).toEqual([
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  ]);
});
