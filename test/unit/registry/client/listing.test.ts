import { describe, expect, test } from 'vitest';
import type { ListOptions } from '../../../../src/api/client.ts';
import type { KindRef, ObjectList } from '../../../../src/api/meta.ts';
import { StatusError } from '../../../../src/api/status.ts';
import { DAEMON_SET, EVENT, NAMESPACE, NODE, POD } from '../../../../src/api/well-known.ts';
import { bodyOf, CONFIG_MAP, configMap, creating, pod, workbench } from '../verbs/objects.ts';

const names = (list: ObjectList) => list.items.map(({ metadata }) => metadata.name);

async function withPods() {
  const bench = workbench();
  const bind = (name: string, node: string) =>
    ({
      verb: 'create',
      kind: POD,
      namespace: 'default',
      subresource: 'binding',
      object: bodyOf({ metadata: { name }, target: { kind: 'Node', name: node } }),
    }) as const;
  const outcomes = await bench.client.commit([
    creating(POD, pod('a', {}, { labels: { app: 'x', tier: 'front' } })),
    creating(POD, pod('b', {}, { labels: { app: 'x', tier: 'back' } })),
    creating(POD, pod('c', {}, { labels: { app: 'y' } })),
    creating(POD, pod('d', { hostNetwork: true }), 'kube-system'),
    bind('a', 'n1'),
    bind('b', 'n2'),
  ]);
  expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  return bench.client;
}

test.each<[string, ListOptions, readonly string[]]>([
  ['everything, by namespace and name', {}, ['a', 'b', 'c', 'd']],
  ['one namespace', { namespace: 'kube-system' }, ['d']],
  ['a label', { labelSelector: 'app=x' }, ['a', 'b']],
  ['two labels', { labelSelector: 'app=x,tier=back' }, ['b']],
  ['a set', { labelSelector: 'app in (x,y),tier!=front' }, ['b', 'c']],
  ['an absent label', { labelSelector: '!app' }, ['d']],
  ['a label in another namespace', { labelSelector: 'app=x', namespace: 'kube-system' }, []],
  ['a node', { fieldSelector: 'spec.nodeName=n1' }, ['a']],
  ['no node', { fieldSelector: 'spec.nodeName=' }, ['c', 'd']],
  ['another node', { fieldSelector: 'spec.nodeName!=n1' }, ['b', 'c', 'd']],
  ['a phase', { fieldSelector: 'status.phase=Pending,metadata.name!=a' }, ['b', 'c', 'd']],
  ['a name', { fieldSelector: 'metadata.name=b' }, ['b']],
  ['a namespace by field', { fieldSelector: 'metadata.namespace=kube-system' }, ['d']],
  ['a boolean that is absent', { fieldSelector: 'spec.hostNetwork=false' }, ['a', 'b', 'c']],
  ['label and field', { labelSelector: 'app=x', fieldSelector: 'spec.nodeName=n2' }, ['b']],
])('a list selects by %s', async (_, options, expected) => {
  expect(names(await (await withPods()).list(POD, options))).toEqual(expected);
});

test.each<[KindRef, ListOptions, string]>([
  [POD, { labelSelector: 'a in (b' }, "unable to parse requirement: found '', expected: ',' or ')'"],
  [POD, { labelSelector: 'a=b c' }, "found 'c', expected: ',' or 'end of string'"],
  [POD, { fieldSelector: 'status.foo=x' }, 'field label not supported: status.foo'],
  [NODE, { fieldSelector: 'spec.x=y' }, 'field label not supported: spec.x'],
  [EVENT, { fieldSelector: 'about=y' }, 'field label not supported: about'],
  [
    DAEMON_SET,
    { fieldSelector: 'spec.x=y' },
    '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
  ],
  [POD, { continue: 'nonsense' }, 'continue key is not valid'],
])('a list refuses %j %j', async (kind, options, message) => {
  const { client } = workbench();
  const refusal = client.list(kind, options);
  await expect(refusal).rejects.toBeInstanceOf(StatusError);
  await expect(refusal).rejects.toMatchObject({ status: { code: 400, reason: 'BadRequest', message } });
});

