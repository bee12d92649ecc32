import { describe, expect, test } from 'vitest';
import type { Pod } from '../../src/api/core.ts';
import { parseFault } from '../../src/sim/faults.ts';
import type { PlanReport } from '../../src/sim/plan-report.ts';
import { parseStrategy } from '../../src/sim/strategy.ts';
import {
  agentPod,
  agentSet,
  creating,
  newImage,
  patching,
  planFor,
  planNode,
  planNodes,
  restoring,
  settledCluster,
} from './support/plan-cluster.ts';

const v2 = newImage('registry.example/agent:v2');
const surge = (maxSurge: number | string) => ({
  type: 'RollingUpdate',
  rollingUpdate: { maxSurge, maxUnavailable: 0 },
});
const unavailable = (maxUnavailable: number | string) => ({
  type: 'RollingUpdate',
  rollingUpdate: { maxUnavailable, maxSurge: 0 },
});
const statesOf = (report: PlanReport, node: string) =>
  report.timeline.tracks
    .find((track) => track.node === node)
    ?.segments.map(({ fromMs, state }) => `${fromMs / 1000} ${state}`);

describe('a rollout that goes well', () => {
  test('replaces one node after another, 12 seconds each', async () => {
    const report = await planFor({ objects: settledCluster(planNodes(3)), changes: [v2] });
    expect(report.rollout).toMatchObject({
      outcome: 'complete',
      durationMs: 36_000,
      desired: 3,
      updated: 3,
      upToDate: 3,
      available: 3,
      fewestAvailable: { count: 2, atMs: 0 },
      mostUnavailable: 1,
      mostSurge: 0,
    });
    expect(report.rollout.waves).toEqual([
      { number: 1, fromMs: 0, toMs: 12_000, nodes: ['node-01'] },
      { number: 2, fromMs: 12_000, toMs: 24_000, nodes: ['node-02'] },
      { number: 3, fromMs: 24_000, toMs: 36_000, nodes: ['node-03'] },
    ]);
    expect(statesOf(report, 'node-02')).toEqual([
      '0 old',
      '12 terminating',
      '14 pulling',
      '19 starting',
      '24 ready',
    ]);
    expect(report.counts).toMatchObject({ replace: 3, keep: 0, blocked: 0 });
    expect(report.findings).toEqual([]);
  });

  test('takes as many at once as maxUnavailable allows', async () => {
    const objects = settledCluster(planNodes(5), agentSet({ strategy: unavailable('40%') }));
    const { rollout, strategy } = await planFor({ objects, changes: [v2] });
    expect(strategy).toMatchObject({ maxUnavailable: '40%', unavailableBudget: 2 });
    expect(rollout.waves.map(({ nodes }) => nodes.length)).toEqual([2, 2, 1]);
    expect(rollout).toMatchObject({ outcome: 'complete', mostUnavailable: 2, fewestAvailable: { count: 3 } });
  });

  test('with maxSurge never has fewer pods, and shows the second pod in a lane of its own', async () => {
    const objects = settledCluster(planNodes(2), agentSet({ strategy: surge(1) }));
    const report = await planFor({ objects, changes: [v2] });
    expect(report.rollout).toMatchObject({
      outcome: 'complete',
      mostUnavailable: 0,
      fewestAvailable: { count: 2 },
    });
    expect(statesOf(report, 'node-01')).toEqual(['0 old', '10 terminating', '12 ready']);
    expect(report.timeline.tracks[0]?.surge?.map(({ state }) => state)).toEqual([
      'pulling',
      'starting',
      'ready',
    ]);
  });

  test('waits for minReadySeconds after each node', async () => {
    const objects = settledCluster(planNodes(2), agentSet({ minReadySeconds: 30 }));
    const report = await planFor({ objects, changes: [v2] });
    expect(report.rollout).toMatchObject({ outcome: 'complete', durationMs: 84_000 });
    expect(statesOf(report, 'node-01')).toEqual([
      '0 terminating',
      '2 pulling',
      '7 starting',
      '12 settling',
      '42 ready',
    ]);
  });

  test('pulls no image that a node has run already', async () => {
    const change = patching({ spec: { template: { metadata: { annotations: { restarted: 'now' } } } } });
    const { rollout } = await planFor({ objects: settledCluster(planNodes(1)), changes: [change] });
    expect(rollout.durationMs).toBe(7000);
  });

  test('is the same for the same seed, and another for another', async () => {
    const plan = (seed: number) =>
      planFor({
        objects: settledCluster(planNodes(8)),
        changes: [v2],
        faults: [parseFault('slow-start:30s±20s')],
        seed,
      });
    const [first, again, other] = [await plan(1), await plan(1), await plan(2)];
    expect(again).toEqual(first);
    expect(other.rollout.durationMs).not.toBe(first.rollout.durationMs);
  });
});

