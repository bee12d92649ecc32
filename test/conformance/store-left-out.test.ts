import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { backupStore } from '../../src/store/backup-store.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { shrinkStore } from '../../src/store/shrink-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import {
  type Change,
  type Entry,
  type FormText,
  type Store,
  StoreError,
  type Write,
} from '../../src/store/store.ts';
import { create, expectStoreError, remove, replace } from './store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-left-out-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
let file: string;
beforeEach(newFile);

function newFile(): void {
  files += 1;
  file = join(folder, `store-${files}.db`);
}

/** A store whose groups last until they are flushed, and leave out what they may after this revision. */
function openGrouped(exactThrough = 0, most = 1_000_000): Store {
  const store = openSqliteStore(file);
  store.groupCommits?.(most, exactThrough);
  return store;
}

const told = ({ revision, key, entry, previous }: Change): string =>
  `${revision} ${key} ${previous?.value ?? '-'} → ${entry?.value ?? '-'}`;

async function history(store: Store, after = 0): Promise<readonly string[]> {
  return (await store.changes(after)).map(told);
}

describe('a group that may leave states out', () => {
  test('writes a key once, at its newest revision, over what was there before the group', async () => {
    const store = openGrouped();
    await store.commit([create('a', 'a1'), create('b', 'b1')]);
    await store.flush?.();
    await store.commit([replace('a', 'a2', { at: 1 })]);
    await store.commit([replace('a', 'a3', { at: 3 }), create('c', 'c1')]);
    await store.commit([replace('c', 'c2', { at: 5 })]);
    await store.flush?.();
    expect(await history(store)).toEqual(['1 a - → a1', '2 b - → b1', '4 a a1 → a3', '6 c - → c2']);
    expect(await store.get('c')).toEqual({ key: 'c', value: 'c2', createRevision: 5, modRevision: 6 });
    expect(checkStore(file)).toMatchObject({ revision: 6, writes: 4, findings: [] });
    await store.close();
  });

  test('is read from within after every sort of write', async () => {
    const store = openGrouped();
    const seen = async () => {
      const entries = await store.getMany(['x/a', 'x/b']);
      return [entries.map((entry) => entry?.value ?? '-').join(), await store.revision()];
    };
    await store.commit([create('x/a', '1', ['t'])]);
    expect(await seen()).toEqual(['1,-', 1]);
    await store.commit([
      replace('x/a', '2', { terms: ['t', 'u'] }),
      create('x/b', { pieces: ['<', '>'], fills: ['3'] }),
    ]);
    expect(await seen()).toEqual(['2,<3>', 3]);
    expect((await store.commit([create('x/a'), replace('x/b', '!', { at: 1 })])).committed).toBe(false);
    await store.commit([remove('x/a', 2)]);
    expect(await seen()).toEqual(['-,<3>', 4]);
    expect((await store.commit([remove('x/a')])).committed).toBe(false);
    await store.commit([create('x/a', '4', ['t'])]);
    expect(await seen()).toEqual(['4,<3>', 5]);
    const { entries, revision } = await store.list({ prefix: 'x/', term: 't' });
    expect([entries.map(({ value }) => value), revision]).toEqual([['4'], 5]);
    expect(await store.count({ prefix: 'x/' })).toBe(2);
    expect((await store.snapshot()).rows.map(({ entry, terms }) => [entry.key, terms])).toEqual([
      ['x/a', ['t']],
      ['x/b', []],
    ]);
    await store.close();
    expect(checkStore(file).findings).toEqual([]);
  });

  test('keeps deletions and what was there before them: another life of a key is another change', async () => {
    const store = openGrouped();
    await store.commit([create('a', '1')]);
    await store.commit([replace('a', '2')]);
    await store.commit([remove('a')]);
    await store.commit([create('a', '3')]);
    await store.commit([replace('a', '4')]);
    expect(await history(store)).toEqual(['2 a - → 2', '3 a 2 → -', '5 a - → 4']);
    expect((await store.get('a'))?.createRevision).toBe(4);
    await store.close();
    expect(checkStore(file).findings).toEqual([]);
  });

  test('spells nothing of a state that is replaced in it', async () => {
    const store = openGrouped();
    let spelled = 0;
    const late = (text: string): FormText => ({
      get pieces() {
        spelled += 1;
        return [text];
      },
      fills: [],
    });
    await store.commit([create('a', late('1'))]);
    await store.commit([replace('a', late('2'))]);
    expect(spelled).toBe(0);
    await store.flush?.();
    expect((await store.get('a'))?.value).toBe('2');
    expect(spelled).toBeGreaterThan(0);
    await store.close();
  });

  test('leaves nothing out through the revision that it was given', async () => {
    const store = openGrouped(3);
    for (const value of ['1', '2', '3', '4', '5']) {
      await store.commit([value === '1' ? create('a', value) : replace('a', value)]);
    }
    expect(await history(store)).toEqual(['1 a - → 1', '2 a 1 → 2', '3 a 2 → 3', '5 a 3 → 5']);
    expect((await store.list({ prefix: '' }, { at: 2 })).entries[0]?.value).toBe('2');
    await store.close();
  });

  test('is not written for the sake of a list of other keys', async () => {
    const store = openGrouped();
    await store.commit([create('classes/one')]);
    await store.flush?.();
    await store.commit([create('pods/a', '1')]);
    const { entries, revision } = await store.list({ prefix: 'classes/' });
    expect([entries.length, revision]).toEqual([1, 2]);
    await store.commit([replace('pods/a', '2')]);
    await store.flush?.();
    expect(await history(store, 1)).toEqual(['3 pods/a - → 2']);
    await store.close();
  });

  test('answers all pages of a list at the revision of the first', async () => {
    const store = openGrouped();
    await store.commit(['classes/a', 'classes/b', 'classes/c'].map((key) => create(key, '1')));
    await store.flush?.();
    await store.commit([create('pods/a')]);
    const first = await store.list({ prefix: 'classes/' }, { limit: 2 });
    await store.commit([replace('pods/a', '2'), replace('classes/c', '2')]);
    await store.commit([replace('pods/a', '3'), replace('classes/c', '3')]);
    const rest = await store.list({ prefix: 'classes/' }, { after: 'classes/b', at: first.revision });
    expect(rest.entries.map(({ value }) => value)).toEqual(['1']);
    await store.close();
  });

  test('is seen by others as a whole, and its inside has no state for them', async () => {
    const store = openGrouped();
    const other = openSqliteStore(file);
    await store.commit([create('a', '1')]);
    await store.flush?.();
    await store.commit([replace('a', '2')]);
    await store.commit([replace('a', '3'), create('b', '1')]);
    expect(await other.changes(1)).toEqual([]);
    await store.flush?.();
    expect(await history(other, 1)).toEqual(['3 a 1 → 3', '4 b - → 1']);
    expect(await history(other, 2)).toEqual(['3 a 1 → 3', '4 b - → 1']);
    expect((await other.list({ prefix: '' }, { at: 1 })).entries.map(({ value }) => value)).toEqual(['1']);
    await expectStoreError(other.list({ prefix: '' }, { at: 2 }), 'compacted');
    await expectStoreError(other.list({ prefix: '' }, { at: 3 }), 'compacted');
    expect((await other.list({ prefix: '' }, { at: 4 })).entries.map(({ value }) => value)).toEqual([
      '3',
      '1',
    ]);
    await Promise.all([store.close(), other.close()]);
  });

  test('goes on from what others have written since the last one', async () => {
    const store = openGrouped();
    const other = openSqliteStore(file);
    await store.commit([create('a', '1', ['t'])]);
    expect(await store.get('b')).toBeNull();
    await store.flush?.();
    await other.commit([replace('a', '2', { at: 1, terms: ['u'] }), create('b', 'theirs')]);
    expect((await store.commit([replace('a', '3', { at: 1 })])).committed).toBe(false);
    expect((await store.commit([create('b')])).committed).toBe(false);
    expect((await store.commit([replace('a', '3', { at: 2, terms: ['v'] })])).committed).toBe(true);
    await store.flush?.();
    expect((await other.list({ prefix: '', term: 'u' })).entries).toEqual([]);
    expect((await other.list({ prefix: '', term: 'v' })).entries).toHaveLength(1);
    await Promise.all([store.close(), other.close()]);
    expect(checkStore(file).findings).toEqual([]);
  });

  test('is as if never made when its process ends within it', async () => {
    const store = openGrouped();
    await store.commit([create('a', '1')]);
    await store.flush?.();
    await store.commit([replace('a', '2')]);
    await store.commit([replace('a', '3')]);
    // A list of it writes to the open transaction, which nobody else sees either.
    await store.list({ prefix: '' });
    const left = join(folder, 'left.db');
    copyFileSync(file, left);
    copyFileSync(`${file}-wal`, `${left}-wal`);
    expect(checkStore(left)).toMatchObject({ revision: 1, writes: 1, findings: [] });
    await store.close();
  });

  test('is lost with the first failure, and what was flushed before it stays', async () => {
    const store = openSqliteStore(file, { maxPages: 20 });
    store.groupCommits?.(1_000_000, 0);
    await store.commit([create('kept')]);
    await store.flush?.();
    await store.commit([create('lost'), create('big', 'x'.repeat(1_000_000))]);
    await expectStoreError(store.list({ prefix: '' }), 'full');
    await expectStoreError(store.commit([create('later')]), 'full');
    expect((await store.list({ prefix: '' })).entries.map(({ key }) => key)).toEqual(['kept']);
    await store.close().catch(() => undefined);
    expect(checkStore(file)).toMatchObject({ revision: 1, findings: [] });
  });
});

