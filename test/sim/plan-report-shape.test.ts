import { expect, test } from 'vitest';
import { parseFault } from '../../src/sim/faults.ts';
import { parseStrategy } from '../../src/sim/strategy.ts';
import { agentSet, newImage, planFor, planNode, planNodes, settledCluster } from './support/plan-cluster.ts';

/** What a value must be: a word for a simple type, a list's item, a record's fields (`?` may be absent), or one of. */
type Shape =
  | string
  | readonly [Shape]
  | { readonly [field: string]: Shape }
  | { readonly oneOf: readonly unknown[] };

const requests: Shape = { cpuMilli: 'number', memoryBytes: 'number', 'other?': 'numbers' };
const segment: Shape = {
  fromMs: 'number',
  toMs: 'number',
  state: {
    oneOf: [
      'absent',
      'old',
      'oldUnready',
      'pending',
      'pulling',
      'starting',
      'settling',
      'ready',
      'failed',
      'terminating',
    ],
  },
};
const outcome: Shape = { oneOf: ['complete', 'stuck', 'onDelete', 'unchanged'] };
const mark: Shape = { atMs: 'number', text: 'string' };
const effects = ['gain', 'lose', 'replace', 'keep', 'blocked', 'none'];

/** The document that `kdaemon plan -o json` prints, as the README describes it. */
const document: Shape = {
  apiVersion: { oneOf: ['kdaemon.dev/v1alpha1'] },
  kind: { oneOf: ['RolloutPlan'] },
  daemonSet: { namespace: 'string', name: 'string' },
  change: { oneOf: ['create', 'update', 'none'] },
  steps: [mark],
  differences: [{ path: 'string', 'before?': 'string', 'after?': 'string' }],
  strategy: {
    type: { oneOf: ['RollingUpdate', 'OnDelete'] },
    'maxUnavailable?': 'string',
    'maxSurge?': 'string',
    unavailableBudget: 'number',
    surgeBudget: 'number',
    minReadySeconds: 'number',
  },
  revisions: { 'before?': 'string', 'after?': 'string' },
  counts: Object.fromEntries(effects.map((effect) => [effect, 'number'])),
  nodes: [{ node: 'string', effect: { oneOf: effects }, because: 'string' }],
  rollout: {
    outcome,
    durationMs: 'number',
    waves: [{ number: 'number', fromMs: 'number', toMs: 'number', nodes: ['string'] }],
    desired: 'number',
    updated: 'number',
    available: 'number',
    upToDate: 'number',
    fewestAvailable: { count: 'number', atMs: 'number' },
    mostUnavailable: 'number',
    mostSurge: 'number',
    'stuck?': {
      atMs: 'number',
      because: 'string',
      nodes: [{ node: 'string', because: 'string' }],
      'advice?': 'string',
    },
  },
  capacity: {
    perPod: requests,
    perPodBefore: requests,
    added: requests,
    pending: [{ node: 'string', because: 'string' }],
    hostPortClashes: [{ node: 'string', port: 'string', heldBy: 'string' }],
    shares: [{ node: 'string', requests, cpuPercent: 'number or null', memoryPercent: 'number or null' }],
  },
  findings: [{ severity: { oneOf: ['error', 'warning', 'note'] }, rule: 'string', text: 'string' }],
  timeline: {
    startedAt: 'string',
    endMs: 'number',
    tracks: [{ node: 'string', segments: [segment], 'surge?': [segment] }],
    availability: [{ atMs: 'number', available: 'number', updated: 'number', desired: 'number' }],
    marks: [mark],
  },
  faults: ['string'],
  assumptions: { pullMs: 'number', initMs: 'number', startMs: 'number', readyMs: 'number', stopMs: 'number' },
  seed: 'number',
  'compared?': [
    {
      name: 'string',
      outcome,
      durationMs: 'number',
      upToDate: 'number',
      fewestAvailable: 'number',
      mostUnavailable: 'number',
      mostSurge: 'number',
      extra: requests,
      'stuckBecause?': 'string',
    },
  ],
};

/** Where a value is not of its shape; empty when it is. */
function misfits(value: unknown, shape: Shape, path: string): readonly string[] {
  if (typeof shape === 'string') return fits(value, shape) ? [] : [`${path} is no ${shape}`];
  if ('oneOf' in shape && Array.isArray(shape.oneOf)) {
    return shape.oneOf.includes(value) ? [] : [`${path} is ${JSON.stringify(value)}`];
  }
  if (Array.isArray(shape)) {
    const [item] = shape as readonly [Shape];
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((one, index) => misfits(one, item, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [`${path} is no record`];
  const record = value as Readonly<Record<string, unknown>>;
  const fields = new Map(
    Object.entries(shape as Readonly<Record<string, Shape>>).map(([key, one]) => [
      key.replace('?', ''),
      { one, isOptional: key.endsWith('?') },
    ]),
  );
  return [
    ...Object.keys(record)
      .filter((key) => !fields.has(key))
      .map((key) => `${path}.${key} is not described`),
    ...[...fields].flatMap(([key, { one, isOptional }]) =>
      record[key] === undefined
        ? isOptional
          ? []
          : [`${path}.${key} is missing`]
        : misfits(record[key], one, `${path}.${key}`),
    ),
  ];
}

function fits(value: unknown, type: string): boolean {
  if (type === 'numbers')
    return typeof value === 'object' && value !== null && Object.values(value).every(Number.isFinite);
  if (type === 'number or null') return value === null || Number.isFinite(value);
  return type === 'number' ? Number.isFinite(value) : typeof value === type;
}

const v2 = newImage('registry.example/agent:v2');
const compare = ['maxUnavailable=2', 'maxSurge=1', 'OnDelete'].map(parseStrategy);
const gpu = {
  container: {
    resources: { limits: { 'example.com/gpu': '1' }, requests: { cpu: '1', 'example.com/gpu': '1' } },
  },
};

test.each([
  ['a complete one', { objects: settledCluster(planNodes(4)), changes: [v2], compare }],
  [
    'a stuck one',
    {
      objects: settledCluster(planNodes(4), agentSet(gpu)),
      changes: [v2],
      faults: [parseFault('node-lost:node-01')],
      compare,
    },
  ],
  [
    'one with surge',
    {
      objects: settledCluster(
        planNodes(4),
        agentSet({
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '50%', maxUnavailable: 0 } },
        }),
      ),
      changes: [v2],
    },
  ],
  ['one of nothing', { objects: settledCluster([planNode('a')]), changes: [] }],
])('the document of %s has the shape that is described', async (_what, options) => {
  const report = await planFor(options);
  expect(misfits(JSON.parse(JSON.stringify(report)), document, '$')).toEqual([]);
  const { tracks, endMs } = report.timeline;
  for (const { segments } of tracks) {
    expect(segments.at(-1)?.toMs ?? endMs).toBe(endMs);
    for (const [index, { fromMs, toMs }] of segments.entries()) {
      expect(toMs).toBeGreaterThan(fromMs);
      if (index > 0) expect(fromMs).toBe(segments[index - 1]?.toMs);
    }
  }
});

test('the check of the shape finds what is missing, and what nobody described', () => {
  expect(misfits({ a: 1, c: 2 }, { a: 'number', b: 'string', 'd?': 'string' }, '$')).toEqual([
    '$.c is not described',
    '$.b is missing',
  ]);
});