describe('other changes', () => {
  test('a new DaemonSet gains a pod on every node that takes it', async () => {
    const nodes = [
      ...planNodes(2),
      planNode('gpu', { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } }),
    ];
    const report = await planFor({ objects: nodes, changes: [creating(agentSet())] });
    expect(report.change).toBe('create');
    expect(report.rollout).toMatchObject({ outcome: 'complete', durationMs: 10_000, desired: 2 });
    expect(report.nodes.map(({ node, effect }) => [node, effect])).toEqual([
      ['gpu', 'none'],
      ['node-01', 'gain'],
      ['node-02', 'gain'],
    ]);
    expect(report.nodes[0]?.because).toContain('taint gpu:NoSchedule is not tolerated');
    expect(report.capacity.added).toEqual({ cpuMilli: 200, memoryBytes: 2 * 128 * 2 ** 20 });
  });

  test('a node selector takes pods away', async () => {
    const nodes = [planNode('a', { labels: { disk: 'ssd' } }), planNode('b')];
    const change = patching({ spec: { template: { spec: { nodeSelector: { disk: 'ssd' } } } } });
    const { nodes: effects } = await planFor({ objects: settledCluster(nodes), changes: [change] });
    expect(effects.map(({ effect }) => effect)).toEqual(['replace', 'lose']);
  });

  test('no change of a cluster at rest is nothing to do', async () => {
    const report = await planFor({ objects: settledCluster(planNodes(3)), changes: [] });
    expect(report).toMatchObject({
      change: 'none',
      rollout: { outcome: 'unchanged', durationMs: 0, waves: [] },
    });
    expect(report.counts.keep).toBe(3);
  });

  test('going back in the middle of a rollout touches only the nodes that were updated', async () => {
    const before = agentSet();
    const { rollout, counts, revisions } = await planFor({
      objects: settledCluster(planNodes(5), before),
      changes: [v2, restoring(before, 15_000)],
    });
    expect(rollout.outcome).toBe('complete');
    expect(counts).toMatchObject({ keep: 3, replace: 2 });
    expect(revisions.after).toBe('agent-5d8f9c7b6d');
    expect(revisions.before).toBe('agent-5d8f9c7b6d');
  });

  test('OnDelete leaves everything as it is', async () => {
    const objects = settledCluster(planNodes(3), agentSet({ strategy: { type: 'OnDelete' } }));
    const report = await planFor({ objects, changes: [v2] });
    expect(report.rollout).toMatchObject({ outcome: 'onDelete', upToDate: 0, available: 3 });
    expect(report.findings.map(({ rule }) => rule)).toEqual(['on-delete']);
  });

  test('OnDelete is not called stuck for an unready pod on a node that wants none', async () => {
    const set = agentSet({ strategy: { type: 'OnDelete' } });
    const objects = settledCluster(planNodes(3), set, (node) => node !== 'node-02');
    const events = [{ atMs: 0, nodes: 'node-02', taint: 'repair=true:NoSchedule' }];
    const { rollout } = await planFor({ objects, changes: [v2], events });
    expect(rollout).toMatchObject({ outcome: 'onDelete', desired: 2 });
  });
});

