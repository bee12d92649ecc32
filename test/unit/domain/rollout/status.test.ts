import { expect, test } from 'vitest';
import type { DaemonSet } from '../../../../src/api/apps.ts';
import { rolloutStatus } from '../../../../src/domain/rollout/status.ts';

function daemonSet(
  observedGeneration: number,
  desired: number,
  updated: number,
  available: number,
  type = 'RollingUpdate',
): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'node-agent', generation: 2 },
    spec: { selector: {}, template: { spec: { containers: [] } }, updateStrategy: { type } },
    status: {
      currentNumberScheduled: desired,
      numberMisscheduled: 0,
      desiredNumberScheduled: desired,
      numberReady: available,
      observedGeneration,
      updatedNumberScheduled: updated,
      numberAvailable: available,
    },
  };
}

// The texts were recorded from kubectl's own viewer.
test.each([
  [daemonSet(1, 3, 3, 3), false, 'Waiting for daemon set spec update to be observed...'],
  [
    daemonSet(2, 3, 2, 3),
    false,
    'Waiting for daemon set "node-agent" rollout to finish: 2 out of 3 new pods have been updated...',
  ],
  [
    daemonSet(2, 3, 3, 2),
    false,
    'Waiting for daemon set "node-agent" rollout to finish: 2 of 3 updated pods are available...',
  ],
  [daemonSet(2, 3, 3, 3), true, 'daemon set "node-agent" successfully rolled out'],
  [daemonSet(2, 0, 0, 0), true, 'daemon set "node-agent" successfully rolled out'],
])('%#: done is %s', (ds, done, text) => {
  expect(rolloutStatus(ds)).toEqual({ done, text });
});

test('a DaemonSet that has never been synced is waited for', () => {
  const { status: _, ...ds } = daemonSet(2, 3, 3, 3);
  expect(rolloutStatus(ds)).toEqual({
    done: false,
    text: 'Waiting for daemon set spec update to be observed...',
  });
});

test('OnDelete has no rollout', () => {
  expect(rolloutStatus(daemonSet(2, 3, 3, 3, 'OnDelete'))).toEqual({
    error: 'rollout status is only available for RollingUpdate strategy type',
  });
});
