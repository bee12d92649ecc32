import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { storeSuite } from './store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let stores = 0;
storeSuite('sqlite', async () => {
  stores += 1;
  return openSqliteStore(join(folder, `${stores}.db`));
});
storeSuite('memory', async () => memoryStore());