describe('a rollout that gets stuck', () => {
  test('a crashing image stops it after maxUnavailable nodes, and going back is what helps', async () => {
    const objects = settledCluster(planNodes(5), agentSet({ strategy: unavailable(2) }));
    const { rollout, timeline } = await planFor({
      objects,
      changes: [v2],
      faults: [parseFault('image-crashes@v2')],
    });
    expect(rollout).toMatchObject({ outcome: 'stuck', available: 3, updated: 2, upToDate: 0 });
    expect(rollout.stuck?.nodes.map(({ node }) => node)).toEqual(['node-01', 'node-02']);
    expect(rollout.stuck?.because).toContain('2 nodes are unavailable, and maxUnavailable allows 2');
    expect(rollout.stuck?.because).toContain('CrashLoopBackOff');
    expect(rollout.stuck?.advice).toBe(
      'with maxUnavailable 3 the next new pod does not become available either; going back to the template before replaces the pods of 2 nodes',
    );
    expect(timeline.tracks[0]?.segments.at(-1)?.state).toBe('failed');
    expect(timeline.marks.at(-1)).toEqual({ atMs: 10_000, text: 'stuck' });
    expect(timeline.endMs).toBe(25_000);
  });

  test('a lost node uses the budget up, and the advice names the number that moves', async () => {
    const objects = settledCluster(planNodes(10));
    const { rollout } = await planFor({
      objects,
      changes: [v2],
      faults: [parseFault('node-lost:node-05@30s')],
    });
    expect(rollout).toMatchObject({ outcome: 'stuck', upToDate: 3 });
    expect(rollout.stuck?.nodes).toEqual([
      { node: 'node-05', because: 'the node is not ready, so the old pod cannot stop' },
    ]);
    expect(rollout.stuck?.advice).toBe(
      'maxUnavailable: 2 is the smallest that moves it on (or 12% of 9 nodes)',
    );
  });

  test('with that number all other nodes are updated', async () => {
    const objects = settledCluster(planNodes(10), agentSet({ strategy: unavailable(2) }));
    const { rollout } = await planFor({
      objects,
      changes: [v2],
      faults: [parseFault('node-lost:node-05@30s')],
    });
    expect(rollout).toMatchObject({ upToDate: 9, desired: 9 });
  });

  test('a pod that does not fit stays Pending, and the plan says for what', async () => {
    const change = patching({
      spec: {
        template: { spec: { containers: [{ name: 'agent', resources: { requests: { cpu: '2' } } }] } },
      },
    });
    const objects = settledCluster([planNode('large', { cpu: '4' }), planNode('small', { cpu: '1' })]);
    const report = await planFor({ objects, changes: [change] });
    expect(report.capacity.pending).toEqual([
      { node: 'small', because: 'Insufficient cpu (asks for 2, 1 of 1 are free)' },
    ]);
    expect(report.rollout.stuck?.nodes).toEqual([
      { node: 'small', because: 'the new pod is Pending: Insufficient cpu' },
    ]);
  });

  test('pods that never are ready are told from those that crash', async () => {
    const plan = (fault: string) =>
      planFor({ objects: settledCluster(planNodes(2)), changes: [v2], faults: [parseFault(fault)] });
    expect((await plan('never-ready')).rollout.stuck?.because).toContain(
      'the new pod is not ready on node-01',
    );
    expect((await plan('pull-fails')).rollout.stuck?.because).toContain('cannot be pulled');
  });

  test('a DaemonSet that is being deleted stands still for that', async () => {
    const [node] = planNodes(1);
    const set = agentSet();
    const going = {
      ...set,
      metadata: {
        ...set.metadata,
        deletionTimestamp: '2026-01-31T00:00:00Z',
        deletionGracePeriodSeconds: 0,
        finalizers: ['orphan'],
      },
    };
    const { rollout } = await planFor({ objects: node === undefined ? [] : [node, going], changes: [] });
    expect(rollout.stuck?.because).toContain(
      'the DaemonSet is being deleted (finalizer orphan), and its controller leaves it alone',
    );
  });

  test('a write that the API refuses again and again is told', async () => {
    const { ownerReferences: _owner, ...metadata } = agentPod(agentSet(), 'node-01').metadata;
    // Not as an API server would have stored it: any change of it is taken for one of its spec.
    const spec = {
      nodeName: 'node-01',
      enableServiceLinks: true,
      containers: [{ name: 'agent', image: 'registry.example/agent:v1' }],
    };
    const orphan: Pod = { ...agentPod(agentSet(), 'node-01'), metadata, spec };
    const { rollout } = await planFor({
      objects: [...planNodes(1), orphan],
      changes: [creating(agentSet())],
    });
    expect(rollout.outcome).toBe('stuck');
    expect(rollout.stuck?.because).toContain(
      'the API refuses what the controller wants to do: Pod "agent-node-01" is invalid',
    );
  });

  test('only the nodes of a fault are concerned', async () => {
    const faults = [parseFault('image-crashes:node-02@v2')];
    const { rollout } = await planFor({ objects: settledCluster(planNodes(3)), changes: [v2], faults });
    expect(rollout).toMatchObject({ outcome: 'stuck', upToDate: 1 });
    expect(rollout.stuck?.nodes.map(({ node }) => node)).toEqual(['node-02']);
  });
});

