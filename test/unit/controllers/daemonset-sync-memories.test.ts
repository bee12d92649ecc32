import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/meta.ts';
import { createSyncMemories } from '../../../src/controllers/daemonset/sync-memories.ts';
import { MARK } from '../../../src/domain/daemonset/node-marks.ts';
import type { SyncMemory } from '../../../src/domain/daemonset/sync-memory.ts';
import type { Lister } from '../../../src/runtime/controller.ts';
import { kindKey, kindKeyOf } from '../../../src/runtime/kind-key.ts';
import { createObjectIndex } from '../../../src/runtime/object-index.ts';
import { daemonSet, node, nodes, START, World } from '../domain/daemonset/world.ts';

/** Memories over a cache with a DaemonSet and a pod of it on each of 100 nodes, and a log of what they ask it for. */
function remembered() {
  const index = createObjectIndex();
  const memories = createSyncMemories();
  const world = new World(daemonSet(), nodes(100));
  for (const { metadata } of world.nodes) world.addPod(metadata.name ?? '');
  const put = (current: KubeObject): void => {
    const previous = index.peer(current);
    index.put(current);
    for (const { kind, enqueue } of memories.watches)
      if (kind !== '*' && kindKey(kind) === kindKeyOf(current)) enqueue(previous, current, index);
  };
  for (const object of [world.daemonSet, ...world.nodes, ...world.pods]) put(object);
  const asked: string[] = [];
  const lister: Lister = {
    ...index,
    get: (kind, key) => {
      asked.push(`${kind.kind} ${key.name}`);
      return index.get(kind, key);
    },
    list: (kind, namespace) => {
      asked.push(`all ${kind.kind}s`);
      return index.list(kind, namespace);
    },
    ownedBy: (kind, ownerUid) => {
      asked.push(`own ${kind.kind}s`);
      return index.ownedBy(kind, ownerUid);
    },
    uncontrolled: (kind, namespace) => {
      asked.push(`free ${kind.kind}s`);
      return index.uncontrolled(kind, namespace);
    },
  };
  const counts = (memory: SyncMemory): readonly [desired: number, current: number] => {
    const { tally } = memory.stateAt(world.daemonSet, 'hash', { now: START, backoff: new Map() });
    return [tally.count(MARK.desired), tally.count(MARK.current)];
  };
  /** What the next sync sees, and what it asks the cache for. */
  const look = (of = world.daemonSet) => {
    asked.length = 0;
    const seen = counts(memories.upToDate(of, lister));
    return { seen, asked: [...asked] };
  };
  return { world, put, look };
}

describe('memories of DaemonSets', () => {
  test('read everything for the first sync, and nothing for the next when nothing changed', () => {
    const { look } = remembered();
    expect(look()).toEqual({ seen: [100, 100], asked: ['all Nodes', 'own Pods', 'free Pods'] });
    expect(look()).toEqual({ seen: [100, 100], asked: [] });
  });

  test('read the one node that came and the one pod that changed', () => {
    const { world, put, look } = remembered();
    look();
    put(node('one-more'));
    const [pod] = world.pods;
    if (pod !== undefined) put({ ...pod, metadata: { ...pod.metadata, ownerReferences: [], labels: {} } });
    expect(look()).toEqual({ seen: [101, 99], asked: ['Node one-more', `Pod ${pod?.metadata.name}`] });
  });

  test('stand when only the status or the metadata of the DaemonSet changed', () => {
    const { world, put, look } = remembered();
    look();
    const labels = { changed: 'yes' };
    const changed = structuredClone({
      ...world.daemonSet,
      metadata: { ...world.daemonSet.metadata, labels },
    });
    put(changed);
    expect(look(changed).asked).toEqual([]);
  });

  test('are made anew when the spec changed, and when another DaemonSet took the name', () => {
    const { world, put, look } = remembered();
    look();
    world.setImage('fluentd:2');
    put(world.daemonSet);
    expect(look(world.daemonSet).asked).toContain('all Nodes');
    const other = { ...world.daemonSet, metadata: { ...world.daemonSet.metadata, uid: 'uid-other' } };
    put(other);
    expect(look(other).seen).toEqual([100, 0]);
  });
});
