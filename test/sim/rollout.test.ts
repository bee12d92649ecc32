import { describe, expect, test } from 'vitest';
import type { Pod } from '../../src/api/core.ts';
import {
  CONTROLLER_REVISION,
  CONTROLLER_REVISION_HASH,
  DAEMON_SET,
  NODE,
  POD,
} from '../../src/api/well-known.ts';
import { isDeleting, isPodReady } from '../../src/domain/conditions.ts';
import { daemonSet, namespace, node, nodesOf, type World, world } from './support/world.ts';

const workers = (count: number) => Array.from({ length: count }, (_, index) => node(`worker-${index + 1}`));
const images = (pods: readonly Pod[]): readonly string[] =>
  [...new Set(pods.map(({ spec }) => spec.containers[0]?.image ?? ''))].sort();

async function setImage(cluster: World, image: string): Promise<void> {
  await cluster.patch(DAEMON_SET, 'agent', {
    spec: { template: { spec: { containers: [{ name: 'agent', image }] } } },
  });
}

/** Settles, and answers the fewest nodes with a ready pod and the most pods on one node that any step showed. */
async function watchRollout(
  cluster: World,
): Promise<{ readonly fewestReady: number; readonly mostOnANode: number }> {
  let fewestReady = Number.POSITIVE_INFINITY;
  let mostOnANode = 0;
  await cluster.settle({
    onStep: async () => {
      const pods = await cluster.pods();
      const ready = new Set(
        pods.filter((pod) => isPodReady(pod) && !isDeleting(pod)).map(({ spec }) => spec.nodeName),
      );
      fewestReady = Math.min(fewestReady, ready.size);
      const counts = new Map<string, number>();
      for (const { spec } of pods)
        counts.set(spec.nodeName ?? '', (counts.get(spec.nodeName ?? '') ?? 0) + 1);
      counts.delete('');
      mostOnANode = Math.max(mostOnANode, ...counts.values());
    },
  });
  return { fewestReady, mostOnANode };
}