describe('strategies side by side', () => {
  test('each is tried on the same cluster', async () => {
    const { compared } = await planFor({
      objects: settledCluster(planNodes(10)),
      changes: [v2],
      compare: ['maxUnavailable=1', 'maxUnavailable=50%', 'maxSurge=2', 'OnDelete'].map(parseStrategy),
    });
    expect(compared).toMatchObject([
      {
        name: 'maxUnavailable=1',
        outcome: 'complete',
        durationMs: 120_000,
        fewestAvailable: 9,
        mostSurge: 0,
      },
      { name: 'maxUnavailable=50%', outcome: 'complete', durationMs: 24_000, fewestAvailable: 5 },
      { name: 'maxSurge=2', outcome: 'complete', fewestAvailable: 10, mostUnavailable: 0 },
      { name: 'OnDelete', outcome: 'onDelete', upToDate: 0 },
    ]);
    expect(compared?.[2]?.mostSurge).toBeGreaterThanOrEqual(2);
    expect(compared?.[2]?.extra.cpuMilli).toBe((compared?.[2]?.mostSurge ?? 0) * 100);
  });
});

describe('what happens to nodes meanwhile', () => {
  test('an added node gets the new pod, a removed one loses its own', async () => {
    const report = await planFor({
      objects: settledCluster(planNodes(3)),
      changes: [v2],
      events: [
        { atMs: 5000, add: planNode('node-99') },
        { atMs: 14_000, nodes: 'node-03', turn: 'removed' },
      ],
    });
    expect(report.rollout).toMatchObject({ outcome: 'complete', desired: 3 });
    expect(report.nodes.map(({ node, effect }) => [node, effect])).toEqual([
      ['node-01', 'replace'],
      ['node-02', 'replace'],
      ['node-03', 'lose'],
      ['node-99', 'gain'],
    ]);
    expect(report.timeline.marks.map(({ atMs, text }) => `${atMs} ${text}`)).toEqual([
      '0 image registry.example/agent:v2',
      '5000 node node-99 is added',
      '14000 node node-03 is removed',
      '54000 complete',
    ]);
  });

  test('a node that comes back takes its turn, and the rollout ends', async () => {
    const { rollout } = await planFor({
      objects: settledCluster(planNodes(3)),
      changes: [v2],
      events: [
        { atMs: 0, nodes: 'node-02', turn: 'not-ready' },
        { atMs: 600_000, nodes: 'node-02', turn: 'ready' },
      ],
    });
    expect(rollout).toMatchObject({ outcome: 'complete', desired: 3, upToDate: 3 });
    expect(rollout.durationMs).toBeGreaterThan(600_000);
  });

  test('a taint that the pods do not tolerate evicts them', async () => {
    const report = await planFor({
      objects: settledCluster(planNodes(2)),
      changes: [],
      events: [{ atMs: 1000, nodes: 'node-02', taint: 'gpu=true:NoExecute' }],
    });
    expect(report.nodes.map(({ effect }) => effect)).toEqual(['keep', 'lose']);
  });

  test('a node that is not there is refused by name', async () => {
    const plan = planFor({
      objects: settledCluster(planNodes(2)),
      changes: [v2],
      events: [{ atMs: 0, nodes: 'other', turn: 'lost' }],
    });
    await expect(plan).rejects.toThrow('no node is called "other": the nodes are node-01, node-02');
  });
});

