import { expect, test } from 'vitest';
import type { Client } from '../../../../src/api/client.ts';
import { LEASE } from '../../../../src/cli/reconcile-lease.ts';
import { Unreachable } from '../../../../src/cli/remote/http-transport.ts';
import { type Election, election } from '../../../../src/cli/remote/leader-election.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { memoryClient } from '../../../support/memory-client.ts';

const KEY = { namespace: 'kube-system', name: 'test' };
const DURATION_MS = 300;
const never = new AbortController().signal;
const nothing = (): void => {};

function candidate(client: Client, identity: string, durationMs = DURATION_MS): Election {
  return election({ client, key: KEY, identity, durationMs, clock: systemClock() });
}

/** A lease as a process on another machine would have left it. */
async function leaseOf(client: Client, holderIdentity: string, renewTime: string): Promise<void> {
  const object = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: KEY,
    spec: { holderIdentity, leaseDurationSeconds: 1, renewTime, leaseTransitions: 4 },
  };
  await client.commit([{ verb: 'create', kind: LEASE, namespace: KEY.namespace, object }]);
}

test('takes a lease that nobody has made yet', async () => {
  const { client } = memoryClient();
  expect(await candidate(client, 'a').win(never, nothing)).toBe(true);
  expect((await client.get(LEASE, KEY)).spec).toMatchObject({
    holderIdentity: 'a',
    leaseDurationSeconds: 1,
    leaseTransitions: 0,
  });
});

test('of many candidates at once exactly one wins', async () => {
  const { client } = memoryClient();
  const stop = new AbortController();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const winners: string[] = [];
  const all = names.map(async (name) => {
    const isOurs = await candidate(client, name, 60_000).win(stop.signal, nothing);
    if (isOurs) winners.push(name);
  });
  await Promise.race(all);
  stop.abort();
  await Promise.all(all);
  expect(winners).toHaveLength(1);
  expect((await client.get(LEASE, KEY)).spec?.holderIdentity).toBe(winners[0]);
});

test('takes over a lease that is not renewed while it looks on, whatever the clock of its holder said', async () => {
  const { client } = memoryClient();
  await leaseOf(client, 'gone', '2099-01-01T00:00:00.000000Z');
  const heldUp: unknown[] = [];
  expect(await candidate(client, 'a').win(never, (why) => heldUp.push(why))).toBe(true);
  expect(heldUp).toEqual([{ heldBy: 'gone' }]);
  expect((await client.get(LEASE, KEY)).spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: 5 });
});

test('a lease that a clock behind calls old is not taken while it is renewed', async () => {
  const { client } = memoryClient();
  await leaseOf(client, 'alive', '2001-01-01T00:00:00.000000Z');
  const holder = candidate(client, 'alive');
  const stop = new AbortController();
  const keeping = holder.keep(stop.signal);
  expect(await candidate(client, 'a').winUnlessHeld(never)).toBe('alive');
  stop.abort();
  expect(await keeping).toBe(true);
});

test('a lease that was given back is free at once, for whoever wanted it only if unheld too', async () => {
  const { client } = memoryClient();
  const first = candidate(client, 'a', 60_000);
  await first.win(never, nothing);
  await first.release();
  expect(await candidate(client, 'b', 60_000).winUnlessHeld(never)).toBeUndefined();
  expect((await client.get(LEASE, KEY)).spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  // It is no longer the first one's to give back.
  await first.release();
  expect((await client.get(LEASE, KEY)).spec?.holderIdentity).toBe('b');
});

test('a holder learns that somebody else has taken the lease', async () => {
  const { client } = memoryClient();
  const holder = candidate(client, 'a');
  await holder.win(never, nothing);
  const keeping = holder.keep(never);
  await client.commit([
    {
      verb: 'patch',
      kind: LEASE,
      key: KEY,
      patchType: 'merge',
      patch: { spec: { holderIdentity: 'thief' } },
    },
  ]);
  expect(await keeping).toBe(false);
});

test.each([
  ['refuses connections', () => Promise.reject(new Unreachable('refused'))],
  ['does not answer', () => new Promise<never>(() => {})],
])('a holder gives up when the server %s', async (_how, answer) => {
  const { client } = memoryClient();
  let isAway = false;
  const fickle: Client = {
    ...client,
    get: (kind, key) => (isAway ? answer() : client.get(kind, key)),
  };
  const holder = candidate(fickle, 'a');
  await holder.win(never, nothing);
  isAway = true;
  expect(await holder.keep(never)).toBe(false);
});
