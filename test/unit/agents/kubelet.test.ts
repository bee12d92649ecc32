import { describe, expect, test } from 'vitest';
import { createAddressPool } from '../../../src/agents/kubelet/address-pool.ts';
import {
  BEHAVIOUR_ANNOTATION,
  behaviourOf,
  type PodBehaviour,
  parseBehaviour,
} from '../../../src/agents/kubelet/behaviour.ts';
import {
  firstNodeStatus,
  isUnreported,
  registrationLabels,
} from '../../../src/agents/kubelet/node-status.ts';
import { podHappenings } from '../../../src/agents/kubelet/pod-events.ts';
import { podStatus } from '../../../src/agents/kubelet/pod-status.ts';
import { type Stage, stageAt } from '../../../src/agents/kubelet/stage.ts';
import type { Node, Pod } from '../../../src/api/core.ts';

const now = Date.parse('2026-01-01T00:01:00Z');
const startTime = Date.parse('2026-01-01T00:00:00Z');

const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'worker-1' },
  status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
};

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'agent-x', namespace: 'apps', uid: 'u1' },
  spec: { containers: [{ name: 'agent', image: 'example.test/agent:1' }], nodeName: 'worker-1' },
  status: {
    phase: 'Pending',
    qosClass: 'BestEffort',
    conditions: [
      {
        type: 'PodScheduled',
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
  },
};

const atOnce: PodBehaviour = {
  pullSeconds: 0,
  initSeconds: 0,
  startSeconds: 0,
  readySeconds: 0,
  stopSeconds: 0,
  outcome: 'ready',
};
const annotated = (text: string): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: { [BEHAVIOUR_ANNOTATION]: text } },
});

describe('the behaviour of a pod', () => {
  test('is ready at once by default', () => {
    expect(behaviourOf(pod, node, [])).toEqual(atOnce);
  });

  test('is read from an annotation, unknown words left out', () => {
    expect(parseBehaviour('pull=20s, ready=1.5,crash-loop,what=1s,nonsense')).toEqual({
      pullSeconds: 20,
      readySeconds: 1.5,
      outcome: 'crash-loop',
    });
    expect(parseBehaviour(undefined)).toEqual({});
  });

  test('comes from the first rule that applies, the node, and the pod, the nearest last', () => {
    const rules = [
      { image: 'example.test/agent:1', behaviour: { pullSeconds: 1 } },
      { node: 'worker-1', behaviour: { pullSeconds: 2, initSeconds: 2 } },
      { node: 'worker-2', behaviour: { pullSeconds: 9, initSeconds: 9 } },
      { image: 'example.test/other', behaviour: { outcome: 'evicted' as const } },
    ];
    expect(behaviourOf(pod, node, rules)).toMatchObject({ pullSeconds: 1, initSeconds: 2, outcome: 'ready' });
    const slow = {
      ...node,
      metadata: { ...node.metadata, annotations: { [BEHAVIOUR_ANNOTATION]: 'pull=3,start=3' } },
    };
    expect(behaviourOf(annotated('pull=4s'), slow, rules)).toMatchObject({ pullSeconds: 4, startSeconds: 3 });
  });
});

