import { describe, expect, test } from 'vitest';
import { clientInTurns } from '../../../../src/cli/serve/client-in-turns.ts';
import { memoryClient } from '../../../support/memory-client.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };

async function filled(count: number) {
  const memory = memoryClient();
  await memory.client.commit(
    Array.from({ length: count }, (_, index) => ({
      verb: 'create',
      kind: CONFIG_MAP,
      namespace: 'default',
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${index}` } },
    })),
  );
  return memory;
}

/** Counts the turns that others get until the work is done. */
async function turnsDuring<R>(work: Promise<R>): Promise<{ readonly turns: number; readonly result: R }> {
  let turns = 0;
  let going = true;
  const others = (): void => {
    if (!going) return;
    turns += 1;
    setImmediate(others);
  };
  setImmediate(others);
  const result = await work;
  going = false;
  return { turns, result };
}

describe('a client in turns', () => {
  test('lists what the client lists, with turns for others in between', async () => {
    const { client } = await filled(1000);
    const polite = clientInTurns(client, new AbortController().signal);
    const { turns, result } = await turnsDuring(polite.list(CONFIG_MAP));
    expect(result).toEqual(await client.list(CONFIG_MAP));
    expect(turns).toBeGreaterThanOrEqual(1);
  });

  test('leaves pages that were asked for alone', async () => {
    const { client } = await filled(600);
    const polite = clientInTurns(client, new AbortController().signal);
    const page = await polite.list(CONFIG_MAP, { limit: 400 });
    expect(page).toEqual(await client.list(CONFIG_MAP, { limit: 400 }));
    expect(page.items).toHaveLength(400);
  });

  test('reads changes in portions', async () => {
    const { client } = await filled(600);
    const polite = clientInTurns(client, new AbortController().signal);
    const { turns, result } = await turnsDuring(polite.changes('0', 2000));
    expect(result).toMatchObject({ more: true });
    expect(result.events.length).toBeLessThan(600);
    expect(turns).toBeGreaterThanOrEqual(1);
  });

  test('writes in portions, and answers for all of them', async () => {
    const { client } = await filled(150);
    const polite = clientInTurns(client, new AbortController().signal);
    const { turns, result } = await turnsDuring(
      polite.commit(
        Array.from({ length: 300 }, (_, index) => ({
          verb: 'create',
          kind: CONFIG_MAP,
          namespace: 'default',
          object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${index}` } },
        })),
      ),
    );
    expect(result.map(({ ok }) => ok)).toEqual(Array.from({ length: 300 }, (_, index) => index >= 150));
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test('stops in the middle of a list when the server shuts down', async () => {
    const { client } = await filled(600);
    const stop = new AbortController();
    const listing = clientInTurns(client, stop.signal).list(CONFIG_MAP);
    stop.abort();
    await expect(listing).rejects.toMatchObject({ status: { code: 503 } });
  });
});
