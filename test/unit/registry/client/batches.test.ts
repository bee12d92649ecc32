import { describe, expect, test } from 'vitest';
import { EVENT, NAMESPACE, POD } from '../../../../src/api/well-known.ts';
import { localClient } from '../../../../src/registry/local-client.ts';
import { virtualClock } from '../../../../src/runtime/clock.ts';
import { type Random, seededRandom } from '../../../../src/runtime/random.ts';
import { memoryStore } from '../../../../src/store/memory-store.ts';
import type { Store } from '../../../../src/store/store.ts';
import { bodyOf, CONFIG_MAP, configMap, creating, pod, workbench } from '../verbs/objects.ts';

const KEY = { namespace: 'default', name: 'one' };

function countingCommits(store: Store): { readonly store: Store; commits: number } {
  const counter = {
    commits: 0,
    store: {
      ...store,
      commit: (writes: Parameters<Store['commit']>[0]) => {
        counter.commits++;
        return store.commit(writes);
      },
    },
  };
  return counter;
}

function clientOver(store: Store, random: Random = seededRandom(1)) {
  return localClient({ store, clock: virtualClock(0), random });
}

describe('a batch', () => {
  test('is one commit', async () => {
    const counter = countingCommits(memoryStore());
    const client = clientOver(counter.store);
    await client.list(NAMESPACE);
    counter.commits = 0;
    await client.commit([1, 2, 3].map((n) => creating(CONFIG_MAP, configMap(`m${n}`))));
    expect(counter.commits).toBe(1);
  });

  test('answers each request for itself', async () => {
    const { client } = workbench();
    const outcomes = await client.commit([
      creating(CONFIG_MAP, configMap('one')),
      creating(CONFIG_MAP, configMap('two'), 'nowhere'),
      { verb: 'delete', kind: POD, key: { namespace: 'default', name: 'none' } },
      creating(CONFIG_MAP, configMap('three')),
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.did : outcome.error.reason))).toEqual([
      'created',
      'NotFound',
      'NotFound',
      'created',
    ]);
  });

  test('applies requests for one object in their order', async () => {
    const { client } = workbench();
    const outcomes = await client.commit([
      creating(CONFIG_MAP, configMap('one', { a: '1' })),
      { verb: 'patch', kind: CONFIG_MAP, key: KEY, patchType: 'merge', patch: { data: { b: '2' } } },
      { verb: 'delete', kind: CONFIG_MAP, key: KEY },
      creating(CONFIG_MAP, configMap('one', { c: '3' })),
    ]);
    expect(outcomes.map((outcome) => outcome.ok && outcome.did)).toEqual([
      'created',
      'updated',
      'deleted',
      'created',
    ]);
    expect(await client.get(CONFIG_MAP, KEY)).toMatchObject({ data: { c: '3' } });
  });

  test('lets later requests use the namespace that an earlier one makes', async () => {
    const { client } = workbench();
    const outcomes = await client.commit([
      creating(NAMESPACE, bodyOf({ metadata: { name: 'new' } }), ''),
      creating(CONFIG_MAP, configMap('one'), 'new'),
    ]);
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
  });

  test('without requests does nothing', async () => {
    const { client } = workbench();
    expect(await client.commit([])).toEqual([]);
  });
});

