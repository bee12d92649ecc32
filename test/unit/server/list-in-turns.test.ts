import { describe, expect, test } from 'vitest';
import { listInTurns } from '../../../src/server/list-in-turns.ts';
import { memoryClient } from '../../support/memory-client.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };

const createMany = (client: ReturnType<typeof memoryClient>['client'], prefix: string, count: number) =>
  client.commit(
    Array.from({ length: count }, (_, index) => ({
      verb: 'create',
      kind: CONFIG_MAP,
      namespace: 'default',
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${prefix}${index}` } },
    })),
  );

describe('a list in turns', () => {
  test('shows one revision, whatever is written between its pages', async () => {
    const { client } = memoryClient();
    await createMany(client, 'c', 1100);
    const before = await client.list(CONFIG_MAP);
    let turns = 0;
    const list = await listInTurns(client, CONFIG_MAP, {}, async () => {
      turns += 1;
      await createMany(client, `z${turns}-`, 10);
    });
    expect(turns).toBe(2);
    expect(list).toEqual(before);
  });

  test('keeps to selectors, namespaces and limits', async () => {
    const { client } = memoryClient();
    await createMany(client, 'c', 600);
    for (const options of [
      { fieldSelector: 'metadata.name=c7' },
      { namespace: 'kube-system' },
      { limit: 550 },
    ]) {
      expect(await listInTurns(client, CONFIG_MAP, options)).toEqual(await client.list(CONFIG_MAP, options));
    }
  });
});
