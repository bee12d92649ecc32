import { describe, expect, test } from 'vitest';
import type { ContainerState, ContainerStatus, Pod, PodStatus } from '../../../../src/api/core.ts';
import type { ObjectMeta } from '../../../../src/api/meta.ts';
import { POD } from '../../../../src/api/well-known.ts';
import { tableFor } from '../../../../src/registry/tables/table-for.ts';

const NOW = Date.parse('2026-01-01T01:00:00Z');
const RUNNING: ContainerState = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const COMPLETED: ContainerState = { terminated: { exitCode: 0, reason: 'Completed' } };
const FAILED: ContainerState = { terminated: { exitCode: 1, reason: 'Error' } };

function container(
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus {
  return { name, image: 'i', imageID: '', ready: state === RUNNING, restartCount: 0, state, ...more };
}

/** A pod with two containers, whose status is this. */
function pod(
  status: PodStatus,
  more: { readonly metadata?: ObjectMeta; readonly spec?: Partial<Pod['spec']> } = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'default',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...more.metadata,
    },
    spec: { containers: [{ name: 'a' }, { name: 'b' }], ...more.spec },
    status: { phase: 'Running', ...status },
  };
}

/** The row as a record from heading to cell. */
function row(object: Pod): Readonly<Record<string, unknown>> {
  const { columns, rows } = tableFor(POD, [object], NOW);
  return Object.fromEntries(columns.map((column, index) => [column.name, rows[0]?.cells[index]]));
}

const ready = { type: 'Ready', status: 'True' };

describe('STATUS and READY', () => {
  test('two running containers', () => {
    expect(row(pod({ containerStatuses: [container('a', RUNNING), container('b', RUNNING)] }))).toMatchObject(
      {
        Ready: '2/2',
        Status: 'Running',
        Restarts: '0',
        Age: '60m',
      },
    );
  });

  test('a pod of which nothing is known yet shows its phase', () => {
    expect(row(pod({ phase: 'Pending' }))).toMatchObject({ Ready: '0/2', Status: 'Pending', IP: '<none>' });
  });

  test.each<[string, readonly ContainerState[], PodStatus, string]>([
    ['one completed, one running, pod ready', [COMPLETED, RUNNING], { conditions: [ready] }, 'Running'],
    ['one completed, one running, pod not ready', [COMPLETED, RUNNING], {}, 'NotReady'],
    ['one completed, one failed', [COMPLETED, FAILED], {}, 'Error'],
    [
      'one completed, one waiting',
      [COMPLETED, { waiting: { reason: 'ContainerCreating' } }],
      {},
      'Completed',
    ],
    [
      'the first trouble in the list counts',
      [{ waiting: { reason: 'CrashLoopBackOff' } }, FAILED],
      {},
      'CrashLoopBackOff',
    ],
    [
      'ended by a signal without a reason',
      [{ terminated: { exitCode: 137, signal: 9 } }, RUNNING],
      {},
      'Signal:9',
    ],
    ['ended by itself without a reason', [{ terminated: { exitCode: 3 } }, RUNNING], {}, 'ExitCode:3'],
    ['an evicted pod', [], { phase: 'Failed', reason: 'Evicted' }, 'Evicted'],
  ])('%s', (_, states, status, expected) => {
    const containerStatuses = states.map((state, index) => container('ab'[index] ?? '', state));
    expect(row(pod({ ...status, containerStatuses }))).toMatchObject({ Status: expected });
  });

  test.each<[string, ContainerState, string]>([
    ['waits', { waiting: { reason: 'ImagePullBackOff' } }, 'Init:ImagePullBackOff'],
    ['waits for its turn', { waiting: { reason: 'PodInitializing' } }, 'Init:1/2'],
    ['runs', RUNNING, 'Init:1/2'],
    ['failed', FAILED, 'Init:Error'],
    ['failed by signal', { terminated: { exitCode: 1, signal: 15 } }, 'Init:Signal:15'],
  ])('an init container that %s', (_, state, expected) => {
    const object = pod(
      { phase: 'Pending', initContainerStatuses: [container('i', COMPLETED), container('j', state)] },
      { spec: { initContainers: [{ name: 'i' }, { name: 'j' }] } },
    );
    expect(row(object)).toMatchObject({ Status: expected });
  });

  test('a started sidecar counts as a container', () => {
    const object = pod(
      {
        initContainerStatuses: [container('s', RUNNING, { started: true })],
        containerStatuses: [container('a', RUNNING), container('b', RUNNING)],
      },
      { spec: { initContainers: [{ name: 's', restartPolicy: 'Always' }] } },
    );
    expect(row(object)).toMatchObject({ Ready: '3/3', Status: 'Running' });
  });

  test('a deleted pod is terminating, unless it ended or its node is lost', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:30:00Z' };
    expect(row(pod({}, { metadata }))).toMatchObject({ Status: 'Terminating' });
    expect(row(pod({ phase: 'Succeeded' }, { metadata }))).toMatchObject({ Status: 'Succeeded' });
    expect(row(pod({ reason: 'NodeLost' }, { metadata }))).toMatchObject({ Status: 'Unknown' });
  });
});

describe('other columns', () => {
  test('RESTARTS adds up, and says how long ago the last one was', () => {
    const ended = (finishedAt: string): ContainerState => ({ terminated: { exitCode: 1, finishedAt } });
    const object = pod({
      containerStatuses: [
        container('a', RUNNING, { restartCount: 2, lastState: ended('2026-01-01T00:10:00Z') }),
        container('b', RUNNING, { restartCount: 1, lastState: ended('2026-01-01T00:55:00Z') }),
      ],
    });
    expect(row(object)).toMatchObject({ Restarts: '3 (5m ago)' });
  });

  test('wide columns', () => {
    const object = pod(
      {
        podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
        nominatedNodeName: 'n2',
        conditions: [{ type: 'e/gate', status: 'True' }],
      },
      {
        spec: { nodeName: 'n1', readinessGates: [{ conditionType: 'e/gate' }, { conditionType: 'e/other' }] },
      },
    );
    expect(row(object)).toMatchObject({
      IP: '10.0.0.1',
      Node: 'n1',
      'Nominated Node': 'n2',
      'Readiness Gates': '1/2',
    });
  });
});
