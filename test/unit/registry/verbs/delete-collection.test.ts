import { expect, test } from 'vitest';
import { deleteCollection } from '../../../../src/registry/verbs/delete-collection.ts';
import { CONFIG_MAP, configMap, creating, workbench } from './objects.ts';

async function withMaps() {
  const { client } = workbench();
  await client.commit([
    creating(CONFIG_MAP, configMap('a', {}, { labels: { app: 'x' } })),
    creating(CONFIG_MAP, configMap('b', {}, { labels: { app: 'y' } })),
    creating(CONFIG_MAP, configMap('c', {}, { labels: { app: 'x' } }), 'kube-system'),
    creating(CONFIG_MAP, configMap('held', {}, { labels: { app: 'x' }, finalizers: ['example.com/hold'] })),
  ]);
  const left = async () => (await client.list(CONFIG_MAP)).items.map(({ metadata }) => metadata.name);
  return { client, left };
}

test('deletes what is selected, and leaves what finalizers hold', async () => {
  const { client, left } = await withMaps();
  const outcomes = await deleteCollection(client, CONFIG_MAP, { labelSelector: 'app=x' });
  expect(outcomes.map((outcome) => outcome.ok && outcome.did)).toEqual(['deleted', 'deleting', 'deleted']);
  expect(await left()).toEqual(['b', 'held']);
});

test('stays in its namespace', async () => {
  const { client, left } = await withMaps();
  await deleteCollection(client, CONFIG_MAP, { namespace: 'kube-system' });
  expect(await left()).toEqual(['a', 'b', 'held']);
});

test('as a dry run leaves everything', async () => {
  const { client, left } = await withMaps();
  const outcomes = await deleteCollection(client, CONFIG_MAP, {}, { dryRun: true });
  expect(outcomes).toHaveLength(4);
  expect(await left()).toEqual(['a', 'b', 'held', 'c']);
});
