import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/api/core.ts';
import { EVENT } from '../../../src/api/well-known.ts';
import {
  EVENT_TTL_MS,
  eventExpiry,
  expireEvents,
} from '../../../src/controllers/event-expiry/expire-events.ts';
import { formatRfc3339 } from '../../../src/domain/rfc3339.ts';
import { type MemoryClient, memoryClient } from '../../support/memory-client.ts';

const minute = 60_000;

const event = (name: string, fields: Partial<Event> = {}): Event => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name },
  involvedObject: { kind: 'Pod', namespace: 'default', name: 'app' },
  ...fields,
});

/** A cluster with namespaces since the start of its clock. */
async function cluster(): Promise<MemoryClient & { readonly start: number }> {
  const memory = memoryClient();
  await memory.client.revision();
  return { ...memory, start: memory.clock.now() };
}

async function record({ client }: MemoryClient, ...events: readonly Event[]): Promise<void> {
  const outcomes = await client.commit(
    events.map((object) => ({ verb: 'create', kind: EVENT, namespace: 'default', object })),
  );
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
}

async function names({ client }: MemoryClient): Promise<readonly string[]> {
  return (await client.list(EVENT)).items.map(({ metadata }) => metadata.name ?? '');
}

describe('events', () => {
  test('are removed an hour after they were written, and not before', async () => {
    const here = await cluster();
    await record(here, event('old'));
    here.clock.advanceTo(here.start + EVENT_TTL_MS - 1000);
    await record(here, event('new'));
    expect((await expireEvents(here.client, here.clock.now())).removed).toBe(0);
    here.clock.advanceTo(here.start + EVENT_TTL_MS);
    const found = await expireEvents(here.client, here.clock.now());
    expect(found).toEqual({ removed: 1, next: here.start + 2 * EVENT_TTL_MS - 1000 });
    expect(await names(here)).toEqual(['new']);
  });

  test('live on for an hour after they happened again', async () => {
    const here = await cluster();
    const again = formatRfc3339(here.start + 30 * minute);
    await record(
      here,
      event('counted', { lastTimestamp: again, count: 2 }),
      event('series', {
        eventTime: '2026-01-01T00:00:00.000000Z',
        series: { count: 2, lastObservedTime: again.replace('Z', '.000000Z') },
        reportingComponent: 'c',
        reportingInstance: 'i',
        action: 'Act',
        reason: 'Again',
        type: 'Normal',
      }),
      event('once'),
    );
    await expireEvents(here.client, here.start + 80 * minute);
    expect(await names(here)).toEqual(['counted', 'series']);
    await expireEvents(here.client, here.start + 90 * minute);
    expect(await names(here)).toEqual([]);
  });

  test('do not live longer for a time that has not come', async () => {
    const here = await cluster();
    await record(here, event('ahead', { lastTimestamp: '2099-01-01T00:00:00Z' }));
    await expireEvents(here.client, here.start + EVENT_TTL_MS);
    expect(await names(here)).toEqual([]);
  });

  test('are looked through page by page, and as many removed as allowed', async () => {
    const here = await cluster();
    const many = Array.from({ length: 1200 }, (_, index) => event(`e${index}`));
    await record(here, ...many);
    const later = here.start + 2 * EVENT_TTL_MS;
    expect(await expireEvents(here.client, later, { most: 700 })).toEqual({ removed: 700, next: undefined });
    expect(await names(here)).toHaveLength(500);
    expect((await expireEvents(here.client, later)).removed).toBe(500);
  });

  test('are not even read in a cluster younger than an hour', async () => {
    const here = await cluster();
    const read: string[] = [];
    const client: typeof here.client = {
      ...here.client,
      list: (kind, options) => {
        read.push(kind.kind);
        return here.client.list(kind, options);
      },
    };
    await expireEvents(client, here.start + 59 * minute);
    expect(read).toEqual(['Namespace']);
  });

  test('are kept in order by a keeper that looks every five minutes', async () => {
    const here = await cluster();
    const keep = eventExpiry(here.client, here.clock, new AbortController().signal);
    await record(here, event('old'));
    here.clock.advanceTo(here.start + EVENT_TTL_MS - minute);
    await keep();
    here.clock.advanceTo(here.start + EVENT_TTL_MS);
    await keep();
    expect(await names(here)).toEqual(['old']);
    here.clock.advanceTo(here.start + EVENT_TTL_MS + 4 * minute);
    await keep();
    expect(await names(here)).toEqual([]);
  });
});
