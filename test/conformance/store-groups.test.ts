import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { SqliteStoreOptions } from '../../src/store/sqlite-open.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { create, expectStoreError, storeSuite } from './store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
let file: string;

function openGrouped(most: number, options?: SqliteStoreOptions): Store {
  const store = openSqliteStore(file, options);
  store.groupCommits?.(most);
  return store;
}

function newFile(): void {
  files += 1;
  file = join(folder, `store-${files}.db`);
}

for (const most of [1, 3, 1_000_000]) {
  storeSuite(`SQLite, in groups of ${most}`, async () => {
    newFile();
    return openGrouped(most);
  });
}

describe('grouped commits', () => {
  beforeEach(newFile);

  test('are seen by their own process at once, and by others when they are flushed', async () => {
    const store = openGrouped(1_000_000);
    const other = openSqliteStore(file);
    await store.commit([create('a')]);
    await store.commit([create('b')]);
    expect([await store.revision(), await other.revision()]).toEqual([2, 0]);
    await store.flush?.();
    expect(await other.revision()).toBe(2);
    await Promise.all([store.close(), other.close()]);
  });

  test('are not kept waiting when they are many', async () => {
    const store = openGrouped(3);
    const other = openSqliteStore(file);
    await store.commit([create('a'), create('b')]);
    await store.commit([create('c')]);
    expect(await other.revision()).toBe(3);
    await Promise.all([store.close(), other.close()]);
  });

  test('are durable when the store was closed', async () => {
    const store = openGrouped(1_000_000);
    await store.commit([create('a')]);
    await store.close();
    const again = openSqliteStore(file);
    expect((await again.get('a'))?.value).toBe('v');
    await again.close();
  });

  test('of which one is refused keep the others', async () => {
    const store = openGrouped(1_000_000);
    await store.commit([create('a')]);
    expect((await store.commit([create('b'), create('a')])).committed).toBe(false);
    await store.commit([create('c')]);
    await store.close();
    const again = openSqliteStore(file);
    expect((await again.list({ prefix: '' })).entries.map(({ key }) => key)).toEqual(['a', 'c']);
    expect(await again.revision()).toBe(2);
    await again.close();
  });

  test('end with the first failure: nothing is built on what was lost', async () => {
    const store = openGrouped(1_000_000, { maxPages: 20 });
    await store.commit([create('kept')]);
    await store.flush?.();
    await store.commit([create('lost')]);
    await expectStoreError(store.commit([create('big', 'x'.repeat(1_000_000))]), 'full');
    await expectStoreError(store.commit([create('later')]), 'full');
    await store.close().catch(() => undefined);
    const again = openSqliteStore(file);
    expect((await again.list({ prefix: '' })).entries.map(({ key }) => key)).toEqual(['kept']);
    await again.close();
  });
});
