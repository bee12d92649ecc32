import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { valueText } from '../../src/store/form-text.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { type Entry, type Expect, type Store, StoreError, type Write } from '../../src/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The plainest store that one can write down: every state that ever was, as a map. No index, nothing undone. */
class Model {
  readonly states: ReadonlyMap<string, ModelRow>[] = [new Map()];
  readonly written: string[] = [''];
  compacted = 0;

  get newest(): number {
    return this.states.length - 1;
  }

  state(revision: number): ReadonlyMap<string, ModelRow> {
    return this.states[revision] ?? new Map();
  }

  commit(writes: readonly Write[]): unknown {
    const now = this.state(this.newest);
    const failed = writes.flatMap((write, index) => {
      const actual = now.get(write.key)?.entry ?? null;
      const holds =
        write.expect.kind === 'absent'
          ? actual === null && write.op === 'put'
          : actual !== null &&
            (write.expect.kind === 'present' || write.expect.modRevision === actual.modRevision);
      return holds ? [] : [{ index, actual }];
    });
    if (failed.length > 0) return { committed: false, failed };
    const revisions = writes.map((write) => {
      const next = new Map(this.state(this.newest));
      const revision = this.newest + 1;
      const { key } = write;
      if (write.op === 'delete') next.delete(key);
      else {
        const createRevision = next.get(key)?.entry.createRevision ?? revision;
        const value = valueText(write.value);
        const entry = { key, value, createRevision, modRevision: revision };
        next.set(key, { entry, terms: new Set(write.terms) });
      }
      this.states.push(next);
      this.written.push(key);
      return revision;
    });
    return { committed: true, revisions };
  }

  list(
    prefix: string,
    term: string | undefined,
    limit: number,
    after: string | undefined,
    at: number,
  ): unknown {
    if (at !== 0 && at < this.compacted) return 'compacted';
    if (at > this.newest) return 'future';
    const revision = at === 0 ? this.newest : at;
    const entries = [...this.state(revision).values()]
      .filter(({ entry, terms }) => entry.key.startsWith(prefix) && (term === undefined || terms.has(term)))
      .map((row) => row.entry)
      .filter(({ key }) => after === undefined || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    const more = limit > 0 && entries.length > limit;
    return { entries: more ? entries.slice(0, limit) : entries, revision, more };
  }

  changes(after: number, limit: number): unknown {
    if (after < this.compacted) return 'compacted';
    if (after > this.newest) return 'future';
    const last = limit > 0 ? Math.min(this.newest, after + limit) : this.newest;
    return Array.from({ length: last - after }, (_, i) => {
      const revision = after + 1 + i;
      const key = this.written[revision] ?? '';
      const entry = this.state(revision).get(key)?.entry ?? null;
      return { revision, key, entry, previous: this.state(revision - 1).get(key)?.entry ?? null };
    });
  }

  compact(through: number): unknown {
    if (through > this.newest) return 'future';
    this.compacted = Math.max(this.compacted, through);
    return undefined;
  }
}

interface ModelRow {
  readonly entry: Entry;
  readonly terms: ReadonlySet<string>;
}

/** What a call answers with, its StoreError's code in place of the error. */
async function answer(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
}

type Step =
  | { readonly do: 'commit'; readonly writes: readonly WriteSketch[] }
  | {
      readonly do: 'list';
      readonly prefix: string;
      readonly term: string | undefined;
      readonly limit: number;
      readonly after: string | undefined;
      readonly back: number;
    }
  | { readonly do: 'changes'; readonly back: number; readonly limit: number }
  | { readonly do: 'compact'; readonly back: number }
  | { readonly do: 'reopen' };

interface WriteSketch {
  readonly op: 'put' | 'delete';
  readonly key: string;
  readonly value: string;
  readonly terms: readonly string[];
  /** `right` expects what is there. */
  readonly expect: Expect['kind'] | 'right';
}

/** Few and entangled, so that steps meet each other; some characters are ordered differently in UTF-8 and UTF-16. */
const keys = ['a', 'a/', 'a/b', 'a/\uffff', 'a/\u{1f600}', 'a0', 'b', '\u{10ffff}', '\u{10ffff}z', ''];
const anyKey = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...keys) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);
const anyTerm = fc.constantFrom('x', 'y', 'z');
/** How far behind the newest revision; below 0 is in the future. */
const back = fc.integer({ min: -1, max: 12 });
const limit = fc.integer({ min: 0, max: 4 });

