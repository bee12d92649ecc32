import type { Client, WriteRequest } from '../../src/api/client.ts';
import type { KindRef, KubeObject, ObjectKey } from '../../src/api/meta.ts';
import { NODE } from '../../src/api/well-known.ts';
import { localClient } from '../../src/registry/local-client.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import type { Store } from '../../src/store/store.ts';

const CONFIG_MAP: KindRef = { group: '', version: 'v1', kind: 'ConfigMap' };
const START_MS = Date.UTC(2026, 0, 1);

/** Does the operations of a seed on a store, one after the other. */
export interface Operator {
  /** Does one operation; what it writes depends on the seed, the index and the store's state alone. */
  perform(index: number): Promise<void>;
}

/**
 * The operations of a seed: single writes and batches of creates, patches, applies, labels and deletes over few names,
 * many of which are refused, and compactions. Time and chance of an operation come from its index, so that a store in
 * which operation after operation was done holds the same bytes at the same revisions, however often the process that
 * did them was replaced by another.
 */
export function operator(seed: number, store: Store): Operator {
  let now = START_MS;
  let random = seededRandom(seed);
  const client = localClient({
    store,
    clock: { now: () => now },
    random: { int: (below) => random.int(below), uuid: () => random.uuid() },
  });
  return {
    async perform(index) {
      now = START_MS + index * 1000;
      random = seededRandom(seed * 7919 + index);
      // The first one makes what every cluster has.
      if (index === 0) await client.resources();
      else await operation(client, store, random, index);
    },
  };
}

async function operation(client: Client, store: Store, random: Random, index: number): Promise<void> {
  const sort = random.int(40);
  if (sort === 0) {
    const revision = await store.revision();
    await store.compact(Math.max(0, revision - random.int(20)));
    return;
  }
  const size = sort < 30 ? 1 : 2 + random.int(sort === 39 ? 60 : 6);
  // A request for an object of an earlier one is a commit of its own: a batch of one name each is whole or not there.
  const requests = new Map<string, WriteRequest>();
  for (let count = 0; count < size; count += 1) {
    const { name, request } = someRequest(random, index);
    if (!requests.has(name)) requests.set(name, request);
  }
  await client.commit([...requests.values()]);
}

function someRequest(
  random: Random,
  index: number,
): { readonly name: string; readonly request: WriteRequest } {
  if (random.int(5) === 0) {
    const key = { namespace: '', name: `node-${random.int(6)}` };
    return { name: key.name, request: nodeRequest(random, index, key) };
  }
  const namespace = random.int(4) === 0 ? 'kube-public' : 'default';
  const key = { namespace, name: `settings-${random.int(24)}` };
  return { name: `${namespace}/${key.name}`, request: configMapRequest(random, index, key) };
}

function configMapRequest(random: Random, index: number, key: ObjectKey): WriteRequest {
  const data = {
    index: String(index),
    text: 'x'.repeat(random.int(20) === 0 ? random.int(40_000) : random.int(400)),
  };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: key, data } as KubeObject;
  const base = { kind: CONFIG_MAP, key, fieldManager: 'crash' } as const;
  switch (random.int(5)) {
    case 0:
    case 1:
      return { verb: 'create', kind: CONFIG_MAP, namespace: key.namespace, object, fieldManager: 'crash' };
    case 2:
      return { ...base, verb: 'patch', patchType: 'merge', patch: { data } };
    case 3:
      return {
        ...base,
        verb: 'patch',
        patchType: 'apply',
        force: true,
        patch: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...key }, data },
      };
    default:
      return { verb: 'delete', kind: CONFIG_MAP, key };
  }
}

function nodeRequest(random: Random, index: number, key: ObjectKey): WriteRequest {
  const labels = { zone: `zone-${random.int(3)}`, index: String(index) };
  switch (random.int(4)) {
    case 0:
      return { verb: 'delete', kind: NODE, key };
    case 1: {
      const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: key.name, labels } } as KubeObject;
      return { verb: 'create', kind: NODE, namespace: '', object };
    }
    default:
      return { verb: 'patch', kind: NODE, key, patchType: 'strategic', patch: { metadata: { labels } } };
  }
}
