import { describe, expect, test } from 'vitest';
import { type AddressPositions, simulatedKubelets } from '../../src/agents/kubelet/kubelet.ts';
import { scheduler } from '../../src/agents/scheduler/scheduler.ts';
import { nodeLifecycleController } from '../../src/controllers/node-lifecycle/controller.ts';
import type { Controller, Lister } from '../../src/runtime/controller.ts';
import { createManager } from '../../src/runtime/manager.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { runToFixedPoint } from '../../src/runtime/run-to-fixed-point.ts';
import { memoryClient } from '../support/memory-client.ts';
import { namespace, node } from './support/world.ts';

const bare = (name: string, status: object = {}) => ({
  verb: 'create' as const,
  kind: { group: '', version: 'v1', kind: 'Pod' },
  namespace,
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'example.test/app:1' }] },
    ...status,
  },
});

/** A cluster of few controllers, in which one run follows another. */
function cluster() {
  const { client, clock } = memoryClient();
  /** Listed kinds of the last run's kubelets. */
  const listed: string[] = [];

  const observed = (lister: Lister): Lister => ({
    ...lister,
    list: (kind, within) => {
      listed.push(kind.kind);
      return lister.list(kind, within);
    },
  });

  async function run(addresses?: AddressPositions) {
    listed.length = 0;
    const kubelets = simulatedKubelets(addresses === undefined ? {} : { addresses });
    const before = kubelets.addresses();
    const watched: Controller = {
      ...kubelets,
      reconcile: (keys, context) =>
        kubelets.reconcile(keys, { ...context, lister: observed(context.lister) }),
    };
    const manager = createManager({
      client,
      clock,
      random: seededRandom(1),
      controllers: [nodeLifecycleController(), scheduler(), watched],
    });
    await runToFixedPoint({ manager, clock });
    return { before, after: kubelets.addresses(), listed: [...listed] };
  }

  async function podIP(name: string): Promise<string | undefined> {
    const found = await client.get<never>({ group: '', version: 'v1', kind: 'Pod' }, { namespace, name });
    return (found as { readonly status?: { readonly podIP?: string } }).status?.podIP;
  }

  async function create(...pods: readonly ReturnType<typeof bare>[]): Promise<void> {
    for (const outcome of await client.commit(pods)) expect(outcome.ok).toBe(true);
  }

  const addNode = (name: string) =>
    client.commit([
      { verb: 'create', kind: { group: '', version: 'v1', kind: 'Node' }, namespace: '', object: node(name) },
    ]);
  return { client, run, podIP, create, addNode };
}

describe('the addresses of pods', () => {
  test('are learnt from all pods at first, and known from then on', async () => {
    const { addNode, create, run, podIP } = cluster();
    await addNode('worker-1');
    await create(bare('a'), bare('b'));
    const first = await run();
    expect(first.before).toBeUndefined();
    expect(first.after).toEqual({ nextPod: 3, nextNode: 2 });
    expect(first.listed).toEqual(['Pod', 'Node']);
    await create(bare('c'));
    expect((await run()).after).toEqual({ nextPod: 4, nextNode: 2 });
    expect(await podIP('c')).toBe('10.0.0.3');
  });

  test('go on where earlier kubelets stood, without a look at the pods', async () => {
    const { addNode, create, run, podIP } = cluster();
    await addNode('worker-1');
    await run();
    await create(bare('a'));
    const second = await run({ nextPod: 300, nextNode: 7 });
    expect(second.before).toEqual({ nextPod: 300, nextNode: 7 });
    expect(second.listed).toEqual([]);
    expect(await podIP('a')).toBe('10.0.1.44');
    expect(second.after).toEqual({ nextPod: 301, nextNode: 7 });
  });

  test('pass over those in use that came up since', async () => {
    const { addNode, create, run, podIP } = cluster();
    await addNode('worker-1');
    await create(bare('a'), bare('b'), bare('c'));
    await run();
    await create(bare('d'));
    await run({ nextPod: 2, nextNode: 1 });
    expect(await podIP('c')).toBe('10.0.0.3');
    expect(await podIP('d')).toBe('10.0.0.4');
    await addNode('worker-2');
    expect((await run({ nextPod: 2, nextNode: 1 })).after).toEqual({ nextPod: 5, nextNode: 3 });
  });
});