describe('a rolling update', () => {
  test('goes node by node, with one unavailable at most', async () => {
    const cluster = world();
    await cluster.create(...workers(4), daemonSet());
    await cluster.settle();
    await setImage(cluster, 'example.test/agent:2');
    expect(await watchRollout(cluster)).toEqual({ fewestReady: 3, mostOnANode: 1 });
    const pods = await cluster.pods();
    expect(nodesOf(pods)).toEqual(['worker-1', 'worker-2', 'worker-3', 'worker-4']);
    expect(images(pods)).toEqual(['example.test/agent:2']);
    const [report] = cluster.reports.report(cluster.manager.lister, cluster.clock.now());
    expect(report).toMatchObject({
      podsCreated: 4,
      podsUpdated: 4,
      podsDeleted: 0,
      revision: { number: 2 },
      rolledOut: true,
      rollout: 'daemon set "agent" successfully rolled out',
      waitingFor: [],
    });
  });

  test('takes maxUnavailable nodes at once', async () => {
    const cluster = world();
    const updateStrategy = { rollingUpdate: { maxUnavailable: '50%' } };
    await cluster.create(...workers(4), daemonSet({ spec: { updateStrategy } }));
    await cluster.settle();
    await setImage(cluster, 'example.test/agent:2');
    expect((await watchRollout(cluster)).fewestReady).toBe(2);
    expect(images(await cluster.pods())).toEqual(['example.test/agent:2']);
  });

  test('with maxSurge starts the new pod before the old one goes', async () => {
    const cluster = world();
    const updateStrategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
    await cluster.create(...workers(3), daemonSet({ spec: { updateStrategy } }));
    await cluster.settle();
    await setImage(cluster, 'example.test/agent:2');
    expect(await watchRollout(cluster)).toEqual({ fewestReady: 3, mostOnANode: 2 });
    const pods = await cluster.pods();
    expect(nodesOf(pods)).toEqual(['worker-1', 'worker-2', 'worker-3']);
    expect(images(pods)).toEqual(['example.test/agent:2']);
  });

  test('waits minReadySeconds on each node, and says so', async () => {
    const cluster = world();
    await cluster.create(...workers(2), daemonSet({ spec: { minReadySeconds: 30 } }));
    const first = await cluster.settle();
    expect(new Set(first.jumps.map(({ wait }) => `${wait.kind}: ${wait.because}`))).toEqual(
      new Set(['user: minReadySeconds of default/agent']),
    );
    expect((await cluster.daemonSet()).status).toMatchObject({ numberAvailable: 2 });
    const start = cluster.clock.now();
    await setImage(cluster, 'example.test/agent:2');
    await cluster.settle();
    expect((await cluster.daemonSet()).status).toMatchObject({
      numberAvailable: 2,
      updatedNumberScheduled: 2,
    });
    expect(cluster.clock.now() - start).toBeGreaterThanOrEqual(60_000);
  });

  test('stops at a bad image, and a rollback leaves the untouched pods alone', async () => {
    const cluster = world({
      kubelet: { rules: [{ image: 'example.test/agent:bad', behaviour: { outcome: 'image-pull-fails' } }] },
    });
    await cluster.create(...workers(3), daemonSet());
    await cluster.settle();
    const before = (await cluster.pods()).map(({ metadata }) => metadata.name ?? '');
    await setImage(cluster, 'example.test/agent:bad');
    expect((await cluster.settle()).settled).toBe(true);
    expect((await cluster.daemonSet()).status).toMatchObject({
      updatedNumberScheduled: 1,
      numberUnavailable: 1,
    });
    const [stuck] = cluster.reports.report(cluster.manager.lister, cluster.clock.now());
    expect(stuck?.waitingFor).toEqual([
      expect.stringMatching(/^pod agent-\w+ on node worker-1 to be ready: ImagePullBackOff, /),
    ]);
    expect(stuck?.rolledOut).toBe(false);

    await setImage(cluster, 'example.test/agent:1');
    await cluster.settle();
    const after = (await cluster.pods()).map(({ metadata }) => metadata.name ?? '');
    expect(after.filter((name) => before.includes(name))).toHaveLength(2);
    expect((await cluster.daemonSet()).status).toMatchObject({
      updatedNumberScheduled: 3,
      numberAvailable: 3,
    });
    const revisions = (await cluster.client.list(CONTROLLER_REVISION)).items;
    expect(revisions.map(({ revision }) => revision).sort()).toEqual([2, 3]);
  });

  test('is stalled by a node that is not ready', async () => {
    const cluster = world();
    const tolerations = [{ operator: 'Exists' }];
    await cluster.create(...workers(3), daemonSet({ template: { tolerations } }));
    await cluster.settle();
    await cluster.patch(
      NODE,
      'worker-3',
      { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
      'status',
    );
    await cluster.settle();
    expect((await cluster.daemonSet()).status).toMatchObject({ numberReady: 2, numberUnavailable: 1 });
    expect((await cluster.events()).map(({ reason }) => reason)).toContain('NodeNotReady');
    await setImage(cluster, 'example.test/agent:2');
    await cluster.settle();
    const pods = await cluster.pods();
    // The unavailable pod is deleted whatever the budget, and its dead kubelet never lets it go.
    expect(pods.filter(isDeleting).map(({ spec }) => spec.nodeName)).toEqual(['worker-3']);
    expect(images(pods)).toEqual(['example.test/agent:1']);
    const [report] = cluster.reports.report(cluster.manager.lister, cluster.clock.now());
    expect(report?.waitingFor).toEqual([
      expect.stringMatching(/^pod agent-\w+ to stop on node worker-3, which is not ready$/),
    ]);

    await cluster.patch(
      NODE,
      'worker-3',
      { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      'status',
    );
    await cluster.settle();
    expect(images(await cluster.pods())).toEqual(['example.test/agent:2']);
    expect(nodesOf(await cluster.pods())).toEqual(['worker-1', 'worker-2', 'worker-3']);
  });

  test('keeps no more old revisions than revisionHistoryLimit', async () => {
    const cluster = world();
    await cluster.create(...workers(1), daemonSet({ spec: { revisionHistoryLimit: 1 } }));
    for (const version of [2, 3, 4]) {
      await cluster.settle();
      await setImage(cluster, `example.test/agent:${version}`);
    }
    await cluster.settle();
    const revisions = (await cluster.client.list(CONTROLLER_REVISION)).items;
    expect(revisions.map(({ revision }) => revision).sort()).toEqual([3, 4]);
  });
});

describe('OnDelete', () => {
  test('updates a node only when its pod is deleted', async () => {
    const cluster = world();
    await cluster.create(...workers(2), daemonSet({ spec: { updateStrategy: { type: 'OnDelete' } } }));
    await cluster.settle();
    await setImage(cluster, 'example.test/agent:2');
    await cluster.settle();
    expect(images(await cluster.pods())).toEqual(['example.test/agent:1']);
    expect((await cluster.daemonSet()).status?.updatedNumberScheduled).toBeUndefined();
    const pod = (await cluster.pods()).find(({ spec }) => spec.nodeName === 'worker-2');
    await cluster.remove(POD, pod?.metadata.name ?? '');
    await cluster.settle();
    const byNode = new Map(
      (await cluster.pods()).map(({ spec }) => [spec.nodeName, spec.containers[0]?.image]),
    );
    expect(Object.fromEntries(byNode)).toEqual({
      'worker-1': 'example.test/agent:1',
      'worker-2': 'example.test/agent:2',
    });
    expect((await cluster.daemonSet()).status?.updatedNumberScheduled).toBe(1);
  });
});

describe('revisions', () => {
  test('with equal templates are merged, and their pods follow', async () => {
    const cluster = world();
    await cluster.create(...workers(1), daemonSet());
    await cluster.settle();
    const [revision] = (await cluster.client.list(CONTROLLER_REVISION)).items;
    const [pod] = await cluster.pods();
    const { name, labels, ownerReferences } = revision?.metadata ?? {};
    const copy = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}x`,
        labels: { ...labels, [CONTROLLER_REVISION_HASH]: 'copied' },
        ownerReferences,
      },
      data: revision?.data,
      revision: 7,
    };
    await cluster.do({ verb: 'create', kind: CONTROLLER_REVISION, namespace, object: copy as never });
    // An own revision that appears is no news; the next change of the DaemonSet is.
    await cluster.patch(DAEMON_SET, 'agent', { metadata: { labels: { touched: 'yes' } } });
    await cluster.settle();
    expect(
      (await cluster.client.list(CONTROLLER_REVISION)).items.map(({ metadata }) => metadata.name),
    ).toEqual([`${name}x`]);
    const [after] = await cluster.pods();
    expect(after?.metadata.uid).toBe(pod?.metadata.uid);
    expect(after?.metadata.labels?.[CONTROLLER_REVISION_HASH]).toBe('copied');
  });
});