describe('history with gaps', () => {
  /** 1: a; 2–5 are a group with a at 4 and b at 5; 6–8 one with a at 8; 9 is b, alone. */
  async function writeGroups(): Promise<void> {
    const store = openGrouped();
    await store.commit([create('a', '1')]);
    await store.flush?.();
    await store.commit([replace('a', '2')]);
    await store.commit([create('b', '3'), replace('a', '4')]);
    await store.commit([replace('b', '5')]);
    await store.flush?.();
    for (const value of ['6', '7', '8']) await store.commit([replace('a', value)]);
    await store.flush?.();
    await store.commit([replace('b', '9')]);
    await store.close();
  }

  test.each([
    [1, 1, 5],
    [2, 1, 5],
    [4, 1, 5],
    [5, 5, 4],
    [6, 5, 4],
    [8, 8, 3],
    [9, 9, 2],
  ])('that is forgotten through %i is forgotten through %i', async (through, reached, writes) => {
    await writeGroups();
    const store = openSqliteStore(file);
    await store.compact(through);
    expect(await store.compacted()).toBe(reached);
    expect(checkStore(file)).toMatchObject({ compacted: reached, writes, findings: [] });
    expect((await store.list({ prefix: '' }, { at: reached })).revision).toBe(reached);
    expect((await store.changes(reached)).length).toBe([1, 4, 5, 8].filter((at) => at >= reached).length);
    await store.close();
  });

  test('is copied and shrunk as it is', async () => {
    await writeGroups();
    const copy = join(folder, `copy-${files}.db`);
    expect(await backupStore(file, copy)).toMatchObject({ revision: 9, writes: 5, findings: [] });
    await shrinkStore(copy);
    expect(checkStore(copy)).toMatchObject({ revision: 9, compacted: 9, writes: 2, findings: [] });
  });

  test.each([
    ['DELETE FROM log WHERE revision = 8', 'log: of revisions 6 to 8 it should have 1, but has 0'],
    ['DELETE FROM log WHERE revision = 4', 'log: of revisions 2 to 5 it should have 2, but has 1'],
    ['DELETE FROM gaps WHERE first = 2', 'log: revisions 2 to 3 are missing'],
    ['UPDATE gaps SET last = 7 WHERE first = 6', 'log: revisions 6 to 7 are missing'],
    [
      'UPDATE log SET create_revision = 1 WHERE revision = 5',
      'log: revision 5 of "b" says that it was created at 1',
    ],
    [
      'UPDATE compaction SET through = 3',
      'log: it is compacted within revisions 2 to 5, of which some were left out',
    ],
  ])('is checked: %s', async (damage, finding) => {
    await writeGroups();
    const db = new Database(file);
    db.exec(damage);
    db.close();
    expect(checkStore(file).findings).toContain(finding);
  });
});

