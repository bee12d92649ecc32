import { describe, expect, test } from 'vitest';
import type { Pod } from '../../src/api/core.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { FINDING_RULES } from '../../src/sim/findings.ts';
import type { PlanReport } from '../../src/sim/plan-report.ts';
import type { PlanOptions } from '../../src/sim/simulate.ts';
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
const rolling = (rollingUpdate: object) => ({ type: 'RollingUpdate', rollingUpdate });
const surge = rolling({ maxSurge: 1, maxUnavailable: 0 });
const withDead = (count: number, dead: number) =>
  planNodes(count).map((node, index) =>
    index < count - dead ? node : planNode(node.metadata.name ?? '', { ready: 'Unknown' }),
  );
const otherPod = (name: string, node: string, more: object): Pod => {
  const { ownerReferences: _owner, ...metadata } = agentPod(agentSet(), node).metadata;
  const base = agentPod(agentSet(), node);
  return {
    ...base,
    metadata: { ...metadata, name, uid: `uid-${name}`, labels: { app: 'other' } },
    spec: { ...base.spec, ...more },
  };
};
const portPod = (hostPort: number) => ({
  containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 1, hostPort, protocol: 'TCP' }] }],
});

interface Case {
  readonly rule: (typeof FINDING_RULES)[number];
  readonly severity: 'error' | 'warning' | 'note';
  readonly says: string;
  readonly plan: () => Partial<PlanOptions> & Pick<PlanOptions, 'objects' | 'changes'>;
}

