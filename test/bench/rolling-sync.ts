import { performance } from 'node:perf_hooks';
import { defaultAgents } from '../../src/agents/all.ts';
import type { DaemonSet } from '../../src/api/apps.ts';
import type { Client, WriteRequest } from '../../src/api/client.ts';
import type { Node } from '../../src/api/core.ts';
import { DAEMON_SET, NODE, POD } from '../../src/api/well-known.ts';
import { defaultControllers } from '../../src/controllers/all.ts';
import type { Controller } from '../../src/runtime/controller.ts';
import { createManager } from '../../src/runtime/manager.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { runToFixedPoint } from '../../src/runtime/run-to-fixed-point.ts';
import { deletion } from '../../src/runtime/write-requests.ts';
import { memoryClient } from '../support/memory-client.ts';

/** What a rollout is measured over. */
export interface RollingSyncSize {
  readonly nodes: number;
  readonly maxUnavailable: number | string;
}

/** One phase of the run, in milliseconds on the wall. */
export interface PhaseTimes {
  readonly ms: number;
  readonly steps: number;
  /** Of the DaemonSet controller. */
  readonly syncs: number;
  /** By controller: its reconciles without the client's part. Of the daemonset-controller: what its syncs took. */
  readonly reconcileMs: Readonly<Record<string, number>>;
  /** `commit` and `changes` of the client. The rest of `ms` is the manager's: cache, watches, queue, events. */
  readonly clientMs: Readonly<Record<string, number>>;
}

/** From nothing to a pod on every node; to another image; one more node; one pod less. */
export interface RollingSyncTimes {
  readonly create: PhaseTimes;
  readonly rollout: PhaseTimes;
  readonly nodeAdded: PhaseTimes;
  readonly podDeleted: PhaseTimes;
  readonly heapMb: number;
}

/** Rolls a DaemonSet over a fleet in memory and virtual time, with everything that takes part in it. */
export async function rollingSync({ nodes, maxUnavailable }: RollingSyncSize): Promise<RollingSyncTimes> {
  const { client: bare, clock } = memoryClient();
  const clientMs: Record<string, number> = {};
  const client = timedClient(bare, clientMs);
  const reconciles = new Map<string, { count: number; ms: number }>();
  const manager = createManager({
    client,
    clock,
    random: seededRandom(2),
    controllers: [...defaultControllers(), ...defaultAgents()].map((controller) =>
      timedController(controller, reconciles, clientMs),
    ),
  });

  /** Writes, and runs until the cluster has come to rest. */
  const phase = async (...requests: readonly WriteRequest[]): Promise<PhaseTimes> => {
    await commitAll(client, requests);
    reconciles.clear();
    Object.assign(clientMs, { commit: 0, changes: 0 });
    const start = performance.now();
    const end = await runToFixedPoint({ manager, clock, maxVirtualMs: 1e12, maxJumps: 1e9 });
    if (!end.settled) throw new Error('the cluster did not come to rest');
    return {
      ms: performance.now() - start,
      steps: end.steps,
      syncs: reconciles.get('daemonset-controller')?.count ?? 0,
      reconcileMs: Object.fromEntries([...reconciles].map(([name, { ms }]) => [name, ms])),
      clientMs: { ...clientMs },
    };
  };

  await commitAll(
    client,
    Array.from({ length: nodes }, (_, index) => created(NODE, fleetNode(index))),
  );
  const create = await phase(created(DAEMON_SET, fleetDaemonSet(maxUnavailable)));
  const rollout = await phase(newImage);
  const { status } = await client.get(DAEMON_SET, key);
  if (status?.updatedNumberScheduled !== nodes || status.numberAvailable !== nodes)
    throw new Error(`the rollout did not come to its end: ${JSON.stringify(status)}`);
  const nodeAdded = await phase(created(NODE, fleetNode(nodes)));
  const pod = (await client.list(POD, { limit: 1 })).items[0];
  const podDeleted = await phase(...(pod === undefined ? [] : [deletion(pod)]));
  return { create, rollout, nodeAdded, podDeleted, heapMb: process.memoryUsage().heapUsed / 2 ** 20 };
}

const key = { namespace: 'default', name: 'agent' };
const newImage: WriteRequest = {
  verb: 'patch',
  kind: DAEMON_SET,
  key,
  patchType: 'strategic',
  patch: { spec: { template: { spec: { containers: [{ name: 'agent', image: 'example.test/agent:2' }] } } } },
};

function fleetNode(index: number): Node {
  const name = `node-${String(index).padStart(5, '0')}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: {},
  };
}

function fleetDaemonSet(maxUnavailable: number | string): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: key,
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: { containers: [{ name: 'agent', image: 'example.test/agent:1' }] },
      },
    },
  };
}

function created(kind: typeof NODE | typeof DAEMON_SET, object: Node | DaemonSet): WriteRequest {
  return { verb: 'create', kind, namespace: object.metadata.namespace ?? '', object };
}

async function commitAll(client: Client, requests: readonly WriteRequest[]): Promise<void> {
  for (const outcome of await client.commit(requests))
    if (!outcome.ok) throw new Error(outcome.error.message ?? 'refused');
}

function timedClient(client: Client, ms: Record<string, number>): Client {
  const timed = async <R>(name: string, call: () => Promise<R>): Promise<R> => {
    const start = performance.now();
    try {
      return await call();
    } finally {
      ms[name] = (ms[name] ?? 0) + performance.now() - start;
    }
  };
  return {
    ...client,
    commit: (requests) => timed('commit', () => client.commit(requests)),
    changes: (after, limit) => timed('changes', () => client.changes(after, limit)),
  };
}

function timedController(
  controller: Controller,
  reconciles: Map<string, { count: number; ms: number }>,
  clientMs: Record<string, number>,
): Controller {
  return {
    ...controller,
    async reconcile(keys, context) {
      const start = performance.now();
      const inClient = clientMs.commit ?? 0;
      try {
        return await controller.reconcile(keys, context);
      } finally {
        const known = reconciles.get(controller.name) ?? { count: 0, ms: 0 };
        const ms = performance.now() - start - ((clientMs.commit ?? 0) - inClient);
        reconciles.set(controller.name, { count: known.count + 1, ms: known.ms + ms });
      }
    },
  };
}