/** One step of a history, on few keys. */
type Step =
  | {
      readonly do: 'commit';
      readonly writes: readonly { readonly key: string; readonly put: boolean; readonly term: string }[];
    }
  | { readonly do: 'flush' | 'changes' | 'snapshot' }
  | { readonly do: 'list' | 'listAt' | 'compact'; readonly prefix: string; readonly back: number };

const keys = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'c'];
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      writes: fc.uniqueArray(
        fc.record({
          key: fc.constantFrom(...keys),
          put: fc.oneof(
            { weight: 4, arbitrary: fc.constant(true) },
            { weight: 1, arbitrary: fc.constant(false) },
          ),
          term: fc.constantFrom('x', 'y'),
        }),
        { selector: ({ key }) => key, minLength: 1, maxLength: 3 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('flush' as const, 'changes' as const, 'snapshot' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('list' as const, 'listAt' as const, 'listAt' as const, 'compact' as const),
      prefix: fc.constantFrom('', 'a/', 'b/', 'c'),
      back: fc.nat(8),
    }),
  },
);

/** Changes must be those of a store with its whole history, but for states that later ones of the same life replaced. */
function expectThinned(thinned: readonly Change[], whole: readonly Change[]): void {
  const states = new Map<string, Entry | null>();
  const kept = new Map(thinned.map((change) => [change.revision, change]));
  for (const { revision, key, entry, previous } of whole) {
    const change = kept.get(revision);
    if (!states.has(key)) states.set(key, previous);
    const life = (state: Entry | null | undefined) => state?.createRevision;
    if (change === undefined) {
      const later = thinned.find((other) => other.key === key && other.revision > revision);
      expect(life(entry)).toBeDefined();
      expect(life(later?.entry)).toBe(life(entry));
      continue;
    }
    expect(change.entry).toEqual(entry);
    expect(change.previous).toEqual(states.get(key));
    states.set(key, entry);
  }
  expect(thinned.at(-1)?.revision).toBe(whole.at(-1)?.revision);
}