const cases: readonly Case[] = [
  {
    rule: 'stall',
    severity: 'error',
    says: 'The smallest that moves is maxUnavailable 3',
    plan: () => ({ objects: settledCluster(withDead(10, 2)), changes: [v2] }),
  },
  {
    rule: 'invisible-nodes',
    severity: 'warning',
    says: '2 nodes with a pod of it are tainted as not ready',
    plan: () => ({ objects: settledCluster(withDead(10, 2)), changes: [v2] }),
  },
  {
    rule: 'blanket-toleration',
    severity: 'warning',
    says: '1 dead node still wants a pod',
    plan: () => ({
      objects: settledCluster(
        withDead(3, 1),
        agentSet({ template: { tolerations: [{ operator: 'Exists' }] } }),
      ),
      changes: [v2],
    }),
  },
  {
    rule: 'old-unready-burst',
    severity: 'warning',
    says: '3 old pods are not available now, and all are replaced in the first step whatever the strategy says (it allows 1)',
    plan: () => ({
      objects: settledCluster(planNodes(5), agentSet(), (node) => node > 'node-03'),
      changes: [v2],
    }),
  },
  {
    rule: 'surge-with-host-port',
    severity: 'error',
    says: 'both want host port 9100/TCP',
    plan: () => ({
      objects: settledCluster(
        planNodes(2),
        agentSet({
          strategy: surge,
          container: { ports: [{ containerPort: 9100, hostPort: 9100, protocol: 'TCP' }] },
        }),
      ),
      changes: [v2],
    }),
  },
  {
    rule: 'surge-with-host-network',
    severity: 'warning',
    says: 'both listen on the same addresses',
    plan: () => ({
      objects: settledCluster(planNodes(2), agentSet({ strategy: surge, template: { hostNetwork: true } })),
      changes: [v2],
    }),
  },
  {
    rule: 'host-port-clash',
    severity: 'error',
    says: 'host port 80/TCP is taken on 1 node (by pod default/web on node-01)',
    plan: () => ({
      objects: [...planNodes(2), otherPod('web', 'node-01', portPod(80))],
      changes: [
        creating(agentSet({ container: { ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] } })),
      ],
    }),
  },
  {
    rule: 'does-not-fit',
    severity: 'error',
    says: 'stays Pending there: node-02; on node-02: Insufficient cpu',
    plan: () => ({
      objects: [planNode('node-01'), planNode('node-02', { cpu: '50m' })],
      changes: [creating(agentSet())],
    }),
  },
  {
    rule: 'preemption',
    severity: 'warning',
    says: '1 pod of lower priority is evicted to make room: default/filler on node-01',
    plan: () => ({
      objects: [
        planNode('node-01', { cpu: '100m' }),
        otherPod('filler', 'node-01', {
          containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '100m' } } }],
        }),
      ],
      changes: [creating(agentSet({ template: { priorityClassName: 'system-node-critical' } }))],
    }),
  },
  {
    rule: 'rounding',
    severity: 'note',
    says: 'maxUnavailable 10% of 3 nodes is rounded up to 1, which is 33%',
    plan: () => ({
      objects: settledCluster(
        planNodes(3),
        agentSet({ strategy: rolling({ maxUnavailable: '10%', maxSurge: 0 }) }),
      ),
      changes: [v2],
    }),
  },
  {
    rule: 'all-at-once',
    severity: 'warning',
    says: 'allows all 3 nodes to be without a pod',
    plan: () => ({
      objects: settledCluster(
        planNodes(3),
        agentSet({ strategy: rolling({ maxUnavailable: '100%', maxSurge: 0 }) }),
      ),
      changes: [v2],
    }),
  },
  {
    rule: 'min-ready-seconds',
    severity: 'note',
    says: 'minReadySeconds 60 × 3 waves is 3m of waiting in a rollout of 3m36s',
    plan: () => ({ objects: settledCluster(planNodes(3), agentSet({ minReadySeconds: 60 })), changes: [v2] }),
  },
  {
    rule: 'slow-rollout',
    severity: 'note',
    says: '12 waves of about 10m',
    plan: () => ({
      objects: settledCluster(planNodes(12), agentSet({ minReadySeconds: 600 })),
      changes: [v2],
    }),
  },
  {
    rule: 'on-delete',
    severity: 'warning',
    says: 'the pods of 2 outdated nodes: node-01, node-02',
    plan: () => ({
      objects: settledCluster(planNodes(2), agentSet({ strategy: { type: 'OnDelete' } })),
      changes: [v2],
    }),
  },
  {
    rule: 'template-churn',
    severity: 'warning',
    says: 'every pod is restarted for nothing',
    plan: () => ({
      objects: settledCluster(
        planNodes(2),
        agentSet({
          container: {
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
        }),
      ),
      changes: [
        patching({
          spec: {
            template: {
              spec: {
                containers: [
                  {
                    name: 'agent',
                    env: [
                      { name: 'B', value: '2' },
                      { name: 'A', value: '1' },
                    ],
                    '$setElementOrder/env': [{ name: 'B' }, { name: 'A' }],
                  },
                ],
              },
            },
          },
        }),
      ],
    }),
  },
  {
    rule: 'template-labels',
    severity: 'note',
    says: 'labels of the pods change (tier)',
    plan: () => ({
      objects: settledCluster(planNodes(2)),
      changes: [patching({ spec: { template: { metadata: { labels: { tier: 'node' } } } } })],
    }),
  },
  {
    rule: 'released-pods',
    severity: 'warning',
    says: '1 pod of it no longer matches the selector',
    plan: () => {
      const [nodes, set] = [planNodes(2), agentSet()];
      const relabelled = agentPod(set, 'node-01');
      const labels = { ...relabelled.metadata.labels, app: 'debug' };
      const objects: readonly KubeObject[] = [
        ...nodes,
        set,
        { ...relabelled, metadata: { ...relabelled.metadata, labels } },
        agentPod(set, 'node-02'),
      ];
      return { objects, changes: [] };
    },
  },
  {
    rule: 'adopted-pods',
    severity: 'note',
    says: '1 pod without a controller matches the selector',
    plan: () => {
      const orphan = otherPod('orphan', 'node-01', {});
      return {
        objects: [...planNodes(1), { ...orphan, metadata: { ...orphan.metadata, labels: { app: 'agent' } } }],
        changes: [creating(agentSet())],
      };
    },
  },
  {
    rule: 'rollback',
    severity: 'note',
    says: 'going back replaces the pods of 2 nodes',
    plan: () => {
      const before = agentSet();
      return { objects: settledCluster(planNodes(5), before), changes: [v2, restoring(before, 15_000)] };
    },
  },
  {
    rule: 'overlapping-updates',
    severity: 'note',
    says: 'comes at 5s, while 1 node has no available pod',
    plan: () => ({
      objects: settledCluster(planNodes(3)),
      changes: [v2, newImage('registry.example/agent:v3', 5000)],
    }),
  },
  {
    rule: 'taken-for-updated',
    severity: 'warning',
    says: '1 pod counts as up to date although it is of another revision',
    plan: () => {
      const { ownerReferences: _owner, ...metadata } = agentPod(agentSet(), 'node-01').metadata;
      const orphan = { ...agentPod(agentSet(), 'node-01'), metadata };
      const next = agentSet({ container: { image: 'registry.example/agent:v2' } });
      return { objects: [...planNodes(1), orphan], changes: [creating(next)] };
    },
  },
  {
    rule: 'zone-without-pods',
    severity: 'warning',
    says: 'all 2 nodes of zone a have no available pod at the same time (at 0s), and so it is with 1 more zone',
    plan: () => {
      const zoned = (name: string, zone: string) =>
        planNode(name, { labels: { 'topology.kubernetes.io/zone': zone } });
      const nodes = [zoned('a-1', 'a'), zoned('a-2', 'a'), zoned('b-1', 'b'), zoned('b-2', 'b')];
      const set = agentSet({ strategy: rolling({ maxUnavailable: 2, maxSurge: 0 }) });
      return { objects: settledCluster(nodes, set), changes: [v2] };
    },
  },
  {
    rule: 'no-nodes',
    severity: 'warning',
    says: 'node-01 for one: nodeSelector wants disk=ssd',
    plan: () => ({
      objects: planNodes(1),
      changes: [creating(agentSet({ template: { nodeSelector: { disk: 'ssd' } } }))],
    }),
  },
  {
    rule: 'virtual-nodes',
    severity: 'warning',
    says: '1 virtual node (Fargate or virtual-kubelet)',
    plan: () => ({
      objects: [
        planNode('node-01'),
        planNode('fargate-1', {
          labels: { 'eks.amazonaws.com/compute-type': 'fargate' },
          spec: {
            taints: [{ key: 'eks.amazonaws.com/compute-type', value: 'fargate', effect: 'NoSchedule' }],
          },
        }),
      ],
      changes: [creating(agentSet({ template: { tolerations: [{ operator: 'Exists' }] } }))],
    }),
  },
  {
    rule: 'pdb-has-no-say',
    severity: 'note',
    says: 'PodDisruptionBudget careful selects these pods',
    plan: () => {
      const budget: KubeObject & { readonly spec: object } = {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'careful', namespace: 'default' },
        spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'agent' } } },
      };
      return { objects: [...settledCluster(planNodes(2)), budget], changes: [v2] };
    },
  },
];

const found = (report: PlanReport, rule: string) => report.findings.filter((one) => one.rule === rule);

describe('findings', () => {
  test.each(cases)('$rule', async ({ rule, severity, says, plan }) => {
    const [finding, ...more] = found(await planFor(plan()), rule);
    expect(finding).toMatchObject({ severity, text: expect.stringContaining(says) });
    expect(more).toEqual([]);
  });

  test('every rule has its case above', () => {
    expect(cases.map(({ rule }) => rule as string).sort()).toEqual([...FINDING_RULES].sort());
  });

  test('an ordinary update of a healthy cluster finds nothing', async () => {
    const report = await planFor({ objects: settledCluster(planNodes(4)), changes: [v2] });
    expect(report.findings).toEqual([]);
  });

  test('the worst come first', async () => {
    const tolerant = agentSet({
      template: { tolerations: [{ operator: 'Exists' }] },
      strategy: rolling({ maxUnavailable: '1%', maxSurge: 0 }),
    });
    const { findings } = await planFor({ objects: settledCluster(withDead(3, 1), tolerant), changes: [v2] });
    expect(findings.map(({ severity }) => severity)).toEqual(['error', 'warning', 'note']);
  });
});