describe('the stages of a pod', () => {
  const slow: PodBehaviour = { ...atOnce, pullSeconds: 10, initSeconds: 5, startSeconds: 2, readySeconds: 3 };
  const running = (ready: boolean, startedAfterMs: number): Stage => ({
    name: 'running',
    ready,
    restarts: 0,
    startedAfterMs,
  });

  test.each<[string, PodBehaviour, number, Stage, number | undefined]>([
    ['ready at once', atOnce, 0, running(true, 0), undefined],
    ['pulling', slow, 4, { name: 'pulling' }, 6],
    ['initializing', slow, 10, { name: 'initializing' }, 5],
    ['starting', slow, 15, { name: 'starting' }, 2],
    ['running, not ready yet', slow, 17, running(false, 17_000), 3],
    ['ready', slow, 20, running(true, 17_000), undefined],
    ['never ready', { ...atOnce, outcome: 'never-ready' }, 99, running(false, 0), undefined],
    [
      'pull fails',
      { ...slow, outcome: 'image-pull-fails' },
      10,
      { name: 'pull-failed', backingOff: false },
      10,
    ],
    [
      'pull backs off',
      { ...slow, outcome: 'image-pull-fails' },
      20,
      { name: 'pull-failed', backingOff: true },
      undefined,
    ],
    ['evicted', { ...atOnce, outcome: 'evicted' }, 0, { name: 'evicted' }, undefined],
    ['evicted later', { ...atOnce, readySeconds: 9, outcome: 'evicted' }, 5, running(false, 0), 4],
  ])('%s', (_name, behaviour, elapsedSeconds, stage, nextSeconds) => {
    const answer = stageAt(behaviour, elapsedSeconds * 1000);
    expect(answer.stage).toEqual(stage);
    expect(answer.nextInMs).toBe(nextSeconds === undefined ? undefined : nextSeconds * 1000);
  });

  test('of a crash loop: a second of running, then 10 s, 20 s, … of waiting, 300 s at most', () => {
    const crashing: PodBehaviour = { ...atOnce, outcome: 'crash-loop' };
    const waits: number[] = [];
    let elapsed = 0;
    for (let turn = 0; turn < 16; turn += 1) {
      const { stage, nextInMs = 0 } = stageAt(crashing, elapsed);
      expect(stage.name).toBe(turn % 2 === 0 ? 'running' : 'crashed');
      if (stage.name === 'crashed') waits.push(nextInMs / 1000);
      else expect(nextInMs).toBe(1000);
      elapsed += nextInMs;
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
    expect(stageAt(crashing, 11_500).stage).toEqual({
      name: 'running',
      ready: false,
      restarts: 1,
      startedAfterMs: 11_000,
      lastRun: { startedAfterMs: 0, finishedAfterMs: 1000 },
    });
  });
});

describe('the status of a pod', () => {
  const statusIn = (stage: Stage, of: Pod = pod) =>
    podStatus(of, { node, stage, startTime, now, podIP: '10.0.0.7' });
  const ready: Stage = { name: 'running', ready: true, restarts: 0, startedAfterMs: 0 };

  test('that is ready has addresses, conditions in order and running containers', () => {
    const condition = (type: string, at: string) => ({
      type,
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: `2026-01-01T00:0${at}:00Z`,
    });
    expect(statusIn(ready)).toEqual({
      phase: 'Running',
      qosClass: 'BestEffort',
      startTime: '2026-01-01T00:00:00Z',
      hostIP: '192.0.2.1',
      hostIPs: [{ ip: '192.0.2.1' }],
      podIP: '10.0.0.7',
      podIPs: [{ ip: '10.0.0.7' }],
      conditions: [
        condition('Initialized', '1'),
        condition('Ready', '1'),
        condition('ContainersReady', '1'),
        condition('PodScheduled', '0'),
      ],
      containerStatuses: [
        {
          name: 'agent',
          image: 'example.test/agent:1',
          imageID: '',
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
          lastState: {},
        },
      ],
    });
  });

  test('keeps the time of a condition whose status stays', () => {
    const before = { ...pod, status: { ...statusIn(ready), extra: true } };
    const later = podStatus(before, { node, stage: ready, startTime, now: now + 60_000, podIP: '10.0.0.7' });
    expect(later).toEqual(before.status);
  });

  test.each<[Stage, string, object]>([
    [{ name: 'pulling' }, 'Pending', { waiting: { reason: 'ContainerCreating' } }],
    [{ name: 'initializing' }, 'Pending', { waiting: { reason: 'PodInitializing' } }],
    [
      { name: 'pull-failed', backingOff: false },
      'Pending',
      { waiting: { reason: 'ErrImagePull', message: expect.stringContaining('example.test/agent:1') } },
    ],
    [
      { name: 'pull-failed', backingOff: true },
      'Pending',
      { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "example.test/agent:1"' } },
    ],
    [
      { name: 'crashed', restarts: 2, lastRun: { startedAfterMs: 5000, finishedAfterMs: 6000 } },
      'Running',
      { waiting: { reason: 'CrashLoopBackOff', message: expect.any(String) } },
    ],
  ])('in stage %o shows what its container waits for', (stage, phase, state) => {
    const status = statusIn(stage);
    expect(status.phase).toBe(phase);
    expect(status.containerStatuses?.[0]?.state).toEqual(state);
    expect(status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [agent]',
    });
  });

  test('of a crashed container counts its restarts and tells of its last run', () => {
    const run = { startedAfterMs: 5000, finishedAfterMs: 6000 };
    expect(statusIn({ name: 'crashed', restarts: 2, lastRun: run }).containerStatuses?.[0]).toMatchObject({
      restartCount: 2,
      lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T00:00:06Z' } },
    });
  });

  test('of an evicted pod is Failed', () => {
    expect(statusIn({ name: 'evicted' })).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
  });

  test('shows init containers as completed and sidecars as running', () => {
    const initContainers = [{ name: 'setup' }, { name: 'proxy', restartPolicy: 'Always' }];
    const status = statusIn(ready, { ...pod, spec: { ...pod.spec, initContainers } });
    expect(status.initContainerStatuses?.map(({ name, state }) => [name, Object.keys(state ?? {})])).toEqual([
      ['setup', ['terminated']],
      ['proxy', ['running']],
    ]);
  });
});

describe('the events of a pod', () => {
  const reasons = (stage: Stage, behaviour: Partial<PodBehaviour> = {}) =>
    podHappenings(pod, stage, { ...atOnce, ...behaviour }).map(({ reason }) => reason);

  test('are none when it becomes ready at once', () => {
    expect(reasons({ name: 'running', ready: true, restarts: 0, startedAfterMs: 0 })).toEqual([]);
  });

  test('tell of pulls that fail and of crashes', () => {
    expect(reasons({ name: 'pull-failed', backingOff: false })).toEqual(['Pulling', 'Failed', 'Failed']);
    expect(reasons({ name: 'pull-failed', backingOff: true })).toEqual(['BackOff', 'Failed']);
    const lastRun = { startedAfterMs: 0, finishedAfterMs: 1000 };
    expect(reasons({ name: 'crashed', restarts: 0, lastRun })).toEqual(['BackOff']);
  });
});

describe('the registration of a node', () => {
  test('is for nodes whose readiness nobody reported', () => {
    const reported = { ...node, status: { conditions: [{ type: 'Ready', status: 'False' }] } };
    expect([isUnreported(node), isUnreported(reported)]).toEqual([true, false]);
  });

  test('fills in what is not given, and keeps the rest', () => {
    const bare: Node = {
      ...node,
      metadata: { name: 'worker-1', labels: { 'kubernetes.io/os': 'windows' } },
      status: { capacity: { cpu: '2' }, nodeInfo: { osImage: '', kernelVersion: '6.1' } },
    };
    expect(firstNodeStatus(bare, '10.128.0.9', now)).toMatchObject({
      capacity: { cpu: '2', memory: '8Gi', pods: '110' },
      allocatable: { cpu: '2', memory: '8Gi', pods: '110' },
      addresses: [
        { type: 'InternalIP', address: '10.128.0.9' },
        { type: 'Hostname', address: 'worker-1' },
      ],
      nodeInfo: { kernelVersion: '6.1', osImage: 'kdaemon simulated node', operatingSystem: 'windows' },
    });
    expect(registrationLabels(bare)).toEqual({
      'kubernetes.io/hostname': 'worker-1',
      'kubernetes.io/arch': 'amd64',
    });
  });
});

describe('the address pool', () => {
  test('goes on after the highest address in use, and starts over at its end', () => {
    const pool = createAddressPool('10.0.0.0', 300);
    expect([pool.next(), pool.next()]).toEqual(['10.0.0.1', '10.0.0.2']);
    pool.use('10.0.0.255');
    pool.use('192.0.2.200');
    pool.use(undefined);
    expect(pool.next()).toBe('10.0.1.0');
    pool.use('10.0.1.44');
    expect(pool.next()).toBe('10.0.0.1');
  });
});