describe('a race', () => {
  /** A store into which somebody else writes before each of the first `times` commits. */
  function contended(store: Store, intrude: () => Promise<unknown>, times: number): Store {
    let left = times;
    return {
      ...store,
      commit: async (writes) => {
        if (left > 0) {
          left--;
          await intrude();
        }
        return store.commit(writes);
      },
    };
  }

  async function patchedUnderContention(times: number) {
    const store = memoryStore();
    const other = clientOver(store, seededRandom(2));
    await other.commit([creating(CONFIG_MAP, configMap('one'))]);
    let count = 0;
    const intrude = () =>
      other.commit([
        {
          verb: 'patch',
          kind: CONFIG_MAP,
          key: KEY,
          patchType: 'merge',
          patch: { data: { theirs: String(++count) } },
        },
      ]);
    const client = clientOver(contended(store, intrude, times));
    const [outcome] = await client.commit([
      { verb: 'patch', kind: CONFIG_MAP, key: KEY, patchType: 'merge', patch: { data: { ours: 'yes' } } },
    ]);
    return { outcome, object: await client.get(CONFIG_MAP, KEY) };
  }

  test('makes a patch start anew from what the other wrote', async () => {
    const { outcome, object } = await patchedUnderContention(3);
    expect(outcome).toMatchObject({ ok: true, did: 'updated' });
    expect(object).toMatchObject({ data: { theirs: '3', ours: 'yes' } });
  });

  test('that never ends is a conflict', async () => {
    const { outcome } = await patchedUnderContention(1000);
    expect(outcome).toMatchObject({ ok: false, error: { code: 409, reason: 'Conflict' } });
  });

  test('does not hold up the other requests of a batch', async () => {
    const store = memoryStore();
    const other = clientOver(store, seededRandom(2));
    await other.commit([creating(CONFIG_MAP, configMap('one', { a: '1' }))]);
    const intrude = () => other.commit([{ verb: 'delete', kind: CONFIG_MAP, key: KEY }]);
    const client = clientOver(contended(store, intrude, 1));
    const outcomes = await client.commit([
      { verb: 'patch', kind: CONFIG_MAP, key: KEY, patchType: 'merge', patch: { data: { a: '2' } } },
      creating(CONFIG_MAP, configMap('two')),
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.did : outcome.error.reason))).toEqual([
      'NotFound',
      'created',
    ]);
  });

  test('for a generated name is settled by another name', async () => {
    const store = memoryStore();
    const first = clientOver(store, seededRandom(2));
    await first.list(NAMESPACE);
    const named = creating(POD, pod('', {}, { generateName: 'a-' }));
    const [one] = await clientOver(store, seededRandom(7)).commit([named]);
    const [two] = await clientOver(store, seededRandom(7)).commit([named]);
    const names = [one, two].map((outcome) => outcome?.ok === true && outcome.object.metadata.name);
    expect(new Set(names).size).toBe(2);
  });

  test('between generated names of one batch is settled by other names', async () => {
    const numbers = seededRandom(3);
    const few: Random = { int: (below) => numbers.int(Math.min(below, 3)), uuid: numbers.uuid };
    const client = clientOver(memoryStore(), few);
    const outcomes = await client.commit(
      Array.from({ length: 40 }, () => creating(POD, pod('', {}, { generateName: 'a-' }))),
    );
    const names = outcomes.map((outcome) => outcome.ok && outcome.object.metadata.name);
    expect(names).not.toContain(false);
    expect(new Set(names).size).toBe(40);
  });

  test('between a generated name and one that was asked for is settled by another name', async () => {
    const numbers = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    const scripted: Random = { int: () => numbers.shift() ?? 2, uuid: seededRandom(1).uuid };
    const outcomes = await clientOver(memoryStore(), scripted).commit([
      creating(POD, pod('', {}, { generateName: 'a-' })),
      creating(POD, pod('a-bbbbb')),
    ]);
    const names = outcomes.map((outcome) => outcome.ok && outcome.object.metadata.name);
    expect(names).toEqual(['a-ccccc', 'a-bbbbb']);
  });

  test('for a generated name that cannot be won is given up after eight names', async () => {
    const stuck: Random = { int: () => 0, uuid: seededRandom(1).uuid };
    const client = clientOver(memoryStore(), stuck);
    const named = creating(POD, pod('', {}, { generateName: 'a-' }));
    await client.commit([named]);
    const [outcome] = await client.commit([named]);
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        code: 409,
        reason: 'AlreadyExists',
        message:
          'pods "a-bbbbb" already exists, the server was not able to generate a unique name for the object',
      },
    });
  });
});

describe('an event whose name is taken', () => {
  const event = (name: string) =>
    creating(
      EVENT,
      bodyOf({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace: 'default' },
        involvedObject: { kind: 'Pod', name: 'one', namespace: 'default', uid: 'u1' },
        reason: 'Scheduled',
        message: 'Assigned',
        type: 'Normal',
      }),
    );
  const taken = { ok: false, error: { code: 409, reason: 'AlreadyExists' } };

  test('is refused, and the others of its batch are not', async () => {
    const { client } = workbench();
    await client.commit([event('a.1')]);
    const outcomes = await client.commit([event('a.2'), event('a.1'), event('a.3')]);
    expect(outcomes).toMatchObject([{ did: 'created' }, taken, { did: 'created' }]);
  });

  test('is refused in a dry run too', async () => {
    const { client } = workbench();
    await client.commit([event('a.1')]);
    const [outcome] = await client.commit([{ ...event('a.1'), dryRun: true }]);
    expect(outcome).toMatchObject(taken);
  });
});

describe('a fresh store', () => {
  test('has the namespaces and priority classes of a fresh cluster', async () => {
    const { client } = workbench();
    const namespaces = await client.list(NAMESPACE);
    expect(namespaces.items.map(({ metadata, status }) => [metadata.name, status?.phase])).toEqual([
      ['default', 'Active'],
      ['kube-node-lease', 'Active'],
      ['kube-public', 'Active'],
      ['kube-system', 'Active'],
    ]);
    const classes = await client.list({ group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' });
    expect(classes.items.map(({ metadata }) => metadata.name)).toEqual([
      'system-cluster-critical',
      'system-node-critical',
    ]);
  });

  test('gets them once, however many find it empty', async () => {
    const store = memoryStore();
    const clients = [1, 2, 3].map((seed) => clientOver(store, seededRandom(seed)));
    const uids = await Promise.all(
      clients.map(
        async (client) => (await client.get(NAMESPACE, { namespace: '', name: 'default' })).metadata.uid,
      ),
    );
    expect(new Set(uids).size).toBe(1);
    expect(await store.revision()).toBe(6);
  });
});