describe('a cluster that is not at rest', () => {
  test('pods that wait to be started go on, pods that run and are not ready stay so', async () => {
    const [waiting, unready, ...others] = settledCluster(planNodes(3)).slice(4).reverse();
    const waits = {
      ...waiting,
      spec: { ...(waiting as Pod).spec, nodeName: '' },
      status: { phase: 'Pending' },
    };
    const pinned = {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-03'] }] }],
      },
    };
    const pending = { ...waits, spec: { ...waits.spec, affinity: { nodeAffinity: pinned } } } as Pod;
    const broken = agentPod(agentSet(), 'node-02', false);
    expect([unready, others.length]).toEqual([agentPod(agentSet(), 'node-02'), 1]);
    const report = await planFor({
      objects: [...planNodes(3), agentSet(), ...others, broken, pending],
      changes: [],
    });
    expect(report.nodes.map(({ node, effect }) => [node, effect])).toEqual([
      ['node-01', 'keep'],
      ['node-02', 'blocked'],
      ['node-03', 'keep'],
    ]);
    expect(report.rollout).toMatchObject({ available: 2, upToDate: 2 });
  });

  test('a node without its pod gets one', async () => {
    const { rollout, nodes } = await planFor({
      objects: settledCluster(planNodes(3)).slice(0, -1),
      changes: [],
    });
    expect(rollout).toMatchObject({ outcome: 'complete', waves: [{ nodes: ['node-03'] }] });
    expect(nodes[2]?.effect).toBe('gain');
  });
});

describe('what a file leaves out', () => {
  test('namespaces are taken for granted, and priority classes that pods have', async () => {
    const set = agentSet({ template: { priorityClassName: 'fleet-critical' } });
    const objects = settledCluster(planNodes(2), set).map((object) =>
      object.kind === 'Pod' ? { ...object, spec: { ...(object as Pod).spec, priority: 1000 } } : object,
    );
    const target = { namespace: 'nowhere', name: 'agent' };
    const elsewhere = { ...agentSet(), metadata: target } as ReturnType<typeof agentSet>;
    const created = await planFor({ objects: planNodes(1), target, changes: [creating(elsewhere)] });
    expect(created.rollout).toMatchObject({ outcome: 'complete', upToDate: 1 });
    const updated = await planFor({ objects, changes: [v2] });
    expect(updated.rollout).toMatchObject({ outcome: 'complete', upToDate: 2 });
  });

  test('a priority class that nobody has is what the API refuses the pods for', async () => {
    const set = agentSet({ template: { priorityClassName: 'unknown' } });
    const { rollout } = await planFor({ objects: planNodes(1), changes: [creating(set)] });
    expect(rollout.stuck?.nodes[0]?.because).toContain('the API refuses the new pod');
    expect(rollout.stuck?.nodes[0]?.because).toContain('no PriorityClass with name unknown was found');
  });
});
