import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WriteOutcome, WriteRequest } from '../../src/api/client.ts';
import type { Pod } from '../../src/api/core.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { EVENT, POD } from '../../src/api/well-known.ts';
import { statusUpdate } from '../../src/runtime/write-requests.ts';
import { memoryClient } from '../support/memory-client.ts';

/**
 * A batch answers writes that are like earlier ones of it without looking at them in full. Here the same writes are sent
 * in one batch and one by one, with the same chance and time: answers and stores must be the same.
 */
async function inBatchAndAlone(rounds: (pods: readonly Pod[]) => readonly WriteRequest[][]): Promise<void> {
  const run = async (together: boolean): Promise<unknown> => {
    const { client, store } = memoryClient({ seed: 7 });
    const outcomes: WriteOutcome[] = [];
    let pods: readonly Pod[] = [];
    for (let round = 0; ; round += 1) {
      const requests = rounds(pods)[round];
      if (requests === undefined) break;
      if (together) outcomes.push(...(await client.commit(requests)));
      else for (const request of requests) outcomes.push(...(await client.commit([request])));
      pods = (await client.list(POD, { namespace: 'default' })).items;
    }
    const { rows } = await store.snapshot();
    const live = rows.map(({ entry, terms }) => ({
      ...entry,
      form: undefined,
      value: JSON.parse(entry.value),
      terms,
    }));
    return { outcomes: JSON.parse(JSON.stringify(outcomes)), live };
  };
  expect(await run(true)).toEqual(await run(false));
}

/** One of these, of whatever types. */
const pick = <T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> =>
  fc.constantFrom(...values);
const pinned = (values: unknown, rest: object = {}): object => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }],
    },
    ...rest,
  },
});
const preferred = (value: string): object => ({
  preferredDuringSchedulingIgnoredDuringExecution: [
    { weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: [value] }] } },
  ],
});

const affinity = fc.oneof(
  { weight: 6, arbitrary: pick('n1', 'n2', 'node-3.example').map((name) => pinned([name])) },
  pick(
    undefined,
    {},
    pinned(['n1', 'n2']),
    pinned([]),
    pinned(['Not a name']),
    pinned(['a..b']),
    pinned(['x'.repeat(300)]),
    pinned(7),
    pinned(['n1'], preferred('ssd')),
    pinned(['n2'], preferred('hdd')),
    pinned(['n2'], { unknownField: 1 }),
    { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
  ),
);

const metadata = fc.record({
  generateName: pick('agent-', 'agent-', 'other-'),
  labels: pick({ app: 'a' }, { app: 'a' }, { app: 'b' }, { app: '-' }),
});
const container = pick(
  { name: 'c', image: 'agent:1' },
  { name: 'c', image: 'agent:1' },
  { name: 'c', image: 'agent:2' },
  { name: 'C!', image: 'agent:1' },
  { name: 'c', image: 'agent:1', resources: { requests: { cpu: '100m' } } },
);
const shared = { generateName: 'agent-', labels: { app: 'shared' } };
/** A base with at most one field in another way: what is alike but for one thing is where mistakes would hide. */
function withOneChange<T extends object>(
  base: T,
  fields: { readonly [field in keyof T]: fc.Arbitrary<T[field]> },
): fc.Arbitrary<T> {
  const changes = Object.entries<fc.Arbitrary<unknown>>(fields).map(([field, value]) =>
    value.map((changed): T => ({ ...base, [field]: changed })),
  );
  return fc.oneof(fc.constant(base), ...changes);
}

const pod = withOneChange<{
  metadata: object;
  container: object;
  affinity: object | undefined;
  extra: object;
  name: string | undefined;
  namespace: string;
}>(
  {
    metadata: shared,
    container: { name: 'c', image: 'agent:1' },
    affinity: pinned(['n0']),
    extra: {},
    name: undefined,
    namespace: 'default',
  },
  {
    metadata,
    container,
    affinity,
    extra: pick(
      { priorityClassName: 'system-node-critical' },
      { priorityClassName: 'none' },
      { dnsPolicy: 'x' },
    ),
    name: pick('fixed', 'FIXED'),
    namespace: fc.constant('missing'),
  },
).map((given): WriteRequest => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: given.name === undefined ? given.metadata : { ...given.metadata, name: given.name },
    spec: {
      containers: [given.container],
      ...(given.affinity === undefined ? {} : { affinity: given.affinity }),
      ...given.extra,
    },
  };
  // Some of these are no pods: that is what they are for.
  return { verb: 'create', kind: POD, namespace: given.namespace, object: object as unknown as KubeObject };
});

