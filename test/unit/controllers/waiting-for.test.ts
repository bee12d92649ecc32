import { describe, expect, test } from 'vitest';
import type { DaemonSet, DaemonSetStatus } from '../../../src/api/apps.ts';
import type { Pod } from '../../../src/api/core.ts';
import { DAEMON_SET } from '../../../src/api/well-known.ts';
import { waitingFor } from '../../../src/controllers/waiting-for.ts';
import { controllerReference } from '../../../src/domain/owner-references.ts';
import type { Lister } from '../../../src/runtime/controller.ts';
import { createObjectIndex } from '../../../src/runtime/object-index.ts';
import { daemonSet, node } from '../../sim/support/world.ts';

const complete: DaemonSetStatus = {
  observedGeneration: 2,
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  numberMisscheduled: 0,
  numberReady: 2,
  numberAvailable: 2,
};

function agent(status: Partial<DaemonSetStatus> | undefined): DaemonSet {
  const base = daemonSet();
  const metadata = { ...base.metadata, uid: 'ds', generation: 2 };
  return { ...base, metadata, ...(status !== undefined && { status: { ...complete, ...status } }) };
}

const pod = (name: string, nodeName: string, metadata: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: name,
    ownerReferences: [controllerReference(agent(complete), DAEMON_SET)],
    ...metadata,
  },
  spec: { containers: [{ name: 'agent' }], nodeName },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});

const stopping = pod('stopping', 'worker-1', {
  deletionTimestamp: '2026-01-01T00:00:00Z',
  finalizers: ['example.test/hold'],
});
const TO_STOP = ['pod stopping to stop on node worker-1: finalizer example.test/hold'];

function listerOf(...pods: readonly Pod[]): Lister {
  const index = createObjectIndex();
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
  for (const name of ['worker-1', 'worker-2']) index.put(node(name, { status: ready }));
  for (const one of pods) index.put(one);
  return index;
}

/** A lister that must not be asked for the pods of an owner. */
const withoutPods = (lister: Lister): Lister => ({
  ...lister,
  ownedBy: () => {
    throw new Error('the pods were listed');
  },
});

describe('what a DaemonSet waits for', () => {
  test('is looked for among all of its pods', () => {
    const lister = listerOf(pod('a', 'worker-1'), pod('b', 'worker-2'), stopping);
    expect(waitingFor(agent({}), lister, 0)).toEqual(TO_STOP);
  });

  test('is looked for among those that changed, when nothing was waited for and nothing is missing', () => {
    const lister = withoutPods(listerOf(pod('a', 'worker-1'), stopping));
    expect(waitingFor(agent({}), lister, 0, () => [])).toEqual([]);
    expect(waitingFor(agent({}), lister, 0, () => [pod('a', 'worker-1'), stopping])).toEqual(TO_STOP);
  });

  test.each<[string, Partial<DaemonSetStatus> | undefined]>([
    ['there is no status yet', undefined],
    ['the status is of an earlier generation', { observedGeneration: 1 }],
    ['a pod is missing', { currentNumberScheduled: 1 }],
    ['a pod is not available', { numberAvailable: 1 }],
    ['a pod runs where it should not', { numberMisscheduled: 1 }],
  ])('is looked for among all of its pods when %s', (_, status) => {
    expect(waitingFor(agent(status), listerOf(stopping), 0, () => [])).toEqual(TO_STOP);
  });
});
