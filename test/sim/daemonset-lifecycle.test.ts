import { describe, expect, test } from 'vitest';
import {
  CONTROLLER_REVISION,
  CONTROLLER_REVISION_HASH,
  DAEMON_SET,
  NODE,
  POD,
} from '../../src/api/well-known.ts';
import { daemonSet, namespace, node, nodesOf, world } from './support/world.ts';

describe('a DaemonSet in a small cluster', () => {
  test('gets one ready pod on each node', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), node('worker-2'), node('worker-3'), daemonSet());
    expect((await cluster.settle()).settled).toBe(true);
    expect(nodesOf(await cluster.pods())).toEqual(['worker-1', 'worker-2', 'worker-3']);
    expect((await cluster.daemonSet()).status).toEqual({
      currentNumberScheduled: 3,
      desiredNumberScheduled: 3,
      numberAvailable: 3,
      numberMisscheduled: 0,
      numberReady: 3,
      observedGeneration: 1,
      updatedNumberScheduled: 3,
    });
    const reasons = (await cluster.events()).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual([...Array(3).fill('Scheduled'), ...Array(3).fill('SuccessfulCreate')]);
  });

  test('gets a pod on a node that is added', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), daemonSet());
    await cluster.settle();
    await cluster.create(node('worker-2'));
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['worker-1', 'worker-2']);
  });

  test('loses the pod of a vanished node after 40 s, which the run says it waited for', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), node('worker-2'), daemonSet());
    await cluster.settle();
    await cluster.remove(NODE, 'worker-2');
    const end = await cluster.settle();
    expect(end.settled).toBe(true);
    expect(end.jumps.map(({ from, to, wait }) => [to - from, wait])).toEqual([
      [40_000, { kind: 'machinery', because: 'node worker-2 is gone, its pod is collected after 40s' }],
    ]);
    expect(nodesOf(await cluster.pods())).toEqual(['worker-1']);
    expect((await cluster.daemonSet()).status).toMatchObject({
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
    });
  });

  test('keeps the pod of a node that comes back within the quarantine', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), daemonSet());
    await cluster.settle();
    const [before] = await cluster.pods();
    await cluster.remove(NODE, 'worker-1');
    while (await cluster.manager.step());
    await cluster.create(node('worker-1'));
    await cluster.settle();
    expect((await cluster.pods()).map(({ metadata }) => metadata.uid)).toEqual([before?.metadata.uid]);
  });

  test('follows its nodeSelector when labels change', async () => {
    const cluster = world();
    await cluster.create(
      node('worker-1', { labels: { disk: 'ssd' } }),
      node('worker-2'),
      daemonSet({ template: { nodeSelector: { disk: 'ssd' } } }),
    );
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['worker-1']);
    await cluster.patch(NODE, 'worker-2', { metadata: { labels: { disk: 'ssd' } } });
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['worker-1', 'worker-2']);
    await cluster.patch(NODE, 'worker-1', { metadata: { labels: { disk: 'hdd' } } });
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['worker-2']);
  });

  test('leaves tainted nodes alone unless it tolerates them', async () => {
    const cluster = world();
    const taints = [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }];
    await cluster.create(
      node('plain'),
      node('tainted', { spec: { taints } }),
      daemonSet(),
      daemonSet({
        name: 'tolerant',
        template: { tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }] },
      }),
    );
    await cluster.settle();
    expect(nodesOf(await cluster.pods('app=agent'))).toEqual(['plain']);
    expect(nodesOf(await cluster.pods('app=tolerant'))).toEqual(['plain', 'tainted']);
  });

  test('runs on cordoned nodes', async () => {
    const cluster = world();
    await cluster.create(node('worker-1', { spec: { unschedulable: true } }), daemonSet());
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['worker-1']);
    expect((await cluster.nodes())[0]?.spec?.taints).toMatchObject([
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
    ]);
  });

  test('replaces a pod that somebody deletes', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), daemonSet());
    await cluster.settle();
    const [before] = await cluster.pods();
    await cluster.remove(POD, before?.metadata.name ?? '');
    await cluster.settle();
    const after = await cluster.pods();
    expect(nodesOf(after)).toEqual(['worker-1']);
    expect(after[0]?.metadata.uid).not.toBe(before?.metadata.uid);
  });

  test('releases a relabelled pod, and adopts it back when the label returns', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), daemonSet());
    await cluster.settle();
    const name = (await cluster.pods())[0]?.metadata.name ?? '';
    cluster.clock.advanceTo(cluster.clock.now() + 60_000);
    await cluster.patch(POD, name, { metadata: { labels: { app: 'debug' } } });
    await cluster.settle();
    const released = (await cluster.pods('app=debug'))[0];
    expect(released?.metadata.ownerReferences ?? []).toEqual([]);
    expect(await cluster.pods('app=agent')).toHaveLength(1);
    await cluster.patch(POD, name, { metadata: { labels: { app: 'agent' } } });
    await cluster.settle();
    // The older pod stays, the replacement goes.
    const pods = await cluster.pods();
    expect(pods.map(({ metadata }) => metadata.name)).toEqual([name]);
    expect(pods[0]?.metadata.ownerReferences).toMatchObject([
      { kind: 'DaemonSet', name: 'agent', controller: true },
    ]);
  });

  test('tells why a pod fits on no node, and schedules it when there is room', async () => {
    const cluster = world();
    await cluster.create(
      node('big'),
      node('small', { status: { capacity: { cpu: '1', memory: '1Gi', pods: '10' } } }),
      daemonSet({ container: { resources: { requests: { cpu: '2' } } } }),
    );
    const end = await cluster.settle();
    expect(end.settled).toBe(true);
    expect(nodesOf(await cluster.pods())).toEqual(['', 'big']);
    const message =
      "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. " +
      'no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.';
    const pending = (await cluster.pods()).find(({ spec }) => spec.nodeName === undefined);
    expect(pending?.status?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    ]);
    expect(await cluster.events()).toContainEqual(
      expect.objectContaining({ reason: 'FailedScheduling', message, count: 1 }),
    );
    expect((await cluster.daemonSet()).status).toMatchObject({ currentNumberScheduled: 2, numberReady: 1 });
    const [report] = cluster.reports.report(cluster.manager.lister, cluster.clock.now());
    expect(report?.waitingFor).toEqual([
      `pod ${pending?.metadata.name} to be scheduled on node small: ${message}`,
    ]);

    await cluster.patch(NODE, 'small', { status: { allocatable: { cpu: '4' } } }, 'status');
    await cluster.settle();
    expect(nodesOf(await cluster.pods())).toEqual(['big', 'small']);
    expect((await cluster.daemonSet()).status).toMatchObject({ numberReady: 2 });
  });

  test('replaces failed pods, ever more slowly', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), daemonSet({ annotations: { 'kdaemon.dev/simulate': 'evicted' } }));
    const end = await cluster.settle();
    expect(end.settled).toBe(false);
    const waits = end.jumps.map(({ from, to, wait }) => [wait.kind, wait.because, to - from]);
    expect(waits.slice(0, 4)).toEqual(
      [1, 2, 4, 8].map((s) => ['retry', 'back-off of failed pods of default/agent', s * 1000]),
    );
    expect((await cluster.events()).map(({ reason }) => reason)).toContain('FailedDaemonPod');
  });

  test('gets over a hash collision', async () => {
    const cluster = world();
    await cluster.create(node('worker-1'), daemonSet());
    await cluster.settle();
    const hash = (await cluster.pods())[0]?.metadata.labels?.[CONTROLLER_REVISION_HASH] ?? '';
    await cluster.remove(DAEMON_SET, 'agent');
    await cluster.settle();
    await cluster.do({
      verb: 'create',
      kind: CONTROLLER_REVISION,
      namespace,
      object: {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: { name: `agent-${hash}` },
        data: { somebody: 'else' },
        revision: 1,
      } as never,
    });
    await cluster.create(daemonSet());
    await cluster.settle();
    const [pod] = await cluster.pods();
    expect(pod?.metadata.labels?.[CONTROLLER_REVISION_HASH]).not.toBe(hash);
    expect((await cluster.daemonSet()).status).toMatchObject({ collisionCount: 1, numberReady: 1 });
  });
});
