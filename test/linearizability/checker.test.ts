import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Entry, Store } from '../../src/store/store.ts';
import { violations } from './checker.ts';
import type { Answer, Asked, Operation } from './history.ts';
import { storeClient } from './store-client.ts';

const READ: Asked = { do: 'read' };
const create = (to: string): Asked => ({ do: 'write', when: { is: 'absent' }, to });
const set = (to: string): Asked => ({ do: 'write', when: { is: 'present' }, to });
const swap = (value: string, to: string): Asked => ({ do: 'write', when: { is: 'value', value }, to });
const REMOVE: Asked = { do: 'write', when: { is: 'present' }, to: null };
const DONE: Answer = { done: true };
const REFUSED: Answer = { done: false };
const got = (value: string | null): Answer => ({ value });

/** Operations of one key as rows: asked, answer, called, returned. */
type Rows = readonly (readonly [Asked, Answer, number, number])[];

const history = (rows: Rows): readonly Operation[] =>
  rows.map(([asked, answer, called, returned]) => ({ key: 'k', asked, answer, called, returned }));

const linearizable: readonly (readonly [string, Rows])[] = [
  ['nothing', []],
  ['a read of what was never written', [[READ, got(null), 1, 2]]],
  [
    'one after the other',
    [
      [create('a'), DONE, 1, 2],
      [swap('a', 'b'), DONE, 3, 4],
      [READ, got('b'), 5, 6],
    ],
  ],
  [
    'a read during a write, of the old value',
    [
      [create('a'), DONE, 1, 2],
      [set('b'), DONE, 3, 6],
      [READ, got('a'), 4, 5],
    ],
  ],
  [
    'a read during a write, of the new value',
    [
      [create('a'), DONE, 1, 2],
      [set('b'), DONE, 3, 6],
      [READ, got('b'), 4, 5],
    ],
  ],
  [
    'a swap that came too late',
    [
      [create('a'), DONE, 1, 2],
      [set('b'), DONE, 3, 4],
      [swap('a', 'c'), REFUSED, 5, 6],
    ],
  ],
  [
    'two creations at once, of which one wins',
    [
      [create('a'), DONE, 1, 5],
      [create('b'), REFUSED, 2, 4],
      [READ, got('a'), 6, 7],
    ],
  ],
  [
    'an unanswered write that was done',
    [
      [create('a'), 'none', 1, Infinity],
      [READ, got('a'), 3, 4],
    ],
  ],
  [
    'an unanswered write that was not done',
    [
      [create('a'), 'none', 1, Infinity],
      [READ, got(null), 3, 4],
    ],
  ],
  [
    'an unanswered write that was done later',
    [
      [create('a'), 'none', 1, Infinity],
      [READ, got(null), 3, 4],
      [READ, got('a'), 5, 6],
    ],
  ],
  [
    'an unanswered read',
    [
      [READ, 'none', 1, Infinity],
      [create('a'), DONE, 2, 3],
    ],
  ],
  [
    'a removal and a creation anew',
    [
      [create('a'), DONE, 1, 2],
      [REMOVE, DONE, 3, 4],
      [REMOVE, REFUSED, 5, 6],
      [create('b'), DONE, 7, 8],
    ],
  ],
];

const broken: readonly (readonly [string, Rows])[] = [
  [
    'a stale read',
    [
      [create('a'), DONE, 1, 2],
      [set('b'), DONE, 3, 4],
      [READ, got('a'), 5, 6],
    ],
  ],
  [
    'two reads that go back in time',
    [
      [create('a'), DONE, 1, 2],
      [set('b'), DONE, 3, 9],
      [READ, got('b'), 4, 5],
      [READ, got('a'), 6, 7],
    ],
  ],
  [
    'a lost update',
    [
      [create('0'), DONE, 1, 2],
      [swap('0', 'a'), DONE, 3, 6],
      [swap('0', 'b'), DONE, 4, 5],
    ],
  ],
  [
    'an acknowledged write that is not there',
    [
      [create('a'), DONE, 1, 2],
      [READ, got(null), 3, 4],
    ],
  ],
  [
    'a read of what nobody wrote',
    [
      [create('a'), DONE, 1, 2],
      [READ, got('x'), 3, 4],
    ],
  ],
  ['a refusal without a reason', [[create('a'), REFUSED, 1, 2]]],
  [
    'a refused write that is there',
    [
      [create('a'), DONE, 1, 2],
      [create('b'), REFUSED, 3, 4],
      [READ, got('b'), 5, 6],
    ],
  ],
  [
    'a removed key that is there',
    [
      [create('a'), DONE, 1, 2],
      [REMOVE, DONE, 3, 4],
      [READ, got('a'), 5, 6],
    ],
  ],
  [
    'an unanswered write that comes and goes',
    [
      [create('a'), DONE, 1, 2],
      [set('b'), 'none', 3, Infinity],
      [READ, got('b'), 4, 5],
      [READ, got('a'), 6, 7],
    ],
  ],
  [
    'a write from the future',
    [
      [READ, got('a'), 1, 2],
      [create('a'), DONE, 3, 4],
    ],
  ],
];