test('what a group leaves out is all that tells the store from one with its whole history', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      fc.nat(20),
      async (steps, exactThrough) => {
        newFile();
        const store = openGrouped(exactThrough, 1_000_000);
        const whole = memoryStore();
        const settled = new Set<number>([0]);
        for (const [index, item] of steps.entries()) {
          if (item.do === 'commit') {
            const writes: Write[] = [];
            for (const { key, put, term } of item.writes) {
              const there = await whole.get(key);
              const expected =
                there === null
                  ? ({ kind: 'absent' } as const)
                  : ({ kind: 'at', modRevision: there.modRevision } as const);
              if (put)
                writes.push({ op: 'put', key, value: `${key} ${index}`, terms: [term], expect: expected });
              else writes.push({ op: 'delete', key, expect: expected });
            }
            expect(await store.commit(writes)).toEqual(await whole.commit(writes));
          } else if (item.do === 'list' || item.do === 'listAt') {
            const newest = await whole.revision();
            const at = item.do === 'list' ? 0 : Math.max(1, newest - item.back);
            if (at > newest) continue;
            const range = { prefix: item.prefix };
            const expected =
              at !== 0 && at < (await store.compacted()) ? 'compacted' : await whole.list(range, { at });
            const actual = await store.list(range, { at }).catch((error: unknown) => {
              if (error instanceof StoreError) return error.code;
              throw error;
            });
            const mayBeGone = at > exactThrough && !settled.has(at) && at !== newest;
            if (!(mayBeGone && actual === 'compacted')) expect(actual).toEqual(expected);
            if (at !== 0) settled.add(newest);
          } else if (item.do === 'compact') {
            const through = Math.max(0, (await whole.revision()) - item.back);
            const before = await store.compacted();
            await store.compact(through);
            const reached = await store.compacted();
            expect(reached).toBeLessThanOrEqual(Math.max(through, before));
            if (settled.has(through)) expect(reached).toBeGreaterThanOrEqual(through);
            settled.add(await whole.revision());
          } else {
            if (item.do === 'flush') await store.flush?.();
            else if (item.do === 'changes') {
              const after = await store.compacted();
              expectThinned(await store.changes(after), await whole.changes(after));
            } else expect(await store.snapshot()).toEqual(await whole.snapshot());
            settled.add(await whole.revision());
          }
          expect(await store.revision()).toBe(await whole.revision());
          expect(await store.getMany(keys)).toEqual(await whole.getMany(keys));
          for (const term of ['x', 'y']) {
            if (index % 4 === 0)
              expect(await store.count({ prefix: 'a/', term })).toBe(
                await whole.count({ prefix: 'a/', term }),
              );
          }
        }
        await store.close();
        expect(checkStore(file).findings).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});
