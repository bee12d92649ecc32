import { describe, expect, test } from 'vitest';
import type { Client, WriteRequest } from '../../../../src/api/client.ts';
import { groupedCommits } from '../../../../src/cli/serve/grouped-commits.ts';
import { StoreError } from '../../../../src/store/store.ts';
import { memoryClient } from '../../../support/memory-client.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };
const NAMESPACE = { group: '', version: 'v1', kind: 'Namespace' };

const create = (name: string, namespace = 'default', extra: object = {}): WriteRequest => ({
  verb: 'create',
  kind: CONFIG_MAP,
  namespace,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...extra } },
});

const patch = (name: string, key: string): WriteRequest => ({
  verb: 'patch',
  kind: CONFIG_MAP,
  key: { namespace: 'default', name },
  patchType: 'merge',
  patch: { data: { [key]: 'v' } },
});

/** A grouping client over memory; `groups` are the sizes of the commits that it made. */
function grouping(commit: (client: Client) => Client['commit'] = (client) => client.commit) {
  const { client: inner } = memoryClient();
  const groups: number[] = [];
  const write = commit(inner);
  const client = groupedCommits({
    ...inner,
    commit: (requests) => {
      groups.push(requests.length);
      return write(requests);
    },
  });
  const one = async (request: WriteRequest) => (await client.commit([request]))[0];
  return { client, inner, groups, one };
}

describe('writes of one turn', () => {
  test('share a commit, and each is answered for its own', async () => {
    const { one, groups } = grouping();
    await one(create('taken'));
    const outcomes = await Promise.all(['a', 'taken', 'b'].map((name) => one(create(name))));
    expect(groups).toEqual([1, 3]);
    expect(
      outcomes.map((outcome) => (outcome?.ok ? outcome.object.metadata.name : outcome?.error.reason)),
    ).toEqual(['a', 'AlreadyExists', 'b']);
  });

  test('to one object follow one another', async () => {
    const { one, groups, inner } = grouping();
    await one(create('a'));
    await Promise.all(['x', 'y', 'z'].map((key) => one(patch('a', key))));
    expect(groups).toEqual([1, 1, 1, 1]);
    const object = await inner.get(CONFIG_MAP, { namespace: 'default', name: 'a' });
    expect(object).toMatchObject({ data: { x: 'v', y: 'v', z: 'v' } });
  });

  test('do not share with one that they may need', async () => {
    const { one, groups } = grouping();
    const namespace: WriteRequest = {
      verb: 'create',
      kind: NAMESPACE,
      namespace: '',
      object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } },
    };
    const outcomes = await Promise.all([create('a'), namespace, create('b', 'fresh')].map(one));
    expect(outcomes.map((outcome) => outcome?.ok)).toEqual([true, true, true]);
    expect(groups).toEqual([1, 1, 1]);
  });

  test('whose names the server chooses share a commit', async () => {
    const { one, groups } = grouping();
    const unnamed: WriteRequest = {
      verb: 'create',
      kind: CONFIG_MAP,
      namespace: 'default',
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'g-' } },
    };
    const outcomes = await Promise.all([unnamed, unnamed].map(one));
    expect(outcomes.map((outcome) => outcome?.ok)).toEqual([true, true]);
    expect(groups).toEqual([2]);
  });

  test('are carried out one by one when a fault came over one of them', async () => {
    const { one } = grouping((client) => async (requests) => {
      if (requests.some((request) => request.verb === 'patch')) throw new TypeError('a bug');
      return client.commit(requests);
    });
    const results = await Promise.allSettled([one(create('a')), one(patch('b', 'x')), one(create('c'))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('all fail when the store does, without trying it again', async () => {
    const { one, groups } = grouping(() => async () => {
      throw new StoreError('full', 'no space is left');
    });
    const results = await Promise.allSettled([one(create('a')), one(create('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(groups).toEqual([2]);
  });

  test('go on after a failure', async () => {
    let broken = true;
    const { one } = grouping((client) => async (requests) => {
      if (broken) throw new StoreError('locked', 'somebody else writes');
      return client.commit(requests);
    });
    await expect(one(create('a'))).rejects.toThrow('somebody else writes');
    broken = false;
    expect(await one(create('a'))).toMatchObject({ ok: true });
  });
});

test('a batch of one caller is committed as it is', async () => {
  const { client, groups } = grouping();
  await client.commit([create('a'), create('b')]);
  expect(groups).toEqual([2]);
});
