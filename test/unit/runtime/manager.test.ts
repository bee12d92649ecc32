import { describe, expect, test } from 'vitest';
import type { KindRef, KubeObject } from '../../../src/api/meta.ts';
import { EVENT } from '../../../src/api/well-known.ts';
import { type Controller, type Requeue, RetryError, watch } from '../../../src/runtime/controller.ts';
import { createManager } from '../../../src/runtime/manager.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { type Jump, runToFixedPoint } from '../../../src/runtime/run-to-fixed-point.ts';
import { memoryClient } from '../../support/memory-client.ts';

const CONFIG_MAP: KindRef<KubeObject & { readonly data?: Readonly<Record<string, string>> }> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
};

/** A controller that looks at ConfigMaps, and does what it is told. */
function controller(
  reconcile: Controller['reconcile'],
  more: Partial<Pick<Controller, 'name' | 'batch'>> = {},
): Controller {
  return {
    name: 'tester',
    watches: [
      watch(CONFIG_MAP, (_previous, current) => (current === undefined ? [] : [current.metadata.name ?? ''])),
    ],
    reconcile,
    ...more,
  };
}

function cluster(...controllers: readonly Controller[]) {
  const { client, clock } = memoryClient();
  const manager = createManager({ client, clock, random: seededRandom(2), controllers });
  const create = async (...names: readonly string[]) =>
    client.commit(
      names.map((name) => ({
        verb: 'create',
        kind: CONFIG_MAP,
        namespace: 'default',
        object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } } as KubeObject,
      })),
    );
  return { client, clock, manager, create };
}

const later = (key: string, afterMs: number, kind: Requeue['wait']['kind'] = 'machinery'): Requeue => ({
  key,
  afterMs,
  wait: { kind, because: `a timer of ${key}` },
});

