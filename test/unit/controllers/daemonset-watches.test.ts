import { describe, expect, test } from 'vitest';
import type { DaemonSet } from '../../../src/api/apps.ts';
import type { Node, Pod } from '../../../src/api/core.ts';
import type { KubeObject } from '../../../src/api/meta.ts';
import { daemonSetWatches } from '../../../src/controllers/daemonset/watches.ts';
import type { WorkItem } from '../../../src/runtime/controller.ts';
import { createObjectIndex } from '../../../src/runtime/object-index.ts';
import { daemonSet, node as newNode } from '../../sim/support/world.ts';

const withUid = <T extends KubeObject>(object: T, uid: string): T => ({
  ...object,
  metadata: { ...object.metadata, uid },
});
const one: DaemonSet = withUid(daemonSet({ name: 'one' }), 'uid-one');
const two: DaemonSet = withUid(daemonSet({ name: 'two' }), 'uid-two');
const sibling: DaemonSet = {
  ...withUid(daemonSet({ name: 'sibling' }), 'uid-sibling'),
  spec: { ...one.spec },
};

function pod(
  owner: DaemonSet | undefined,
  more: Partial<Pod['metadata']> = {},
  rest: Partial<Pod> = {},
): Pod {
  const { name = '', uid = '' } = owner?.metadata ?? {};
  const reference = { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'default',
      uid: 'uid-pod',
      labels: { app: 'one' },
      ...(owner === undefined ? {} : { ownerReferences: [reference] }),
      ...more,
    },
    spec: { containers: [], nodeName: 'worker-1' },
    ...rest,
  };
}

/** The keys that a change brings up, with all three DaemonSets (and `also`) in the cache. */
function keys(
  previous: KubeObject | undefined,
  current: KubeObject | undefined,
  also: readonly KubeObject[] = [],
): readonly WorkItem[] {
  const index = createObjectIndex();
  for (const object of [one, two, sibling, ...also, ...(current === undefined ? [] : [current])])
    index.put(object);
  const kind = (current ?? previous)?.kind;
  return daemonSetWatches
    .filter((watch) => watch.kind !== '*' && watch.kind.kind === kind)
    .flatMap((watch) => watch.enqueue(previous, current, index));
}

const ready = (status: string): Partial<Pod> => ({ status: { conditions: [{ type: 'Ready', status }] } });

describe('a pod', () => {
  test('brings up its owner when it comes, changes or goes', () => {
    expect(keys(undefined, pod(one))).toEqual(['default/one']);
    expect(keys(pod(one), pod(one, { resourceVersion: '2' }))).toEqual(['default/one']);
    expect(keys(pod(one), undefined)).toEqual(['default/one']);
    expect(keys(undefined, pod(one, { deletionTimestamp: '2026-01-01T00:00:00Z' }))).toEqual(['default/one']);
  });

  test('of an owner that has been replaced by one of the same name brings up nobody', () => {
    expect(keys(undefined, pod(withUid(one, 'uid-earlier')))).toEqual([]);
  });

  test('without controller brings up all that might adopt it', () => {
    expect(keys(undefined, pod(undefined))).toEqual(['default/one', 'default/sibling']);
    expect(keys(undefined, pod(undefined, { labels: { app: 'else' } }))).toEqual([]);
    expect(keys(pod(undefined), undefined)).toEqual([]);
  });

  test('without controller is news only when its labels change', () => {
    expect(keys(pod(undefined), pod(undefined, { resourceVersion: '2' }))).toEqual([]);
    expect(keys(pod(undefined, { labels: { app: 'else' } }), pod(undefined))).toEqual([
      'default/one',
      'default/sibling',
    ]);
  });

  test('that changes hands brings up both owners', () => {
    expect(keys(pod(two), pod(one))).toEqual(['default/two', 'default/one']);
    expect(keys(pod(two), pod(undefined))).toEqual(['default/two', 'default/one', 'default/sibling']);
  });

  test('that becomes ready brings up its owner again a second after minReadySeconds', () => {
    const patient = { ...one, spec: { ...one.spec, minReadySeconds: 10 } };
    expect(keys(pod(one, {}, ready('False')), pod(one, {}, ready('True')), [patient])).toEqual([
      'default/one',
      {
        key: 'default/one',
        afterMs: 11_000,
        wait: { kind: 'user', because: 'minReadySeconds of default/one' },
      },
    ]);
    expect(keys(pod(one, {}, ready('True')), pod(one, {}, ready('True')), [patient])).toEqual([
      'default/one',
    ]);
  });
});

describe('a node', () => {
  const node = newNode('worker-1');
  const tainted: Node = { ...node, spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } };
  const cordoned: Node = { ...node, status: { phase: 'x' }, spec: { unschedulable: true } };
  const evicting: Node = { ...node, spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } };

  test('that comes brings up those that should run there and do not', () => {
    expect(keys(undefined, node)).toEqual(['default/one', 'default/sibling', 'default/two']);
    expect(keys(undefined, node, [pod(one)])).toEqual(['default/sibling', 'default/two']);
    expect(keys(undefined, tainted)).toEqual([]);
  });

  test('that goes brings up nobody', () => {
    expect(keys(node, undefined)).toEqual([]);
  });

  test('matters only by its labels and taints', () => {
    expect(keys(node, cordoned)).toEqual([]);
    expect(keys(tainted, node)).toEqual(['default/one', 'default/sibling', 'default/two']);
  });

  test('that may keep a pod no longer brings up its owner', () => {
    expect(keys(node, evicting, [pod(one)])).toEqual(['default/one']);
    expect(keys(node, tainted, [pod(one)])).toEqual([]);
  });

  test('brings up those that count a pod there as misscheduled', () => {
    const status = {
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
      numberMisscheduled: 1,
    };
    const miscounting: DaemonSet = { ...one, status };
    expect(keys(tainted, node, [pod(one), miscounting])).toContain('default/one');
  });
});

describe('a revision', () => {
  const revision = (owner: DaemonSet | undefined, more: object = {}): KubeObject => ({
    ...pod(owner),
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    ...more,
  });

  test('of one’s own is no news when it comes, but when it changes or goes', () => {
    expect(keys(undefined, revision(one))).toEqual([]);
    expect(keys(revision(one), revision(one, { revision: 2 }))).toEqual(['default/one']);
    expect(keys(revision(one), undefined)).toEqual(['default/one']);
  });

  test('without controller brings up all that might adopt it', () => {
    expect(keys(undefined, revision(undefined))).toEqual(['default/one', 'default/sibling']);
  });
});
