import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWorkQueue, type WorkQueue } from '../../../src/runtime/work-queue.ts';

const wait = { kind: 'machinery', because: 'a timer' } as const;

function queueOf(...keys: readonly string[]): WorkQueue {
  let number = 0;
  const queue = createWorkQueue(() => number++);
  for (const key of keys) queue.add(key, 0);
  return queue;
}

describe('the work queue', () => {
  test('hands out keys in the order in which they came', () => {
    expect(queueOf('b', 'a', 'c').take(0, 10)).toEqual(['b', 'a', 'c']);
  });

  test('hands out keys that were begun before those that were not, where that is asked for', () => {
    let number = 0;
    const queue = createWorkQueue(() => number++, { begunFirst: true });
    for (const key of ['a', 'b', 'c']) queue.add(key, 0);
    expect(queue.take(0, 1)).toEqual(['a']);
    queue.add('a', 5);
    queue.done('a', 5);
    expect(queue.take(5, 2)).toEqual(['a', 'b']);
    queue.done('a', 6);
    queue.done('b', 6);
    queue.add('b', 6);
    queue.add('a', 7);
    expect(queue.take(7, 3)).toEqual(['b', 'a', 'c']);
  });

  test('hands out keys in turn where nothing else is asked for', () => {
    const queue = queueOf('a', 'b');
    expect(queue.take(0, 1)).toEqual(['a']);
    queue.add('a', 0);
    queue.done('a', 0);
    expect(queue.take(0, 2)).toEqual(['b', 'a']);
  });

  test('holds a key only once', () => {
    expect(queueOf('a', 'b', 'a').take(0, 10)).toEqual(['a', 'b']);
  });

  test('hands out no more than asked for', () => {
    const queue = queueOf('a', 'b', 'c');
    expect(queue.take(0, 2)).toEqual(['a', 'b']);
    expect(queue.take(0, 2)).toEqual(['c']);
  });

  test('keeps a delayed key until it is due', () => {
    const queue = queueOf();
    queue.addAfter('later', 0, 100, wait);
    expect(queue.take(99, 10)).toEqual([]);
    expect(queue.next()).toEqual({ key: 'later', at: 100, wait });
    expect(queue.take(100, 10)).toEqual(['later']);
  });

  test('takes the shortest of several delays', () => {
    const queue = queueOf();
    queue.addAfter('a', 0, 100, wait);
    queue.addAfter('a', 0, 50, wait);
    queue.addAfter('a', 0, 70, wait);
    expect(queue.take(50, 10)).toEqual(['a']);
    queue.done('a', 50);
    expect(queue.take(1000, 10)).toEqual([]);
  });

  test('keeps the delay of a key that is also due now', () => {
    const queue = queueOf('a');
    queue.addAfter('a', 0, 100, wait);
    expect(queue.take(0, 10)).toEqual(['a']);
    queue.done('a', 0);
    expect(queue.next()?.at).toBe(100);
  });

  test('puts what came due earlier before what was added later', () => {
    const queue = queueOf();
    queue.addAfter('delayed', 0, 10, wait);
    queue.add('fresh', 20);
    expect(queue.take(20, 10)).toEqual(['delayed', 'fresh']);
  });

  test('does not hand out a key that is being worked on, and brings it back afterwards', () => {
    const queue = queueOf('a');
    expect(queue.take(0, 1)).toEqual(['a']);
    queue.add('a', 1);
    expect(queue.take(1, 1)).toEqual([]);
    queue.done('a', 2);
    expect(queue.take(2, 1)).toEqual(['a']);
  });

  test('stops at keys that came after a given number', () => {
    const queue = queueOf('a', 'b', 'c');
    expect(queue.take(0, 10, 2)).toEqual(['a', 'b']);
  });

  test('waits twice as long after each failure, up to 1000 s, and forgets', () => {
    const queue = queueOf();
    const delays: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      queue.addAfterFailure('a', 0, 'it failed');
      const due = queue.next();
      delays.push(due?.at ?? -1);
      expect(queue.take(due?.at ?? 0, 1)).toEqual(['a']);
      queue.done('a', 0);
    }
    expect(delays.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
    expect(delays.at(-1)).toBe(1_000_000);
    queue.forget('a');
    queue.addAfterFailure('a', 0, 'it failed');
    expect(queue.next()).toEqual({ key: 'a', at: 5, wait: { kind: 'retry', because: 'it failed' } });
  });

  test('never loses a key and never hands one out twice at once', () => {
    const command = fc.oneof(
      fc.record({ do: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ do: fc.constant('later' as const), key: fc.constantFrom('a', 'b', 'c'), ms: fc.nat(20) }),
      fc.record({ do: fc.constant('take' as const), max: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ do: fc.constant('done' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const queue = queueOf();
        const working = new Set<string>();
        /** Keys that have to come up (again), with the time at which they have to at the latest. */
        const soon = new Map<string, number>();
        const later = new Map<string, number>();
        let now = 0;
        const owe = (to: Map<string, number>, key: string, at: number): void =>
          void to.set(key, Math.min(to.get(key) ?? at, at));
        const take = (max: number): void => {
          for (const key of queue.take(now, max)) {
            expect(working.has(key)).toBe(false);
            const due = Math.min(
              soon.get(key) ?? Number.POSITIVE_INFINITY,
              later.get(key) ?? Number.POSITIVE_INFINITY,
            );
            expect(due).toBeLessThanOrEqual(now);
            working.add(key);
            soon.delete(key);
            if ((later.get(key) ?? 0) <= now) later.delete(key);
          }
        };
        const finish = (key: string): void => {
          if (working.delete(key)) queue.done(key, now);
        };
        for (const step of commands) {
          if (step.do === 'add') {
            queue.add(step.key, now);
            owe(soon, step.key, now);
          } else if (step.do === 'later') {
            queue.addAfter(step.key, now, step.ms, wait);
            owe(step.ms === 0 ? soon : later, step.key, now + step.ms);
          } else if (step.do === 'take') take(step.max);
          else if (step.do === 'done') finish(step.key);
          else now += step.ms;
        }
        now += 100;
        for (const key of [...working]) finish(key);
        take(10);
        expect([...soon.keys(), ...later.keys()]).toEqual([]);
      }),
    );
  });
});