describe('the manager', () => {
  test('handles one key a step, in the order in which they came', async () => {
    const handled: string[] = [];
    const { manager, create } = cluster(
      controller(async (keys) => {
        handled.push(keys.join());
        return [];
      }),
    );
    await create('b', 'a');
    expect([await manager.step(), await manager.step(), await manager.step()]).toEqual([true, true, false]);
    expect(handled.sort()).toEqual(['a', 'b']);
    expect(manager.handled()).toBe(2);
  });

  test('hands batches to a controller that takes them', async () => {
    const handled: (readonly string[])[] = [];
    const { manager, create } = cluster(
      controller(
        async (keys) => {
          handled.push(keys);
          return [];
        },
        { batch: 2 },
      ),
    );
    await create('a', 'b', 'c');
    while (await manager.step());
    expect(handled.map(({ length }) => length)).toEqual([2, 1]);
  });

  test('shows a controller the writes of the one before it', async () => {
    const seen: number[] = [];
    const count: Controller['reconcile'] = async (keys, { client, lister }) => {
      seen.push(lister.list(CONFIG_MAP, 'default').length);
      const [key = ''] = keys;
      if (key !== 'a') return [];
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } };
      await client.commit([{ verb: 'create', kind: CONFIG_MAP, namespace: 'default', object }]);
      return [];
    };
    const { manager, create } = cluster(
      controller(count, { name: 'one' }),
      controller(count, { name: 'two' }),
    );
    await create('a');
    while (await manager.step());
    expect(seen).toEqual([1, 2, 2, 2]);
  });

  test('tries a failed key again with back-off, and tells of the failure', async () => {
    let tries = 0;
    const failures: string[] = [];
    const { client, clock } = memoryClient();
    const manager = createManager({
      client,
      clock,
      random: seededRandom(2),
      onFailure: ({ controller: name, keys, error }) =>
        failures.push(`${name} ${keys.join()}: ${error.message}`),
      controllers: [
        controller(async () => {
          tries += 1;
          if (tries < 3) throw new RetryError('not yet');
          return [];
        }),
      ],
    });
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    await client.commit([{ verb: 'create', kind: CONFIG_MAP, namespace: 'default', object }]);
    const start = clock.now();
    const end = await runToFixedPoint({ manager, clock });
    expect(end.settled).toBe(true);
    expect(end.jumps.map(({ to, wait }) => [to - start, wait.kind])).toEqual([
      [5, 'retry'],
      [15, 'retry'],
    ]);
    expect(failures).toEqual(['tester a: not yet', 'tester a: not yet']);
    expect(tries).toBe(3);
  });

  test('lets errors of the program through and loses no key by them', async () => {
    let broken = true;
    const handled: string[] = [];
    const { manager, clock, create } = cluster(
      controller(async ([key = '']) => {
        if (broken) throw new TypeError('a bug');
        handled.push(key);
        return [];
      }),
    );
    await create('a');
    await expect(manager.step()).rejects.toThrow('a bug');
    broken = false;
    clock.advanceTo(clock.now() + 5);
    while (await manager.step());
    expect(handled).toEqual(['a']);
  });

  test('handles in one pass what is due, and leaves what it brings up for the next', async () => {
    const handled: string[] = [];
    const { manager, create } = cluster(
      controller(async ([key = ''], { client }) => {
        handled.push(key);
        if (key.length < 3) {
          const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${key}x` } };
          await client.commit([{ verb: 'create', kind: CONFIG_MAP, namespace: 'default', object }]);
        }
        return [];
      }),
    );
    await create('a', 'b');
    expect(await manager.pass()).toBe(2);
    expect(handled.splice(0).sort()).toEqual(['a', 'b']);
    expect(await manager.pass()).toBe(2);
    expect(handled.splice(0).sort()).toEqual(['ax', 'bx']);
  });

  test('writes recorded events when there is nothing left to do', async () => {
    const { manager, client, create } = cluster(
      controller(async ([key = ''], { lister, recorder }) => {
        const object = lister.get(CONFIG_MAP, { namespace: 'default', name: key });
        for (const message of ['hello', 'hello', 'other']) {
          if (object !== undefined) recorder.event(object, 'Normal', 'Seen', message);
        }
        return [];
      }),
    );
    await create('a');
    await manager.step();
    expect((await client.list(EVENT)).items).toHaveLength(0);
    await manager.step();
    const events = (await client.list(EVENT)).items;
    expect(events.map(({ message, count, source }) => [message, count, source?.component]).sort()).toEqual([
      ['hello', 2, 'tester'],
      ['other', 1, 'tester'],
    ]);
    expect(events.every(({ metadata }) => /^a\.[0-9a-f]+$/.test(metadata.name ?? ''))).toBe(true);
  });

  test('counts an event on that was written before', async () => {
    const { manager, client, clock, create } = cluster(
      controller(async ([key = ''], { lister, recorder }) => {
        const object = lister.get(CONFIG_MAP, { namespace: 'default', name: key });
        if (object !== undefined) recorder.event(object, 'Normal', 'Seen', 'hello');
        return [];
      }),
    );
    await create('a');
    while (await manager.step());
    clock.advanceTo(clock.now() + 60_000);
    await client.commit([
      {
        verb: 'patch',
        kind: CONFIG_MAP,
        key: { namespace: 'default', name: 'a' },
        patchType: 'merge',
        patch: { data: { changed: 'yes' } },
      },
    ]);
    while (await manager.step());
    const [event, ...more] = (await client.list(EVENT)).items;
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      count: 2,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:01:00Z',
    });
  });
});

describe('running to the fixed point', () => {
  test('jumps over waits, in their order, and says why', async () => {
    const times: [string, number][] = [];
    const { manager, clock, create } = cluster(
      controller(async ([key = ''], { now }) => {
        times.push([key, now]);
        return key === 'a' ? [later('a2', 30_000, 'user'), later('a1', 10_000)] : [];
      }),
    );
    await create('a');
    const start = clock.now();
    const told: Jump[] = [];
    const end = await runToFixedPoint({ manager, clock, onJump: (jump) => told.push(jump) });
    expect(times.map(([key, time]) => [key, time - start])).toEqual([
      ['a', 0],
      ['a1', 10_000],
      ['a2', 30_000],
    ]);
    expect(end).toMatchObject({ settled: true, steps: 3, stillWaiting: [] });
    expect(end.jumps.map(({ wait, controller: name }) => [wait.kind, wait.because, name])).toEqual([
      ['machinery', 'a timer of a1', 'tester'],
      ['user', 'a timer of a2', 'tester'],
    ]);
    expect(told).toEqual(end.jumps);
  });

  test('gives up on retries that go on for ever, and says what it would wait for', async () => {
    const { manager, clock, create } = cluster(
      controller(async ([key = '']) => [later(key, 60_000, 'retry')]),
    );
    await create('a');
    const end = await runToFixedPoint({ manager, clock });
    expect(end.settled).toBe(false);
    expect(end.jumps).toHaveLength(5);
    expect(end.stillWaiting.map(({ key, wait, controller: name }) => [key, wait?.because, name])).toEqual([
      ['a', 'a timer of a', 'tester'],
    ]);
  });

  test('ends where it may not jump', async () => {
    const { manager, clock, create } = cluster(
      controller(async ([key = '']) =>
        key === 'a' ? [later('a1', 10_000), later('a2', 30_000, 'user')] : [],
      ),
    );
    await create('a');
    const end = await runToFixedPoint({ manager, clock, mayJump: ({ kind }) => kind !== 'user' });
    expect(end.settled).toBe(false);
    expect(end.jumps.map(({ wait }) => wait.because)).toEqual(['a timer of a1']);
    expect(end.stillWaiting.map(({ wait }) => wait?.because)).toEqual(['a timer of a2']);
  });

  test('ends at the bounds of time and of jumps', async () => {
    const forever = controller(async ([key = '']) => [later(key, 1000)]);
    const first = cluster(forever);
    await first.create('a');
    expect((await runToFixedPoint({ ...first, maxVirtualMs: 10_500 })).jumps).toHaveLength(10);
    const second = cluster(forever);
    await second.create('a');
    expect((await runToFixedPoint({ ...second, maxJumps: 3 })).jumps).toHaveLength(3);
  });

  test('stops after the running step when it is told to', async () => {
    const abort = new AbortController();
    const handled: string[] = [];
    const { manager, clock, create } = cluster(
      controller(async ([key = '']) => {
        handled.push(key);
        abort.abort();
        return [];
      }),
    );
    await create('a', 'b');
    const end = await runToFixedPoint({ manager, clock, signal: abort.signal });
    expect(end.settled).toBe(false);
    expect(handled).toHaveLength(1);
  });
});
