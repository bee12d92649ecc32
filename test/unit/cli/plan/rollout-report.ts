import type { Availability, NodeTrack, PlanReport, Segment, Wave } from '../../../../src/sim/plan-report.ts';

/** Of a report made for pictures. */
interface RolloutOptions {
  readonly nodes: number;
  /** Nodes at once. */
  readonly atOnce?: number;
  readonly nodeName?: (number: number) => string;
  /** Nodes (from 1) whose new pod never starts; the rollout is stuck after the last. */
  readonly failing?: readonly number[];
}

const waveMs = 12_000;

/** The report of an update, as large as wanted in no time: wave after wave, each pod as `kdaemon plan` assumes it. */
export function rolloutReport({ nodes, atOnce = 1, nodeName, failing = [] }: RolloutOptions): PlanReport {
  const digits = String(nodes).length;
  const nameOf = nodeName ?? ((number: number) => `node-${String(number).padStart(digits, '0')}`);
  const names = Array.from({ length: nodes }, (_, index) => nameOf(index + 1));
  const failed = new Set(failing.map(nameOf));
  const waveCount = Math.ceil(nodes / atOnce);
  const waves = Array.from({ length: waveCount }, (_, index): Wave => {
    const fromMs = index * waveMs;
    return {
      number: index + 1,
      fromMs,
      toMs: fromMs + waveMs,
      nodes: names.slice(index * atOnce, (index + 1) * atOnce),
    };
  });
  const endMs = waveCount * waveMs;
  const isStuck = failing.length > 0;
  const tracks = waves.flatMap((wave) => wave.nodes.map((node) => trackOf(node, wave.fromMs, endMs, failed)));
  const availability = waves.flatMap((wave, index): readonly Availability[] => [
    { atMs: wave.fromMs, available: nodes - wave.nodes.length, updated: index * atOnce, desired: nodes },
    {
      atMs: wave.fromMs + 2000,
      available: nodes - wave.nodes.length,
      updated: index * atOnce + wave.nodes.length,
      desired: nodes,
    },
  ]);
  const available = nodes - failed.size;
  const none = { cpuMilli: 0, memoryBytes: 0 };
  return {
    apiVersion: 'kdaemon.dev/v1alpha1',
    kind: 'RolloutPlan',
    daemonSet: { namespace: 'kube-system', name: 'agent' },
    change: 'update',
    steps: [{ atMs: 0, text: 'set image agent=agent:v2' }],
    differences: [
      { path: 'spec.template.spec.containers[agent].image', before: 'agent:v1', after: 'agent:v2' },
    ],
    strategy: {
      type: 'RollingUpdate',
      maxUnavailable: String(atOnce),
      unavailableBudget: atOnce,
      surgeBudget: 0,
      minReadySeconds: 0,
    },
    revisions: { before: 'agent-1', after: 'agent-2' },
    counts: { gain: 0, lose: 0, replace: available, keep: 0, blocked: failed.size, none: 0 },
    nodes: names.map((node) =>
      failed.has(node)
        ? { node, effect: 'blocked', because: 'the new container crashes' }
        : { node, effect: 'replace', because: 'the pod is of an older revision' },
    ),
    rollout: {
      outcome: isStuck ? 'stuck' : 'complete',
      durationMs: endMs,
      waves,
      desired: nodes,
      updated: nodes,
      available,
      upToDate: available,
      fewestAvailable: { count: nodes - atOnce, atMs: 0 },
      mostUnavailable: atOnce,
      mostSurge: 0,
      ...(isStuck
        ? {
            stuck: {
              atMs: endMs,
              because: `${failed.size} nodes are unavailable: the new container crashes`,
              nodes: [...failed].map((node) => ({ node, because: 'the new container crashes' })),
            },
          }
        : {}),
    },
    capacity: {
      perPod: { cpuMilli: 100, memoryBytes: 134_217_728 },
      perPodBefore: { cpuMilli: 100, memoryBytes: 134_217_728 },
      added: none,
      pending: [],
      hostPortClashes: [],
      shares: [],
    },
    findings: [],
    timeline: {
      startedAt: '2026-01-01T00:00:00Z',
      endMs,
      tracks,
      availability: [...availability, { atMs: endMs, available, updated: nodes, desired: nodes }],
      marks: [{ atMs: 0, text: 'set image agent=agent:v2' }],
    },
    faults: [],
    assumptions: { pullMs: 5000, initMs: 0, startMs: 2000, readyMs: 3000, stopMs: 2000 },
    seed: 1,
  };
}

function trackOf(node: string, fromMs: number, endMs: number, failed: ReadonlySet<string>): NodeTrack {
  const spans: readonly Segment[] = [
    { fromMs: 0, toMs: fromMs, state: 'old' },
    { fromMs, toMs: fromMs + 2000, state: 'terminating' },
    { fromMs: fromMs + 2000, toMs: fromMs + 7000, state: 'pulling' },
    { fromMs: fromMs + 7000, toMs: fromMs + waveMs, state: 'starting' },
    { fromMs: fromMs + waveMs, toMs: endMs, state: failed.has(node) ? 'failed' : 'ready' },
  ];
  return { node, segments: spans.filter((span) => span.toMs > span.fromMs) };
}
