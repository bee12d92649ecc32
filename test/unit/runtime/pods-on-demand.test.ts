import { describe, expect, test } from 'vitest';
import type { Client, PodChoice, WriteRequest } from '../../../src/api/client.ts';
import type { Pod } from '../../../src/api/core.ts';
import type { KindRef, KubeObject, ObjectKey, OwnerReference } from '../../../src/api/meta.ts';
import { NODE, POD } from '../../../src/api/well-known.ts';
import { type Cache, createCache } from '../../../src/runtime/cache.ts';
import type { Lister } from '../../../src/runtime/controller.ts';
import type { RestingPods } from '../../../src/runtime/pods-on-demand.ts';
import { type Random, seededRandom } from '../../../src/runtime/random.ts';
import { keyOf } from '../../../src/runtime/write-requests.ts';
import { memoryClient } from '../../support/memory-client.ts';

const CONFIG_MAP: KindRef = { group: '', version: 'v1', kind: 'ConfigMap' };
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const NODES = ['node-1', 'node-2', 'node-3'];
const OWNERS = ['uid-1', 'uid-2'];
const SPACES = ['default', 'kube-system'];

const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[random.int(from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

function pod(random: Random): KubeObject {
  const owner = (uid: string, controller: boolean): OwnerReference => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'owner',
    uid,
    controller,
  });
  const owners = [[], [owner(pick(random, OWNERS), true)], [owner(pick(random, OWNERS), false)]];
  const spec = { nodeName: pick(random, NODES), containers: [{ name: 'c', image: 'i' }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pick(random, NAMES),
      namespace: pick(random, SPACES),
      ownerReferences: pick(random, owners),
    },
    spec,
  } as KubeObject;
}

/** One write of a pod or of a ConfigMap; many are refused, because what they need is there or is not. */
function someWrite(random: Random): WriteRequest {
  const key: ObjectKey = { namespace: pick(random, SPACES), name: pick(random, NAMES) };
  switch (random.int(5)) {
    case 0:
      return { verb: 'delete', kind: POD, key, gracePeriodSeconds: 0 };
    case 1: {
      const patch = { metadata: { labels: { at: String(random.int(1000)) } } };
      return { verb: 'patch', kind: POD, key, patchType: 'merge', patch };
    }
    case 2: {
      const metadata = { ...key, ownerReferences: pod(random).metadata.ownerReferences ?? [] };
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
      return { verb: 'create', kind: CONFIG_MAP, namespace: key.namespace, object };
    }
    default: {
      const object = pod(random);
      return { verb: 'create', kind: POD, namespace: object.metadata.namespace ?? '', object };
    }
  }
}

const versions = (objects: readonly (KubeObject | undefined)[]): readonly unknown[] =>
  objects.map((object) => [object?.metadata.name, object?.metadata.resourceVersion]).sort();

/** Every question that a lister can be asked of pods. */
function questions(lister: Lister, uids: readonly string[]): ReadonlyMap<string, () => readonly unknown[]> {
  const asked: readonly (readonly [string, () => readonly (KubeObject | undefined)[]])[] = [
    ...NODES.map((node) => [node, () => lister.podsOnNode(node)] as const),
    ...OWNERS.map((uid) => [`owned ${uid}`, () => lister.ownedBy(POD, uid)] as const),
    ...OWNERS.map((uid) => [`below ${uid}`, () => lister.dependentsOf(uid)] as const),
    ...SPACES.map((space) => [`free ${space}`, () => lister.uncontrolled(POD, space)] as const),
    ...SPACES.flatMap((namespace) =>
      NAMES.map((name) => [`${namespace}/${name}`, () => [lister.get(POD, { namespace, name })]] as const),
    ),
    ...uids.map((uid) => [uid, () => [lister.byUid(uid)]] as const),
    ['unbound', () => lister.podsOnNode('')],
    ['nodes', () => lister.list(NODE)],
    ['of kube-system', () => lister.list(POD, 'kube-system')],
    ['in default', () => lister.inNamespace('default')],
    ['all', () => lister.list(POD)],
  ];
  return new Map(asked.map(([name, ask]) => [name, () => versions(ask())]));
}