describe('a limited list', () => {
  async function withMaps(count: number) {
    const bench = workbench();
    await bench.client.commit(
      Array.from({ length: count }, (_, n) =>
        creating(CONFIG_MAP, configMap(`m${n}`, {}, { labels: { n: `${n % 2}` } })),
      ),
    );
    return bench;
  }

  test('goes on where it stopped and says how many are left', async () => {
    const { client } = await withMaps(5);
    const first = await client.list(CONFIG_MAP, { limit: 2 });
    expect([names(first), first.remainingItemCount]).toEqual([['m0', 'm1'], 3]);
    const second = await client.list(CONFIG_MAP, { limit: 2, continue: first.continue ?? '' });
    expect([names(second), second.remainingItemCount]).toEqual([['m2', 'm3'], 1]);
    const third = await client.list(CONFIG_MAP, { limit: 2, continue: second.continue ?? '' });
    expect([names(third), third.continue, third.remainingItemCount]).toEqual([['m4'], undefined, undefined]);
  });

  test('ends without a token when it ends with the last object', async () => {
    const { client } = await withMaps(2);
    expect((await client.list(CONFIG_MAP, { limit: 2 })).continue).toBeUndefined();
  });

  test('sees the revision of its first page throughout', async () => {
    const { client } = await withMaps(4);
    const first = await client.list(CONFIG_MAP, { limit: 2 });
    await client.commit([
      { verb: 'delete', kind: CONFIG_MAP, key: { namespace: 'default', name: 'm3' } },
      creating(CONFIG_MAP, configMap('m9')),
    ]);
    const second = await client.list(CONFIG_MAP, { limit: 9, continue: first.continue ?? '' });
    expect(names(second)).toEqual(['m2', 'm3']);
    expect(second.resourceVersion).toBe(first.resourceVersion);
  });

  test('with a selector counts what was selected', async () => {
    const { client } = await withMaps(7);
    const first = await client.list(CONFIG_MAP, { limit: 2, labelSelector: 'n notin (1)' });
    expect([names(first), first.remainingItemCount]).toEqual([['m0', 'm2'], undefined]);
    const second = await client.list(CONFIG_MAP, {
      limit: 2,
      labelSelector: 'n notin (1)',
      continue: first.continue ?? '',
    });
    expect(names(second)).toEqual(['m4', 'm6']);
  });

  test('is expired when its revision was compacted', async () => {
    const { client, store } = await withMaps(4);
    const first = await client.list(CONFIG_MAP, { limit: 2 });
    await client.commit([creating(CONFIG_MAP, configMap('later'))]);
    await store.compact(await store.revision());
    await expect(client.list(CONFIG_MAP, { limit: 2, continue: first.continue ?? '' })).rejects.toMatchObject(
      {
        status: { code: 410, reason: 'Expired' },
      },
    );
  });
});

test('a list carries the revision that it was read at, and so can be watched from', async () => {
  const { client } = workbench();
  const { resourceVersion } = await client.list(NAMESPACE);
  expect(resourceVersion).toBe(await client.revision());
  expect((await client.changes(resourceVersion)).events).toEqual([]);
});

test('a cluster-scoped kind ignores the namespace of a get', async () => {
  const { client } = workbench();
  const namespace = await client.get(NAMESPACE, { namespace: 'default', name: 'kube-system' });
  expect(namespace.metadata.name).toBe('kube-system');
});

test('a get of a missing object is not found', async () => {
  const { client } = workbench();
  await expect(client.get(DAEMON_SET, { namespace: 'default', name: 'nope' })).rejects.toMatchObject({
    status: { code: 404, message: 'daemonsets.apps "nope" not found' },
  });
});
