import { describe, expect, test } from 'vitest';
import type { Client } from '../../../src/api/client.ts';
import type { KindRef } from '../../../src/api/meta.ts';
import { type Status, StatusError } from '../../../src/api/status.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { type Controller, watch } from '../../../src/runtime/controller.ts';
import { createManager } from '../../../src/runtime/manager.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { runUntilStopped } from '../../../src/runtime/run-until-stopped.ts';
import { memoryClient } from '../../support/memory-client.ts';

const CONFIG_MAP: KindRef = { group: '', version: 'v1', kind: 'ConfigMap' };

function create(client: Client, name: string) {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
  return client.commit([{ verb: 'create', kind: CONFIG_MAP, namespace: 'default', object }]);
}

/** A run that stops when `names` have been handled. */
async function runUntil(
  names: readonly string[],
  during: (client: Client) => Promise<unknown>,
  options: { readonly wrap?: (client: Client) => Client; readonly requeueMs?: number } = {},
) {
  const { client } = memoryClient();
  const stop = new AbortController();
  const handled = new Set<string>();
  const controller: Controller = {
    name: 'tester',
    watches: [
      watch(CONFIG_MAP, (_previous, current) => (current === undefined ? [] : [current.metadata.name ?? ''])),
    ],
    async reconcile([key = '']) {
      handled.add(key);
      if (names.every((name) => handled.has(name))) stop.abort();
      const { requeueMs } = options;
      return requeueMs === undefined || key === 'later'
        ? []
        : [{ key: 'later', afterMs: requeueMs, wait: { kind: 'machinery', because: 'a timer' } }];
    },
  };
  const clock = systemClock();
  const wrapped = options.wrap?.(client) ?? client;
  const refusals: string[] = [];
  const manager = createManager({
    client: wrapped,
    clock,
    random: seededRandom(1),
    controllers: [controller],
  });
  const run = runUntilStopped({
    manager,
    client: wrapped,
    clock,
    signal: stop.signal,
    pollMs: 5,
    onRefusal: ({ message }) => refusals.push(message),
  });
  await during(client);
  await run;
  return { handled, refusals };
}

describe('running until stopped', () => {
  test('handles what is there and what comes while it sleeps', async () => {
    const { handled } = await runUntil(['early', 'late'], async (client) => {
      await create(client, 'early');
      await new Promise((resolve) => setTimeout(resolve, 20));
      await create(client, 'late');
    });
    expect(handled).toContain('late');
  });

  test('finds changes of other processes, of which no hint tells', async () => {
    const wrap = (client: Client): Client => ({ ...client, onChange: () => () => {} });
    const { handled } = await runUntil(
      ['late'],
      async (client) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await create(client, 'late');
      },
      { wrap },
    );
    expect(handled).toContain('late');
  });

  test('wakes up for what comes due', async () => {
    const { handled } = await runUntil(['first', 'later'], (client) => create(client, 'first'), {
      requeueMs: 20,
    });
    expect(handled).toContain('later');
  });

  test('goes on after the API could not be read', async () => {
    let failures = 3;
    const status: Status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'not now',
      code: 503,
    };
    const wrap = (client: Client): Client => ({
      ...client,
      changes: (after, limit) => {
        if (failures > 0) {
          failures -= 1;
          throw new StatusError(status);
        }
        return client.changes(after, limit);
      },
    });
    const { handled, refusals } = await runUntil(['a'], (client) => create(client, 'a'), { wrap });
    expect(handled).toContain('a');
    expect(refusals).toEqual(['not now', 'not now', 'not now']);
  });

  test('ends at once when it is told to before it begins', async () => {
    const { client } = memoryClient();
    const clock = systemClock();
    const manager = createManager({ client, clock, random: seededRandom(1), controllers: [] });
    await runUntilStopped({ manager, client, clock, signal: AbortSignal.abort() });
    expect(manager.handled()).toBe(0);
  });
});
