import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spell } from '../../src/store/form-text.ts';
import { forkToMemory } from '../../src/store/memory-store.ts';
import {
  type Entry,
  type FormText,
  type Store,
  StoreError,
  type StoreErrorCode,
  type Write,
} from '../../src/store/store.ts';

/** A put that expects an absent key, with the value `v` unless said. */
export function create(key: string, value: string | FormText = 'v', terms: readonly string[] = []): Write {
  return { op: 'put', key, value, terms, expect: { kind: 'absent' } };
}

/** A put that expects the key, at any revision or at `modRevision`. */
export function replace(
  key: string,
  value: string | FormText,
  options: { terms?: readonly string[]; at?: number } = {},
): Write {
  const expected = options.at === undefined ? ({ kind: 'present' } as const) : at(options.at);
  return { op: 'put', key, value, terms: options.terms ?? [], expect: expected };
}

/** A delete that expects the key, at any revision or at `modRevision`. */
export function remove(key: string, modRevision?: number): Write {
  return { op: 'delete', key, expect: modRevision === undefined ? { kind: 'present' } : at(modRevision) };
}

function at(modRevision: number): { readonly kind: 'at'; readonly modRevision: number } {
  return { kind: 'at', modRevision };
}

/** Holds a promise to fail with this code, in one line. */
export async function expectStoreError(promise: Promise<unknown>, code: StoreErrorCode): Promise<StoreError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  if (!(error instanceof StoreError)) throw new Error('not a StoreError');
  expect({ code: error.code, message: error.message }).toEqual({
    code,
    message: expect.stringMatching(/^.+$/),
  });
  return error;
}