describe('the checker', () => {
  test.each(linearizable)('accepts %s', (_what, rows) => {
    expect(violations(history(rows))).toEqual([]);
  });

  test.each(broken)('refuses %s', (_what, rows) => {
    expect(violations(history(rows))).toHaveLength(1);
  });

  test('looks at each key alone, and names the one that is wrong', () => {
    const fine = history([[create('a'), DONE, 1, 2]]).map((operation) => ({ ...operation, key: 'fine' }));
    const wrong = history([
      [create('a'), DONE, 1, 2],
      [READ, got(null), 3, 4],
    ]);
    expect(violations([...fine, ...wrong])).toEqual(['k: no order explains more than 1 of 2 operations']);
  });

  test('ends soon on a long history of many clients', () => {
    const many = Array.from(
      { length: 2000 },
      (_, i): Operation => ({
        key: 'k',
        asked: i === 0 ? create('0') : set(String(i)),
        answer: DONE,
        called: i,
        returned: i === 0 ? 0.5 : i + 4.5,
      }),
    );
    expect(violations(many)).toEqual([]);
  });
});

describe('a store with a planted bug', () => {
  /** Eight clients that take turns by chance, on a store which answers after some turns. */
  async function recorded(seed: number, store: Store): Promise<readonly Operation[]> {
    const random = seededRandom(seed);
    let time = 0;
    const slow = async (): Promise<void> => {
      for (let turns = random.int(4); turns > 0; turns -= 1) await null;
    };
    const operations: Operation[] = [];
    const client = async (name: number): Promise<void> => {
      const { perform } = storeClient(store, `client-${name}`, seededRandom(seed * 100 + name), ['a', 'b']);
      for (let count = 0; count < 40; count += 1) {
        time += 1;
        const called = time;
        await slow();
        const did = await perform();
        await slow();
        time += 1;
        operations.push({ ...did, called, returned: time });
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => client(name)));
    return operations;
  }

  const SEEDS = Array.from({ length: 10 }, (_, seed) => seed + 1);

  /** How many of ten histories are refused. */
  async function refused(broken: (store: Store) => Store): Promise<number> {
    let count = 0;
    for (const seed of SEEDS)
      count += violations(await recorded(seed, broken(memoryStore()))).length > 0 ? 1 : 0;
    return count;
  }

  test('is told from one without', async () => {
    expect(await refused((store) => store)).toBe(0);
  });

  test('is found when it reads what was', async () => {
    const stale = (store: Store): Store => {
      const kept = new Map<string, Entry | null>();
      let reads = 0;
      return {
        ...store,
        async get(key) {
          reads += 1;
          const before = kept.get(key);
          if (reads % 20 === 0 && before !== undefined) return before;
          const now = await store.get(key);
          if (before === undefined || reads % 30 === 0) kept.set(key, now);
          return now;
        },
      };
    };
    expect(await refused(stale)).toBe(SEEDS.length);
  });

  test('is found when it does not look at what a write expects', async () => {
    const careless = (store: Store): Store => ({
      ...store,
      commit: (writes) =>
        store.commit(
          writes.map((write) =>
            write.expect.kind === 'at' ? { ...write, expect: { kind: 'present' } } : write,
          ),
        ),
    });
    expect(await refused(careless)).toBe(SEEDS.length);
  });

  test('is found when it acknowledges a write that is not there', async () => {
    const forgetful = (store: Store): Store => {
      let commits = 0;
      return {
        ...store,
        async commit(writes) {
          commits += 1;
          return commits % 60 === 0 ? { committed: true, revisions: [1] } : await store.commit(writes);
        },
      };
    };
    expect(await refused(forgetful)).toBe(SEEDS.length);
  });
});