function shuffled<T>(from: Iterable<T>, random: Random): readonly T[] {
  return [...from]
    .map((one) => ({ one, at: random.int(1 << 20) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** A client that notes what is read of it on demand. */
function noting(client: Client, reads: PodChoice[]): Client {
  const { podsAtOnce } = client;
  if (podsAtOnce === undefined) throw new Error('this client has no reads at once');
  return {
    ...client,
    podsAtOnce: {
      get: (key, at) => podsAtOnce.get(key, at),
      list(choice, at) {
        reads.push(choice);
        return podsAtOnce.list(choice, at);
      },
    },
  };
}

const nothing = (): void => {};

async function write(client: Client, random: Random, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await client.commit([someWrite(random)]);
}

/** Whether a pod may leave memory, where that is all that matters. */
const isOwned = ({ metadata, spec }: Pod): boolean =>
  (spec.nodeName ?? '') !== '' &&
  metadata.ownerReferences?.some((owner) => owner.controller === true) === true;

/** Nothing leaves memory in stories as short as these. */
const RESTING: RestingPods = { isAtRest: isOwned, newest: 10_000 };

/** A cache that goes on from a state in which `full` stands. */
function fromKnown(client: Client, full: Cache): Cache {
  const restlessPods = full.restlessPods().map(keyOf);
  return createCache(client, { revision: full.seen() ?? '', retold: [], restlessPods }, RESTING);
}

describe('a cache that lets go of pods at rest', () => {
  test('answers what one answers that keeps all, and has fewer in memory', async () => {
    let answered = 0;
    let fewer = 0;
    for (let seed = 1; seed <= 25; seed += 1) {
      const { client } = memoryClient({ seed });
      const random = seededRandom(seed);
      const full = createCache(client);
      const letting = createCache(client, undefined, { isAtRest: isOwned, newest: 1 });
      for (let round = 0; round < 4; round += 1) {
        await write(client, random, 5 + random.int(20));
        const told: unknown[] = [];
        await full.pull(({ previous, current }) => told.push(versions([previous, current])));
        await letting.pull(({ previous, current }) =>
          expect(versions([previous, current]), `seed ${seed}`).toEqual(told.shift()),
        );
        expect(told).toEqual([]);
        const kept = letting.podsAtHand();
        if (
          kept !== undefined &&
          OWNERS.some((uid) => kept(uid).length < full.lister.ownedBy(POD, uid).length)
        )
          fewer += 1;
        const uids = full.lister.list(POD).map(({ metadata }) => metadata.uid ?? '');
        const expected = questions(full.lister, uids);
        const some = shuffled(questions(letting.lister, uids), random).slice(0, random.int(8));
        for (const [name, ask] of some) {
          expect(ask(), `seed ${seed}: ${name}`).toEqual(expected.get(name)?.());
          answered += 1;
        }
      }
    }
    expect(answered).toBeGreaterThan(200);
    expect(fewer).toBeGreaterThan(25);
  });

  test('has all nodes looked at when it starts anew without knowing which pods have gone', async () => {
    const { client, store } = memoryClient();
    await client.commit([
      {
        verb: 'create',
        kind: NODE,
        namespace: '',
        object: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } },
      },
    ]);
    const letting = createCache(client, undefined, { isAtRest: isOwned, newest: 1 });
    const random = seededRandom(4);
    await write(client, random, 60);
    await letting.pull(nothing);
    await write(client, random, 30);
    await letting.pull(nothing);
    expect(letting.podsAtHand()).toBeDefined();
    await write(client, random, 20);
    await store.compact(await store.revision());
    const told = new Set<string>();
    await letting.pull(({ current }) => {
      if (current?.kind === 'Node') told.add(current.metadata.name ?? '');
    });
    expect([...told]).toEqual(['node-1']);
  });
});

describe('a cache that goes on from a known state', () => {
  test('answers what one answers that has read everything, whatever is asked first', async () => {
    let answered = 0;
    for (let seed = 1; seed <= 25; seed += 1) {
      const { client } = memoryClient({ seed });
      const random = seededRandom(seed);
      const full = createCache(client, undefined, RESTING);
      await write(client, random, 40);
      await full.pull(nothing);
      const demanded = fromKnown(client, full);
      for (let round = 0; round < 3; round += 1) {
        await write(client, random, random.int(8));
        await full.pull(nothing);
        await demanded.pull(nothing);
        const uids = full.lister.list(POD).map(({ metadata }) => metadata.uid ?? '');
        const expected = questions(full.lister, uids);
        // In another order each time, because each answer may bring in what the next one needs.
        for (const [name, ask] of shuffled(questions(demanded.lister, uids), random)) {
          expect(ask(), `seed ${seed}: ${name}`).toEqual(expected.get(name)?.());
          answered += 1;
        }
      }
    }
    expect(answered).toBeGreaterThan(1000);
  });

  test('tells what has changed since, with the state before', async () => {
    const { client } = memoryClient();
    const random = seededRandom(7);
    const full = createCache(client, undefined, RESTING);
    await write(client, random, 40);
    await full.pull(nothing);
    const tellings = [full, fromKnown(client, full)].map((cache) => ({ cache, told: [] as unknown[] }));
    for (let round = 0; round < 5; round += 1) {
      await write(client, random, 10);
      for (const { cache, told } of tellings)
        await cache.pull(({ previous, current }) => told.push(versions([previous, current])));
    }
    expect(tellings[1]?.told).toEqual(tellings[0]?.told);
    expect(tellings[0]?.told.length).toBeGreaterThan(10);
  });

  test('reads no pod that nobody asks for, and none twice', async () => {
    const { client } = memoryClient();
    const random = seededRandom(3);
    const full = createCache(client, undefined, RESTING);
    await write(client, random, 60);
    await full.pull(nothing);
    const reads: PodChoice[] = [];
    const demanded = fromKnown(noting(client, reads), full);
    await demanded.pull(nothing);
    demanded.lister.list(NODE);
    demanded.lister.podsOnNode('');
    demanded.lister.uncontrolled(POD, 'default');
    expect(reads).toEqual([]);
    for (const _ of [1, 2]) {
      demanded.lister.podsOnNode('node-1');
      demanded.lister.ownedBy(POD, 'uid-1');
    }
    expect(reads).toEqual([{ nodeName: 'node-1' }, { ownerUid: 'uid-1' }]);
  });

  test('reads everything when the log no longer reaches back to that state', async () => {
    const { client, store } = memoryClient();
    const random = seededRandom(5);
    const full = createCache(client, undefined, RESTING);
    await write(client, random, 40);
    await full.pull(nothing);
    const demanded = fromKnown(client, full);
    await write(client, random, 10);
    await store.compact(await store.revision());
    let told = 0;
    await demanded.pull(() => {
      told += 1;
    });
    expect(told).toBeGreaterThan(full.lister.list(POD).length);
  });

  test('starts anew when the log is cut off behind it, and loses no change', async () => {
    const { client, store } = memoryClient();
    const random = seededRandom(9);
    const full = createCache(client, undefined, RESTING);
    await write(client, random, 40);
    await full.pull(nothing);
    const demanded = fromKnown(client, full);
    await demanded.pull(nothing);
    await write(client, random, 30);
    await store.compact(await store.revision());
    const told = new Set<string>();
    await demanded.pull(({ previous, current }) => told.add((current ?? previous)?.metadata.uid ?? ''));
    const before = full.lister.list(POD);
    await full.pull(nothing);
    const after = full.lister.list(POD);
    const isChanged = (pod: KubeObject): boolean =>
      !before.some((old) => old.metadata.resourceVersion === pod.metadata.resourceVersion);
    for (const pod of after.filter(isChanged)) expect(told).toContain(pod.metadata.uid);
    expect(versions(demanded.lister.list(POD))).toEqual(versions(after));
  });
});