const event = fc
  .tuple(
    fc.nat({ max: 1_000_000 }),
    withOneChange<{
      name: string | undefined;
      about: object;
      message: string;
      count: unknown;
      reason: string;
      namespace: string;
    }>(
      {
        name: undefined,
        about: { name: 'p1', uid: 'u1' },
        message: 'Created',
        count: 1,
        reason: 'Scheduled',
        namespace: 'default',
      },
      {
        name: pick('e.1', 'E/4', '', '-'),
        about: pick(
          { name: 'p2', uid: 'u2' },
          { name: 'p2' },
          { name: '', uid: 'u2' },
          { name: 7, uid: 'u1' },
        ),
        message: pick('Deleted', '', 'ü'),
        count: pick(2, -1, 'x'),
        reason: pick('Killed', ''),
        namespace: fc.constant('kube-system'),
      },
    ),
  )
  .map(([number, { name, about, namespace, ...rest }]): WriteRequest => {
    const object = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: name ?? `event.${number}`, namespace: 'default' },
      involvedObject: { kind: 'Pod', namespace: 'default', ...about },
      ...rest,
      source: { component: 'test' },
      eventTime: null,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      type: 'Normal',
    };
    return { verb: 'create', kind: EVENT, namespace, object: object as unknown as KubeObject };
  });

test('creates of pods and events come to the same in a batch as one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(pod, event), { minLength: 2, maxLength: 12 }), async (requests) => {
      await inBatchAndAlone(() => [requests]);
    }),
    { numRuns: 60 },
  );
});

const address = pick<unknown[]>('10.0.0.2', '10.0.0.256', '010.0.0.1', 'x', '', 7);
const ready = {
  type: 'Ready',
  status: 'True',
  lastProbeTime: null,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const addressLists = pick(
  [{ ip: '10.0.0.2' }],
  [{ ip: '10.0.0.256' }],
  [{ ip: '10.0.0.1' }, { ip: '10.0.0.1' }],
  [{ ip: 'x' }],
  [{}],
  [],
  [{ ip: '10.0.0.1', more: 1 }],
);
const status = withOneChange<{ [field: string]: unknown }>(
  {
    phase: 'Running',
    conditions: [ready],
    hostIP: '10.1.0.1',
    hostIPs: [{ ip: '10.1.0.1' }],
    podIP: '10.0.0.1',
    podIPs: [{ ip: '10.0.0.1' }],
    startTime: '2026-01-01T00:00:00Z',
    qosClass: 'BestEffort',
  },
  {
    phase: pick('Pending', 'Odd'),
    conditions: pick([{ type: 'Ready', status: 'True' }], [], 'x', [{ ...ready, status: 'False' }]),
    hostIP: address,
    hostIPs: addressLists,
    podIP: address,
    podIPs: addressLists,
    startTime: pick('x', '2026-01-01T00:00:01Z'),
    qosClass: pick('Burstable', undefined),
    nominatedNodeName: pick('n1', 'N 1'),
  },
);

test('writes of statuses come to the same in a batch as one by one', async () => {
  const creates = (count: number): WriteRequest[] =>
    Array.from({ length: count }, (_, index) => ({
      verb: 'create',
      kind: POD,
      namespace: 'default',
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `p${index}`, labels: { app: 'a' } },
        spec: { containers: [{ name: 'c', image: 'agent:1' }] },
      } as KubeObject,
    }));
  await fc.assert(
    fc.asyncProperty(fc.array(status, { minLength: 2, maxLength: 8 }), async (statuses) => {
      await inBatchAndAlone((pods) => [
        creates(statuses.length),
        pods.flatMap((one, index) => {
          const given = statuses[index];
          // Some of these are no statuses.
          return given === undefined ? [] : [statusUpdate({ ...one, status: given as never })];
        }),
      ]);
    }),
    { numRuns: 60 },
  );
});
