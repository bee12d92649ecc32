import { expect, test } from 'vitest';
import { defaultAgents } from '../../src/agents/all.ts';
import type { Client } from '../../src/api/client.ts';
import type { Json, KindRef, ObjectKey } from '../../src/api/meta.ts';
import { CONTROLLER_REVISION, DAEMON_SET, NODE, POD } from '../../src/api/well-known.ts';
import { isAtRest } from '../../src/cli/reconcile-parts.ts';
import { defaultControllers } from '../../src/controllers/all.ts';
import { createSyncMemories } from '../../src/controllers/daemonset/sync-memories.ts';
import { controllerOf } from '../../src/domain/owner-references.ts';
import { createManager } from '../../src/runtime/manager.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { runToFixedPoint } from '../../src/runtime/run-to-fixed-point.ts';
import { memoryClient } from '../support/memory-client.ts';
import { daemonSet, node } from '../unit/domain/daemonset/world.ts';

const SEEDS = Number(process.env.REST_RUNS ?? 12);
const NODES = Array.from({ length: 8 }, (_, index) => `node-${index + 1}`);
const NAMES = ['one', 'two'];
const NAMESPACE = 'default';

const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[random.int(from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

/** Does something to the cluster; what is refused does not matter. */
async function change(client: Client, random: Random): Promise<void> {
  const name = pick(random, NODES);
  const of = { namespace: NAMESPACE, name: pick(random, NAMES) };
  const pods = (await client.list(POD)).items;
  const some = pods.length === 0 ? undefined : pods[random.int(pods.length)];
  const pod = { namespace: NAMESPACE, name: some?.metadata.name ?? 'none' };
  const key = { namespace: '', name };
  const patch = (kind: KindRef, of: ObjectKey, changes: Json) =>
    client.commit([{ verb: 'patch', kind, key: of, patchType: 'merge', patch: changes }]);
  const image = `agent:${random.int(3)}`;
  const containers = [{ name: 'c', image }];
  const ways = [
    () => client.commit([{ verb: 'create', kind: NODE, namespace: '', object: node(name) }]),
    () => client.commit([{ verb: 'delete', kind: NODE, key }]),
    () => patch(NODE, key, { metadata: { labels: { disk: image } } }),
    () => patch(NODE, key, { spec: { taints: [{ key: 'a', effect: 'NoExecute' }] } }),
    () => patch(NODE, key, { spec: { taints: null } }),
    () => client.commit([{ verb: 'delete', kind: POD, key: pod }]),
    () => patch(POD, pod, { metadata: { labels: { name: 'other' } } }),
    () => patch(DAEMON_SET, of, { spec: { template: { spec: { containers } } } }),
    () => patch(DAEMON_SET, of, { spec: { template: { spec: { nodeSelector: { disk: image } } } } }),
    () => client.commit([{ verb: 'delete', kind: DAEMON_SET, key: of, propagationPolicy: 'Background' }]),
    () => client.commit([{ verb: 'create', kind: DAEMON_SET, namespace: NAMESPACE, object: agent(of.name) }]),
  ];
  await pick(random, ways)();
}

function agent(name: string) {
  const labels = { name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'agent:0' }] } };
  const { apiVersion, kind } = daemonSet();
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: NAMESPACE },
    spec: { selector: { matchLabels: labels }, template },
  };
}

/** What stands in the cluster: what runs where, without names that were made up, and what DaemonSets say of it. */
async function cluster(client: Client): Promise<unknown> {
  const pods = (await client.list(POD)).items.map(({ metadata, spec, status }) => [
    spec.nodeName,
    metadata.labels,
    controllerOf({ apiVersion: 'v1', kind: 'Pod', metadata })?.name,
    status?.phase,
  ]);
  const statuses = (await client.list(DAEMON_SET)).items.map(({ metadata, status }) => [
    metadata.name,
    status,
  ]);
  const revisions = (await client.list(CONTROLLER_REVISION)).items.map(({ revision, data }) => [
    revision,
    data,
  ]);
  return { pods: pods.map((pod) => JSON.stringify(pod)).sort(), statuses, revisions };
}

/** Plays a seed's story with a manager that keeps all pods, or one that keeps as few as it can. */
async function play(seed: number, letsGo: boolean): Promise<readonly unknown[]> {
  const { client, clock } = memoryClient({ seed });
  const random = seededRandom(seed);
  await client.commit(
    NODES.map((name) => ({ verb: 'create', kind: NODE, namespace: '', object: node(name) })),
  );
  for (const name of NAMES)
    await client.commit([{ verb: 'create', kind: DAEMON_SET, namespace: NAMESPACE, object: agent(name) }]);
  const memories = createSyncMemories({}, letsGo ? 1 : Number.POSITIVE_INFINITY);
  const manager = createManager({
    client,
    clock,
    random: seededRandom(seed),
    controllers: [...defaultControllers({ memories }), ...defaultAgents()],
    ...(letsGo ? { resting: { isAtRest, newest: 1 } } : {}),
  });
  const seen: unknown[] = [];
  for (let round = 0; round < 8; round += 1) {
    await runToFixedPoint({ manager, clock });
    seen.push(await cluster(client));
    if (letsGo && round > 0) seen.push(manager.podsAtHand() === undefined ? 'all' : 'some');
    else if (round > 0) seen.push('');
    for (let left = 1 + random.int(3); left > 0; left -= 1) await change(client, random);
  }
  return seen;
}

test('controllers that let go of pods at rest come to the same ends as those that keep all', async () => {
  let some = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const keeping = await play(seed, false);
    const letting = await play(seed, true);
    some += letting.filter((one) => one === 'some').length;
    const states = (of: readonly unknown[]): readonly unknown[] =>
      of.filter((one) => typeof one !== 'string');
    expect(states(letting), `seed ${seed}`).toEqual(states(keeping));
  }
  expect(some).toBeGreaterThan(SEEDS);
});
