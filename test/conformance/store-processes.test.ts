import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { type StoreProcess, storeProcesses } from '../support/store-processes.ts';
import { create } from './store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let run: (task: string, file: string, argument?: string) => StoreProcess;
beforeAll(async () => {
  run = await storeProcesses(folder);
});

/** Lets so many processes do one task at the same moment; returns what each said. */
async function together(
  count: number,
  task: string,
  file: string,
  argument?: string,
): Promise<readonly string[][]> {
  const processes = Array.from({ length: count }, () => run(task, file, argument));
  await Promise.all(processes.map((worker) => worker.ready));
  for (const worker of processes) worker.start();
  const codes = await Promise.all(processes.map((worker) => worker.ended));
  expect(codes).toEqual(processes.map(() => 0));
  return processes.map((worker) => [...worker.lines]);
}

describe('several processes', () => {
  test('may create one store at the same moment', async () => {
    for (let round = 0; round < 4; round += 1) {
      const file = join(folder, `new-${round}`, 'store.db');
      expect(await together(6, 'open', file)).toEqual(Array.from({ length: 6 }, () => ['0']));
      const store = openSqliteStore(file);
      expect(await store.commit([create('a')])).toEqual({ committed: true, revisions: [1] });
      await store.close();
    }
  });

  test('lose no update under optimistic concurrency', async () => {
    const file = join(folder, 'counter.db');
    await together(4, 'increment', file, '200');
    const store = openSqliteStore(file);
    expect(await store.get('counter')).toMatchObject({ value: '800', createRevision: 1, modRevision: 800 });
    const changes = await store.changes(0);
    expect(changes.map((change) => Number(change.entry?.value))).toEqual(changes.map((_, i) => i + 1));
    await store.close();
  });

  test("see each other's commits at the next call", async () => {
    const file = join(folder, 'shared.db');
    const ours = openSqliteStore(file);
    const theirs = openSqliteStore(file);
    for (let i = 1; i <= 20; i += 1) {
      await (i % 2 === 0 ? ours : theirs).commit([create(`key-${i}`)]);
      expect(await ours.revision()).toBe(i);
      expect(await theirs.revision()).toBe(i);
      expect((await ours.changes(i - 1))[0]?.key).toBe(`key-${i}`);
    }
    await theirs.close();
    await ours.close();
  });

  test('may write while another one compacts', async () => {
    const file = join(folder, 'compacting.db');
    const store = openSqliteStore(file);
    for (let i = 0; i < 20; i += 1) {
      await store.commit(Array.from({ length: 500 }, (_, k) => create(`${i}/${k}`, 'x'.repeat(500))));
      if (i > 0) {
        const old = await store.list({ prefix: `${i - 1}/` });
        await store.commit(
          old.entries.map(({ key }) => ({ op: 'delete', key, expect: { kind: 'present' } }) as const),
        );
      }
    }
    const through = await store.revision();
    const worker = run('increment', file, '100');
    await worker.ready;
    worker.start();
    await store.compact(through);
    expect(await worker.ended).toBe(0);
    expect((await store.get('counter'))?.value).toBe('100');
    expect(await store.compacted()).toBe(through);
    expect(await store.count({ prefix: '19/' })).toBe(500);
    expect(await store.changes(through)).toHaveLength(100);
    await store.close();
  });
});

describe('a process that is killed while it writes', () => {
  test('loses nothing that was acknowledged, and leaves no half of a batch', async () => {
    const file = join(folder, 'killed.db');
    for (let round = 0; round < 5; round += 1) {
      const worker = run('write-forever', file, `round-${round}`);
      await worker.ready;
      worker.start();
      await worker.said(40 + round * 37);
      worker.kill();
      expect(await worker.ended).toBeNull();
      const acknowledged = worker.lines.map((line) => JSON.parse(line) as [number, number, number]);
      expect(acknowledged.length).toBeGreaterThanOrEqual(40);

      const store = openSqliteStore(file);
      for (const [i, left, right] of acknowledged) {
        expect((await store.get(`round-${round}/${i}/left`))?.modRevision).toBe(left);
        expect((await store.get(`round-${round}/${i}/right`))?.modRevision).toBe(right);
      }
      const here = { prefix: `round-${round}/` };
      expect(await store.count({ ...here, term: 'left' })).toBe(
        await store.count({ ...here, term: 'right' }),
      );
      const revisions = (await store.changes(0)).map((change) => change.revision);
      expect(revisions).toEqual(revisions.map((_, i) => i + 1));
      expect(await store.count({ prefix: '' })).toBe(await store.revision());
      await store.close();
    }
  });
});