/** What every engine must do. `open` gives a new, empty store; the suite closes it. */
export function storeSuite(engine: string, open: () => Promise<Store>): void {
  describe(`${engine} store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const keys = async (prefix: string, query = {}, term?: string): Promise<readonly string[]> =>
      (await store.list(term === undefined ? { prefix } : { prefix, term }, query)).entries.map(
        (entry) => entry.key,
      );

    test('answers the same at once, now and in the past, where it can', async () => {
      await store.commit([create('a/1', 'one', ['t']), create('a/2', 'two'), create('b', 'three', ['t'])]);
      await store.commit([replace('a/1', 'four'), remove('b')]);
      const { atOnce } = store;
      if (atOnce === undefined) return;
      for (const key of ['a/1', 'a/2', 'b']) expect(atOnce.get(key)).toEqual(await store.get(key));
      for (const at of [0, 3, 4]) {
        for (const range of [{ prefix: '' }, { prefix: 'a/' }, { prefix: '', term: 't' }]) {
          const query = { at, limit: 1 };
          expect(atOnce.list(range, query)).toEqual(await store.list(range, query));
        }
      }
      expect(atOnce.list({ prefix: '', term: 't' }, { at: 3 }).entries).toHaveLength(2);
    });

    describe('commit', () => {
      test('counts revisions from 1, without gaps, in the order of the batch', async () => {
        expect(await store.revision()).toBe(0);
        expect(await store.commit([create('b'), create('a'), create('c')])).toEqual({
          committed: true,
          revisions: [1, 2, 3],
        });
        expect(await store.commit([remove('a')])).toEqual({ committed: true, revisions: [4] });
        expect(await store.revision()).toBe(4);
      });

      test('keeps the create revision through updates and renews it after a deletion', async () => {
        await store.commit([create('a', 'one')]);
        await store.commit([replace('a', 'two')]);
        expect(await store.get('a')).toEqual({
          key: 'a',
          value: 'two',
          createRevision: 1,
          modRevision: 2,
        });
        await store.commit([remove('a')]);
        expect(await store.get('a')).toBeNull();
        await store.commit([create('a', 'three')]);
        expect(await store.get('a')).toEqual({
          key: 'a',
          value: 'three',
          createRevision: 4,
          modRevision: 4,
        });
      });

      test('writes nothing of a batch with a failing write, and burns no revision', async () => {
        await store.commit([create('a', 'kept')]);
        const result = await store.commit([create('b'), replace('a', 'lost'), remove('c')]);
        expect(result.committed).toBe(false);
        expect((await store.list({ prefix: '' })).entries).toEqual([
          { key: 'a', value: 'kept', createRevision: 1, modRevision: 1 },
        ]);
        expect(await store.changes(1)).toEqual([]);
        expect(await store.commit([create('b')])).toEqual({ committed: true, revisions: [2] });
      });

      test('names every failing write, with what is there instead', async () => {
        await store.commit([create('a', 'A'), create('b', 'B')]);
        const entryA = { key: 'a', value: 'A', createRevision: 1, modRevision: 1 };
        const entryB = { key: 'b', value: 'B', createRevision: 2, modRevision: 2 };
        expect(
          await store.commit([
            create('a'),
            create('new'),
            replace('b', 'x', { at: 1 }),
            remove('gone'),
            remove('c', 3),
          ]),
        ).toEqual({
          committed: false,
          failed: [
            { index: 0, actual: entryA },
            { index: 2, actual: entryB },
            { index: 3, actual: null },
            { index: 4, actual: null },
          ],
        });
      });

      test.each<[string, Write, boolean]>([
        ['put, absent, of an absent key', create('new'), true],
        ['put, absent, of a live key', create('live'), false],
        ['put, absent, of a deleted key', create('dead'), true],
        ['put, present, of a live key', replace('live', 'x'), true],
        ['put, present, of an absent key', replace('new', 'x'), false],
        ['put, present, of a deleted key', replace('dead', 'x'), false],
        ['put at the right revision', replace('live', 'x', { at: 2 }), true],
        ['put at an old revision', replace('live', 'x', { at: 1 }), false],
        ['put at a newer revision', replace('live', 'x', { at: 3 }), false],
        ['put at the revision of a deletion', replace('dead', 'x', { at: 4 }), false],
        ['put of an absent key at revision 0', replace('new', 'x', { at: 0 }), false],
        ['delete, present, of a live key', remove('live'), true],
        ['delete, present, of an absent key', remove('new'), false],
        ['delete at the right revision', remove('live', 2), true],
        ['delete at an old revision', remove('live', 1), false],
        ['delete, absent, of an absent key', { op: 'delete', key: 'new', expect: { kind: 'absent' } }, false],
        ['delete, absent, of a live key', { op: 'delete', key: 'live', expect: { kind: 'absent' } }, false],
      ])('checks %s', async (_name, write, committed) => {
        await store.commit([create('live')]);
        await store.commit([replace('live', 'two')]);
        await store.commit([create('dead')]);
        await store.commit([remove('dead')]);
        expect((await store.commit([write])).committed).toBe(committed);
        expect(await store.revision()).toBe(committed ? 5 : 4);
      });

      test('refuses a batch that writes a key twice', async () => {
        await expect(store.commit([create('a'), create('b'), create('a')])).rejects.toThrow(RangeError);
        expect(await store.revision()).toBe(0);
      });

      test('takes an empty batch as done', async () => {
        expect(await store.commit([])).toEqual({ committed: true, revisions: [] });
        expect(await store.revision()).toBe(0);
      });

      test('keeps any text as it is', async () => {
        const texts = [
          '',
          ' ',
          'ü€😀',
          '\u0001',
          '\u00011\u001fx',
          'a\u001fb',
          '\0',
          'a\0b',
          '"\\\n\t',
          '\uffff',
          'x'.repeat(100_000),
        ];
        const writes = texts.map((text, i) => create(`${text.slice(0, 10)}${i}`, text, [text, `${text}2`]));
        await store.commit(writes);
        for (const [i, text] of texts.entries()) {
          const key = `${text.slice(0, 10)}${i}`;
          expect((await store.get(key))?.value).toBe(text);
          expect(await keys('', {}, text)).toEqual([key]);
        }
      });
    });

    describe('a value that is given by its form', () => {
      const pieces = ['{"name":', ',"node":', '}'];
      const form = (name: string, node: string): FormText => ({ pieces, fills: [name, node] });
      const spelled = (name: string, node: string): string => `{"name":${name},"node":${node}}`;
      const put = (key: string, value: FormText): Write => create(key, value);

      test('reads back as the text that it spells, wherever values are read', async () => {
        await store.commit([put('a', form('1', 'x')), put('b', form('2', 'y')), put('c', form('', 'ü'))]);
        await store.commit([replace('b', form('3', 'z'))]);
        const texts = [spelled('1', 'x'), spelled('3', 'z'), spelled('', 'ü')];
        const valuesOf = (entries: readonly (Entry | null)[]) => entries.map((entry) => entry?.value);
        expect(valuesOf(await store.getMany(['a', 'b', 'c']))).toEqual(texts);
        expect(valuesOf((await store.list({ prefix: '' })).entries)).toEqual(texts);
        expect(valuesOf((await store.list({ prefix: '' }, { at: 3 })).entries)[1]).toBe(spelled('2', 'y'));
        expect(valuesOf((await store.snapshot()).rows.map(({ entry }) => entry))).toEqual(texts);
        const [last] = await store.changes(3);
        expect([last?.entry?.value, last?.previous?.value]).toEqual([spelled('3', 'z'), spelled('2', 'y')]);
      });

      test('keeps its form, if at all, whole', async () => {
        await store.commit([put('a', form('1', 'x')), put('b', form('2', 'y')), put('c', form('3', 'z'))]);
        for (const entry of (await store.list({ prefix: '' })).entries) {
          if (entry.form !== undefined) expect(spell(entry.form)).toBe(entry.value);
        }
      });

      test('may hold any text in its pieces and fills', async () => {
        const odd = ['\u0001', '\u001f', '', '\u00010\u001fx', '\0'];
        const values = odd.flatMap((text) => [
          { pieces: [text, text], fills: [text] },
          { pieces: [text, 'b', text], fills: ['1', '2'] },
          { pieces: [text], fills: [] },
        ]);
        const doubled = [...values, ...values];
        await store.commit(doubled.map((value, i) => put(`k${i}`, value)));
        for (const [i, value] of doubled.entries())
          expect((await store.get(`k${i}`))?.value).toBe(spell(value));
      });
    });

    describe('reads', () => {
      test('getMany answers in the order of the keys, doubled and absent ones too', async () => {
        await store.commit([create('a', 'A'), create('b', 'B')]);
        const found = await store.getMany(['b', 'none', 'a', 'b']);
        expect(found.map((entry) => entry?.value ?? null)).toEqual(['B', null, 'A', 'B']);
        expect(await store.getMany([])).toEqual([]);
      });

      test('list gives the keys of a prefix in ascending order, with their revisions', async () => {
        await store.commit([create('p/b', '2'), create('p/a', '1'), create('q', '3'), create('o', '4')]);
        expect(await store.list({ prefix: 'p/' })).toEqual({
          entries: [
            { key: 'p/a', value: '1', createRevision: 2, modRevision: 2 },
            { key: 'p/b', value: '2', createRevision: 1, modRevision: 1 },
          ],
          revision: 4,
          more: false,
        });
        expect(await keys('')).toEqual(['o', 'p/a', 'p/b', 'q']);
        expect(await keys('p')).toEqual(['p/a', 'p/b']);
        expect(await keys('none')).toEqual([]);
        expect(await store.list({ prefix: '' }, { after: 'z' })).toEqual({
          entries: [],
          revision: 4,
          more: false,
        });
      });

      test('list orders keys by their UTF-8 bytes', async () => {
        const ordered = [
          '',
          '\0',
          '-',
          '/',
          '0',
          'A',
          'a',
          'a-',
          'a/',
          'aa',
          '\xe9',
          '\ud7ff',
          '\ue000',
          '\uffff',
          '\u{1f600}',
        ];
        await store.commit(ordered.toReversed().map((key) => create(key)));
        expect(await keys('')).toEqual(ordered);
        for (const [i, key] of ordered.entries()) {
          expect(await keys('', { after: key })).toEqual(ordered.slice(i + 1));
        }
      });

      test.each([
        ['a slash', 'a/', ['a/', 'a/b', 'a/\u{10ffff}'], ['a', 'a.', 'a0', 'b']],
        [
          'nothing that a pattern would take for a wildcard',
          'a%_*',
          ['a%_*', 'a%_*b'],
          ['a%_b', 'abc', 'A%_*'],
        ],
        [
          'the last character before the surrogates',
          'a\ud7ff',
          ['a\ud7ff', 'a\ud7ffz'],
          ['a\ue000', 'a\u{10000}', 'b'],
        ],
        [
          'the last character of the basic plane',
          'a\uffff',
          ['a\uffff', 'a\uffffz'],
          ['a\ufffe', 'a\u{10000}', 'b'],
        ],
        [
          'the last character of all',
          'a\u{10ffff}',
          ['a\u{10ffff}', 'a\u{10ffff}z'],
          ['a', 'a\u{10fffe}', 'b'],
        ],
        ['nothing but the last character', '\u{10ffff}', ['\u{10ffff}', '\u{10ffff}z'], ['\u{10fffe}', 'z']],
      ])(
        'list and count take the prefix literally when it ends with %s',
        async (_name, prefix, inside, outside) => {
          await store.commit([...outside, ...inside].map((key) => create(key, '', ['t'])));
          expect(await keys(prefix)).toEqual(inside);
          expect(await keys(prefix, {}, 't')).toEqual(inside);
          expect(await store.count({ prefix })).toBe(inside.length);
          expect(await store.count({ prefix, term: 't' })).toBe(inside.length);
        },
      );

      test('list stops at the limit, says whether there is more, and goes on after a key', async () => {
        await store.commit(['a', 'b', 'c', 'd', 'e'].map((key) => create(`p/${key}`)));
        await store.commit([create('q')]);
        const page = async (after?: string): Promise<readonly [readonly string[], boolean]> => {
          const listing = await store.list(
            { prefix: 'p/' },
            after === undefined ? { limit: 2 } : { limit: 2, after },
          );
          return [listing.entries.map((entry) => entry.key), listing.more];
        };
        expect(await page()).toEqual([['p/a', 'p/b'], true]);
        expect(await page('p/b')).toEqual([['p/c', 'p/d'], true]);
        expect(await page('p/bb')).toEqual([['p/c', 'p/d'], true]);
        expect(await page('p/d')).toEqual([['p/e'], false]);
        expect(await page('p/c')).toEqual([['p/d', 'p/e'], false]);
        expect(await page('p/e')).toEqual([[], false]);
        expect(await page('a')).toEqual([['p/a', 'p/b'], true]);
        expect(await keys('p/', { limit: 0 })).toHaveLength(5);
        expect(await keys('p/', { limit: 5 })).toHaveLength(5);
      });

      test('list and count by term follow the newest put', async () => {
        await store.commit([
          create('a', '', ['x', 'y']),
          create('b', '', ['x']),
          create('pa', '', ['x', 'x']),
          create('c'),
        ]);
        expect(await keys('', {}, 'x')).toEqual(['a', 'b', 'pa']);
        expect(await keys('p', {}, 'x')).toEqual(['pa']);
        expect(await keys('', { limit: 1, after: 'a' }, 'x')).toEqual(['b']);
        expect(await store.count({ prefix: '', term: 'x' })).toBe(3);

        await store.commit([
          replace('a', '', { terms: ['z', 'y'] }),
          remove('b'),
          replace('c', '', { terms: ['x'] }),
        ]);
        expect(await keys('', {}, 'x')).toEqual(['c', 'pa']);
        expect(await keys('', {}, 'y')).toEqual(['a']);
        expect(await keys('', {}, 'z')).toEqual(['a']);
        expect(await store.count({ prefix: '', term: 'x' })).toBe(2);
        expect(await store.count({ prefix: 'p', term: 'x' })).toBe(1);
        expect(await store.count({ prefix: '', term: 'none' })).toBe(0);
        await store.commit([create('b')]);
        expect(await keys('', {}, 'x')).toEqual(['c', 'pa']);
      });

      test('count counts live keys', async () => {
        await store.commit([create('p/a'), create('p/b'), create('q')]);
        await store.commit([remove('p/a')]);
        expect(await store.count({ prefix: 'p/' })).toBe(1);
        expect(await store.count({ prefix: '' })).toBe(2);
      });
    });

    describe('an older revision', () => {
      beforeEach(async () => {
        await store.commit([create('a', 'a1', ['x']), create('b', 'b2', ['x']), create('c', 'c3')]);
        await store.commit([replace('a', 'a4', { terms: ['y'] })]);
        await store.commit([remove('b')]);
        await store.commit([create('d', 'd6', ['x'])]);
        await store.commit([create('b', 'b7')]);
      });

      const values = async (revision: number, query = {}, term?: string): Promise<readonly string[]> => {
        const listing = await store.list(term === undefined ? { prefix: '' } : { prefix: '', term }, {
          ...query,
          at: revision,
        });
        expect(listing.revision).toBe(revision);
        return listing.entries.map((entry) => entry.value);
      };

      test('lists what was there then', async () => {
        expect(await values(1)).toEqual(['a1']);
        expect(await values(3)).toEqual(['a1', 'b2', 'c3']);
        expect(await values(4)).toEqual(['a4', 'b2', 'c3']);
        expect(await values(5)).toEqual(['a4', 'c3']);
        expect(await values(6)).toEqual(['a4', 'c3', 'd6']);
        expect(await values(7)).toEqual(['a4', 'b7', 'c3', 'd6']);
        const [entry] = (await store.list({ prefix: 'b' }, { at: 4 })).entries;
        expect(entry).toEqual({ key: 'b', value: 'b2', createRevision: 2, modRevision: 2 });
      });

      test('lists by the terms of then', async () => {
        expect(await values(3, {}, 'x')).toEqual(['a1', 'b2']);
        expect(await values(4, {}, 'x')).toEqual(['b2']);
        expect(await values(4, {}, 'y')).toEqual(['a4']);
        expect(await values(6, {}, 'x')).toEqual(['d6']);
      });

      test('lists page by page', async () => {
        expect(await values(4, { limit: 2 })).toEqual(['a4', 'b2']);
        expect(await values(4, { limit: 2, after: 'b' })).toEqual(['c3']);
        expect((await store.list({ prefix: '' }, { at: 4, limit: 2 })).more).toBe(true);
        expect((await store.list({ prefix: '' }, { at: 4, limit: 3 })).more).toBe(false);
        expect((await store.list({ prefix: 'b' }, { at: 4, limit: 1 })).more).toBe(false);
      });

      test('0 is now', async () => {
        const listing = await store.list({ prefix: '' }, { at: 0 });
        expect(listing.revision).toBe(7);
        expect(listing.entries).toHaveLength(4);
      });

      test('that does not exist yet is refused', async () => {
        await expectStoreError(store.list({ prefix: '' }, { at: 8 }), 'future');
      });
    });

    describe('changes', () => {
      const summary = async (after: number, limit?: number): Promise<readonly unknown[]> =>
        (await store.changes(after, limit)).map((change) => [
          change.revision,
          change.key,
          change.entry?.value ?? null,
          change.previous?.value ?? null,
        ]);

      test('tells each write with the states before and after it', async () => {
        await store.commit([create('a', '1')]);
        await store.commit([replace('a', '2')]);
        await store.commit([remove('a')]);
        await store.commit([create('a', '4')]);
        expect(await store.changes(0)).toEqual([
          {
            revision: 1,
            key: 'a',
            entry: { key: 'a', value: '1', createRevision: 1, modRevision: 1 },
            previous: null,
          },
          {
            revision: 2,
            key: 'a',
            entry: { key: 'a', value: '2', createRevision: 1, modRevision: 2 },
            previous: { key: 'a', value: '1', createRevision: 1, modRevision: 1 },
          },
          {
            revision: 3,
            key: 'a',
            entry: null,
            previous: { key: 'a', value: '2', createRevision: 1, modRevision: 2 },
          },
          {
            revision: 4,
            key: 'a',
            entry: { key: 'a', value: '4', createRevision: 4, modRevision: 4 },
            previous: null,
          },
        ]);
      });

      test('start after a revision and stop at the limit', async () => {
        await store.commit(['a', 'b', 'c', 'd'].map((key) => create(key, key)));
        expect(await summary(2)).toEqual([
          [3, 'c', 'c', null],
          [4, 'd', 'd', null],
        ]);
        expect(await summary(1, 2)).toEqual([
          [2, 'b', 'b', null],
          [3, 'c', 'c', null],
        ]);
        expect(await summary(3, 0)).toHaveLength(1);
        expect(await summary(4)).toEqual([]);
      });

      test('after a revision that does not exist yet are refused', async () => {
        expect(await store.changes(0)).toEqual([]);
        await expectStoreError(store.changes(1), 'future');
      });
    });

    describe('compact', () => {
      beforeEach(async () => {
        await store.commit([create('a', 'a1', ['x']), create('b', 'b2'), create('c', 'c3')]);
        await store.commit([replace('a', 'a4', { terms: ['y'] })]);
        await store.commit([remove('b')]);
        await store.commit([replace('a', 'a6')]);
        await store.commit([remove('c')]);
      });

      test('forgets changes up to a revision and keeps what is live', async () => {
        expect(await store.compacted()).toBe(0);
        await store.compact(5);
        expect(await store.compacted()).toBe(5);
        await expectStoreError(store.changes(4), 'compacted');
        await expectStoreError(store.list({ prefix: '' }, { at: 4 }), 'compacted');
        expect((await store.changes(5)).map((change) => change.revision)).toEqual([6, 7]);
        expect(await keys('')).toEqual(['a']);
        expect(await store.get('a')).toEqual({ key: 'a', value: 'a6', createRevision: 1, modRevision: 6 });
      });

      test('keeps the state as of its revision and the previous states of later changes', async () => {
        await store.compact(5);
        const listing = await store.list({ prefix: '' }, { at: 5 });
        expect(listing.entries.map((entry) => entry.value)).toEqual(['a4', 'c3']);
        expect(await keys('', { at: 5 }, 'y')).toEqual(['a']);
        expect((await store.changes(5)).map((change) => change.previous?.value)).toEqual(['a4', 'c3']);
      });

      test('through the newest revision leaves nothing but what is live, and revisions go on', async () => {
        await store.compact(7);
        expect(await store.changes(7)).toEqual([]);
        expect(await store.revision()).toBe(7);
        expect(await store.commit([create('b', 'b8')])).toEqual({ committed: true, revisions: [8] });
        expect((await store.changes(7)).map((change) => change.previous)).toEqual([null]);
        await store.compact(8);
        expect(await keys('')).toEqual(['a', 'b']);
        expect(await store.compacted()).toBe(8);
      });

      test('of what is compacted already does nothing', async () => {
        await store.compact(5);
        await store.compact(3);
        expect(await store.compacted()).toBe(5);
        await store.compact(0);
        expect(await store.compacted()).toBe(5);
      });

      test('through a revision that does not exist yet is refused', async () => {
        await expectStoreError(store.compact(8), 'future');
        expect(await store.compacted()).toBe(0);
      });

      test('works over thousands of revisions', async () => {
        for (let round = 0; round < 5; round += 1) {
          const at = await store.list({ prefix: 'many/' });
          await store.commit(
            Array.from({ length: 700 }, (_, i) =>
              at.entries.length === 0 ? create(`many/${i}`, `0`) : replace(`many/${i}`, `${round}`),
            ),
          );
        }
        const newest = await store.revision();
        await store.compact(newest - 1);
        expect(await store.compacted()).toBe(newest - 1);
        const listing = await store.list({ prefix: 'many/' });
        expect(listing.entries).toHaveLength(700);
        expect(new Set(listing.entries.map((entry) => entry.value))).toEqual(new Set(['4']));
        expect(await store.changes(newest - 1)).toHaveLength(1);
      });
    });

    describe('onCommit', () => {
      const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

      test('calls after a commit until it is undone', async () => {
        let first = 0;
        let second = 0;
        const undo = store.onCommit(() => {
          first += 1;
        });
        store.onCommit(() => {
          second += 1;
        });
        await store.commit([create('a')]);
        await settle();
        expect([first, second]).toEqual([1, 1]);
        undo();
        undo();
        await store.commit([create('b')]);
        await settle();
        expect([first, second]).toEqual([1, 2]);
      });

      test('is silent when nothing was written', async () => {
        let calls = 0;
        store.onCommit(() => {
          calls += 1;
        });
        await store.commit([remove('none')]);
        await store.commit([]);
        await settle();
        expect(calls).toBe(0);
      });
    });

    describe('a snapshot', () => {
      test('holds what is live, with its terms, in order', async () => {
        await store.commit([create('b', 'B', ['y', 'x', 'y']), create('a', 'A'), create('c')]);
        await store.commit([remove('c')]);
        expect(await store.snapshot()).toEqual({
          revision: 4,
          rows: [
            { entry: { key: 'a', value: 'A', createRevision: 2, modRevision: 2 }, terms: [] },
            { entry: { key: 'b', value: 'B', createRevision: 1, modRevision: 1 }, terms: ['x', 'y'] },
          ],
        });
      });

      test('becomes a store in memory that goes its own way', async () => {
        await store.commit([create('a', 'A', ['x']), create('b')]);
        await store.commit([remove('b')]);
        const fork = await forkToMemory(store);
        expect(await fork.list({ prefix: '', term: 'x' })).toEqual(
          await store.list({ prefix: '', term: 'x' }),
        );
        expect(await fork.revision()).toBe(3);
        expect(await fork.compacted()).toBe(3);
        expect(await fork.changes(3)).toEqual([]);
        await expectStoreError(fork.changes(2), 'compacted');

        expect(await fork.commit([replace('a', 'fork', { at: 1 })])).toEqual({
          committed: true,
          revisions: [4],
        });
        expect((await store.get('a'))?.value).toBe('A');
        await store.commit([create('only here')]);
        expect(await fork.get('only here')).toBeNull();
        expect((await fork.changes(3)).map((change) => change.previous?.value)).toEqual(['A']);
        await fork.close();
        expect(await store.revision()).toBe(4);
      });
    });

    test('refuses everything but close once it is closed', async () => {
      await store.commit([create('a')]);
      await store.close();
      await store.close();
      await expectStoreError(store.get('a'), 'closed');
      await expectStoreError(store.getMany(['a']), 'closed');
      await expectStoreError(store.list({ prefix: '' }), 'closed');
      await expectStoreError(store.count({ prefix: '' }), 'closed');
      await expectStoreError(store.commit([create('b')]), 'closed');
      await expectStoreError(store.commit([]), 'closed');
      await expectStoreError(store.changes(0), 'closed');
      await expectStoreError(store.revision(), 'closed');
      await expectStoreError(store.compacted(), 'closed');
      await expectStoreError(store.compact(1), 'closed');
      await expectStoreError(store.snapshot(), 'closed');
    });
  });
}
