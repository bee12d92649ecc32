import { expect, test } from 'vitest';
import type { Client } from '../../../src/api/client.ts';
import type { Event } from '../../../src/api/core.ts';
import { EVENT } from '../../../src/api/well-known.ts';
import { expireEventsOfStore } from '../../../src/cli/event-expiry-mark.ts';
import { EVENT_TTL_MS } from '../../../src/controllers/event-expiry/expire-events.ts';
import { type MemoryClient, memoryClient } from '../../support/memory-client.ts';

const minute = 60_000;

/** A cluster that is two hours old, with an event of its own time; `looks` counts who reads events. */
async function oldCluster() {
  const memory = memoryClient();
  await memory.client.revision();
  const start = memory.clock.now();
  memory.clock.advanceTo(start + 2 * EVENT_TTL_MS);
  await record(memory);
  let looks = 0;
  const client: Client = {
    ...memory.client,
    list: (kind, options) => {
      if (kind.kind === 'Event') looks += 1;
      return memory.client.list(kind, options);
    },
  };
  return { ...memory, client, now: memory.clock.now(), looks: () => looks };
}

async function record({ client }: Pick<MemoryClient, 'client'>): Promise<void> {
  const object: Event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'happened' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'app' },
  };
  const [outcome] = await client.commit([{ verb: 'create', kind: EVENT, namespace: 'default', object }]);
  expect(outcome?.ok).toBe(true);
}

test('events are not looked through again before one of them can expire', async () => {
  const { store, client, now, looks } = await oldCluster();
  await expireEventsOfStore(store, client, now + minute);
  expect(looks()).toBe(1);
  await expireEventsOfStore(store, client, now + EVENT_TTL_MS - 1);
  expect(looks()).toBe(1);
  expect((await client.list(EVENT)).items).toHaveLength(1);
  await expireEventsOfStore(store, client, now + EVENT_TTL_MS);
  expect((await client.list(EVENT)).items).toHaveLength(0);
});

test('a mark that a wrong clock has left is not believed', async () => {
  const { store, client, now, looks } = await oldCluster();
  await expireEventsOfStore(store, client, now + 1000 * EVENT_TTL_MS);
  await record({ client });
  const before = looks();
  await expireEventsOfStore(store, client, now);
  expect(looks()).toBe(before + 1);
});

test('a young store gets no mark', async () => {
  const { store, client, clock } = memoryClient();
  await client.revision();
  const before = await store.revision();
  await expireEventsOfStore(store, client, clock.now());
  expect(await store.revision()).toBe(before);
});