const writeSketch: fc.Arbitrary<WriteSketch> = fc.record({
  op: fc.constantFrom('put', 'put', 'delete'),
  key: anyKey,
  value: fc.string({ maxLength: 3 }),
  terms: fc.array(anyTerm, { maxLength: 3 }),
  expect: fc.oneof(
    { weight: 12, arbitrary: fc.constant('right' as const) },
    { weight: 1, arbitrary: fc.constantFrom('absent' as const, 'present' as const, 'at' as const) },
  ),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      writes: fc.uniqueArray(writeSketch, { selector: (write) => write.key, minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      prefix: fc.oneof(fc.constant(''), anyKey),
      term: fc.option(anyTerm, { nil: undefined }),
      limit,
      after: fc.option(anyKey, { nil: undefined }),
      back,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('changes' as const), back, limit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), back }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

/** The write that a sketch means in this state. */
function toWrite(sketch: WriteSketch, actual: Entry | undefined): Write {
  const kind = sketch.expect === 'right' ? (actual === undefined ? 'absent' : 'at') : sketch.expect;
  const right = sketch.expect === 'right' ? (actual?.modRevision ?? 0) : (actual?.modRevision ?? 0) - 1;
  const expected: Expect = kind === 'at' ? { kind, modRevision: right } : { kind };
  const { key, value, terms } = sketch;
  return sketch.op === 'put'
    ? { op: 'put', key, value, terms, expect: expected }
    : { op: 'delete', key, expect: expected };
}

async function agree(
  start: Store,
  steps: readonly Step[],
  reopen: (store: Store) => Promise<Store>,
): Promise<void> {
  let store = start;
  const model = new Model();
  for (const item of steps) {
    switch (item.do) {
      case 'commit': {
        const now = model.state(model.newest);
        const writes = item.writes.map((sketch) => toWrite(sketch, now.get(sketch.key)?.entry));
        expect(await answer(store.commit(writes))).toEqual(model.commit(writes));
        break;
      }
      case 'list': {
        const at = Math.max(0, model.newest - item.back);
        const range = { prefix: item.prefix, ...(item.term !== undefined && { term: item.term }) };
        const query = { limit: item.limit, at, ...(item.after !== undefined && { after: item.after }) };
        const expected = model.list(item.prefix, item.term, item.limit, item.after, at);
        expect(await answer(store.list(range, query))).toEqual(expected);
        const all = model.list(item.prefix, item.term, 0, undefined, 0) as { entries: readonly Entry[] };
        expect(await store.count(range)).toBe(all.entries.length);
        break;
      }
      case 'changes': {
        const after = Math.max(0, model.newest - item.back);
        expect(await answer(store.changes(after, item.limit))).toEqual(model.changes(after, item.limit));
        break;
      }
      case 'compact': {
        const through = Math.max(0, model.newest - item.back);
        expect(await answer(store.compact(through))).toEqual(model.compact(through));
        break;
      }
      case 'reopen':
        store = await reopen(store);
        break;
    }
    expect(await store.revision()).toBe(model.newest);
    expect(await store.compacted()).toBe(model.compacted);
  }
  const now = model.state(model.newest);
  const wanted = [...now.keys(), 'never written'];
  expect(await store.getMany(wanted)).toEqual(wanted.map((key) => now.get(key)?.entry ?? null));
  const { rows } = await store.snapshot();
  expect(
    new Map(rows.map((row) => [row.entry.key, { entry: row.entry, terms: new Set(row.terms) }])),
  ).toEqual(now);
  await store.close();
}

const histories = fc.array(step, { minLength: 1, maxLength: 60 });

test('a memory store answers as the model does, whatever is done to it', async () => {
  await fc.assert(
    fc.asyncProperty(histories, (steps) => agree(memoryStore(), steps, async (store) => store)),
    { numRuns: 400 },
  );
});

test('a SQLite store answers as the model does, whatever is done to it, opened again or not', async () => {
  let files = 0;
  await fc.assert(
    fc.asyncProperty(histories, (steps) => {
      files += 1;
      const file = join(folder, `${files}.db`);
      return agree(openSqliteStore(file), steps, async (store) => {
        await store.close();
        return openSqliteStore(file);
      });
    }),
    { numRuns: 150 },
  );
});
