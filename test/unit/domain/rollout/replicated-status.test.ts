import { describe, expect, test } from 'vitest';
import {
  deploymentRolloutStatus,
  statefulSetRolloutStatus,
} from '../../../../src/domain/rollout/replicated-status.ts';

const object = (kind: string, spec: object, status: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'x', generation: 2 },
  spec,
  status: { observedGeneration: 2, ...status },
});

describe('a Deployment', () => {
  test.each([
    [
      { observedGeneration: 1 },
      { done: false, text: 'Waiting for deployment spec update to be observed...' },
    ],
    [
      { updatedReplicas: 1 },
      {
        done: false,
        text: 'Waiting for deployment "x" rollout to finish: 1 out of 3 new replicas have been updated...',
      },
    ],
    [
      { updatedReplicas: 3, replicas: 4 },
      {
        done: false,
        text: 'Waiting for deployment "x" rollout to finish: 1 old replicas are pending termination...',
      },
    ],
    [
      { updatedReplicas: 3, replicas: 3, availableReplicas: 2 },
      {
        done: false,
        text: 'Waiting for deployment "x" rollout to finish: 2 of 3 updated replicas are available...',
      },
    ],
    [
      { updatedReplicas: 3, replicas: 3, availableReplicas: 3 },
      { done: true, text: 'deployment "x" successfully rolled out' },
    ],
    [
      { conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] },
      { error: 'deployment "x" exceeded its progress deadline' },
    ],
  ])('with the status %j is told about', (status, answer) => {
    expect(deploymentRolloutStatus(object('Deployment', { replicas: 3 }, status))).toEqual(answer);
  });
});

describe('a StatefulSet', () => {
  const rolling = { replicas: 3, updateStrategy: { type: 'RollingUpdate' } };
  const parted = { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } };

  test.each([
    [
      { updateStrategy: { type: 'OnDelete' } },
      {},
      { error: 'rollout status is only available for RollingUpdate strategy type' },
    ],
    [
      rolling,
      { observedGeneration: 1 },
      { done: false, text: 'Waiting for statefulset spec update to be observed...' },
    ],
    [rolling, { readyReplicas: 1 }, { done: false, text: 'Waiting for 2 pods to be ready...' }],
    [
      rolling,
      { readyReplicas: 3, updatedReplicas: 1, updateRevision: 'x-2', currentRevision: 'x-1' },
      { done: false, text: 'waiting for statefulset rolling update to complete 1 pods at revision x-2...' },
    ],
    [
      rolling,
      { readyReplicas: 3, currentReplicas: 3, updateRevision: 'x-2', currentRevision: 'x-2' },
      { done: true, text: 'statefulset rolling update complete 3 pods at revision x-2...' },
    ],
    [
      parted,
      { readyReplicas: 3, updatedReplicas: 1 },
      {
        done: false,
        text: 'Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...',
      },
    ],
    [
      parted,
      { readyReplicas: 3, updatedReplicas: 2 },
      { done: true, text: 'partitioned roll out complete: 2 new pods have been updated...' },
    ],
  ])('with the spec %j and the status %j is told about', (spec, status, answer) => {
    expect(statefulSetRolloutStatus(object('StatefulSet', spec, status))).toEqual(answer);
  });
});
