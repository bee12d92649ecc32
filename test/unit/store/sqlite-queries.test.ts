import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as sql from '../../../src/store/sqlite-queries.ts';
import { openSqliteStore } from '../../../src/store/sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-store-'));
let db: Database.Database;
beforeAll(async () => {
  const file = join(folder, 'store.db');
  await openSqliteStore(file).close();
  db = new Database(file);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** How SQLite would go about a statement, step by step. */
function plan(text: string): readonly string[] {
  const positions = text.match(/\?/g)?.length ?? 0;
  const values = positions > 0 ? Array.from({ length: positions }, () => 1) : [named];
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[];
  return steps.map((step) => step.detail);
}
const named = { from: 'a', end: 'b', term: 't', limit: 5, at: 3, through: 9 };

/** Steps that read a whole table of the store (`k` stands for a table in the range queries). */
function fullScans(text: string): readonly string[] {
  return plan(text).filter((step) => /^SCAN (log|live|terms|gaps|k|prev)\b/.test(step));
}

const shapes: readonly sql.RangeShape[] = [true, false].flatMap((inclusive) =>
  [true, false].flatMap((bounded) => [true, false].map((byTerm) => ({ inclusive, bounded, byTerm }))),
);

describe('no statement reads a whole table', () => {
  const texts = Object.entries(sql).flatMap(([name, text]) =>
    typeof text === 'string' ? [[name, text]] : [],
  );
  test.each(texts.filter(([name]) => name !== 'SNAPSHOT' && name !== 'DROP_UNUSED_FORMS'))(
    '%s',
    (_name, text = '') => {
      expect(fullScans(text)).toEqual([]);
    },
  );

  test('but the snapshot, which reads what is live', () => {
    expect(plan(sql.SNAPSHOT)).toEqual(['SCAN live', 'SEARCH log USING INTEGER PRIMARY KEY (rowid=?)']);
  });

  test('but the rare search for forms that nothing uses, which reads the log', () => {
    expect(fullScans(sql.DROP_UNUSED_FORMS)).toEqual(['SCAN log']);
  });

  test.each(shapes)('list, listAt and count of %o', (shape) => {
    expect(fullScans(sql.list(shape))).toEqual([]);
    expect(fullScans(sql.listAt(shape))).toEqual([]);
    expect(fullScans(sql.count(shape))).toEqual([]);
  });
});

test('a form is found by its pieces and by its id', () => {
  expect(plan(sql.FORM_ID)).toEqual([
    'SEARCH forms USING COVERING INDEX sqlite_autoindex_forms_1 (pieces=?)',
  ]);
  expect(plan(sql.FORM_PIECES)).toEqual(['SEARCH forms USING INTEGER PRIMARY KEY (rowid=?)']);
});

test('a writer learns what is there from two rows, and writes by keys', () => {
  expect(plan(sql.STATE)).toEqual([
    'SEARCH live USING PRIMARY KEY (key=?)',
    'SEARCH log USING INTEGER PRIMARY KEY (rowid=?)',
  ]);
  expect(plan(sql.REMOVE_LIVE)).toEqual(['SEARCH live USING PRIMARY KEY (key=?)']);
  expect(plan(sql.REMOVE_TERM)).toEqual(['SEARCH terms USING PRIMARY KEY (term=? AND key=?)']);
});

test('get reads two rows by their keys', () => {
  expect(plan(sql.GET)).toEqual([
    'SEARCH live USING PRIMARY KEY (key=?)',
    'SEARCH log USING INTEGER PRIMARY KEY (rowid=?)',
  ]);
});

test('list walks the index of its range, in order, and sorts nothing', () => {
  expect(plan(sql.list({ inclusive: true, bounded: true, byTerm: false }))).toEqual([
    'SEARCH k USING PRIMARY KEY (key>? AND key<?)',
    'SEARCH log USING INTEGER PRIMARY KEY (rowid=?)',
  ]);
  expect(plan(sql.list({ inclusive: false, bounded: true, byTerm: true }))).toEqual([
    'SEARCH k USING PRIMARY KEY (term=? AND key>? AND key<?)',
    'SEARCH live USING PRIMARY KEY (key=?)',
    'SEARCH log USING INTEGER PRIMARY KEY (rowid=?)',
  ]);
});

test('changes start at their revision', () => {
  expect(plan(sql.CHANGES)).toEqual([
    'SEARCH log USING INTEGER PRIMARY KEY (rowid>?)',
    'SEARCH prev USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
  ]);
});

test('a list at an older revision reads the log from there on only', () => {
  for (const shape of shapes) {
    expect(plan(sql.listAt(shape))).toContain('SEARCH k USING INTEGER PRIMARY KEY (rowid>?)');
  }
});
