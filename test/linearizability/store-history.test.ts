import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StoreProcess, storeProcesses } from '../support/store-processes.ts';
import { violations } from './checker.ts';
import type { Operation } from './history.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-history-'));
afterAll(() => rmSync(folder, { recursive: true }));

let run: (task: string, file: string, argument?: string) => StoreProcess;
beforeAll(async () => {
  run = await storeProcesses(folder);
});

/**
 * The operations that a process has told of: a line when it asks, and a line when it is answered. What it asked last,
 * and died before the answer, has none.
 */
function operationsOf(lines: readonly string[]): readonly Operation[] {
  const operations: Operation[] = [];
  let asked: Pick<Operation, 'key' | 'asked' | 'called'> | undefined;
  for (const line of lines) {
    const told = JSON.parse(line) as Pick<Operation, 'key' | 'asked' | 'called' | 'answer' | 'returned'>;
    if (told.answer === undefined) asked = told;
    else if (asked !== undefined) {
      operations.push({ ...asked, answer: told.answer, returned: told.returned });
      asked = undefined;
    }
  }
  if (asked !== undefined) operations.push({ ...asked, answer: 'none', returned: Infinity });
  return operations;
}

test('what six processes see of one store has one order', async () => {
  const file = join(folder, 'shared.db');
  const processes = Array.from({ length: 6 }, (_, seed) => run('history', file, `${seed} 150`));
  await Promise.all(processes.map(({ ready }) => ready));
  for (const { start } of processes) start();
  expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual([0, 0, 0, 0, 0, 0]);
  const history = processes.flatMap(({ lines }) => operationsOf(lines));
  expect(history).toHaveLength(900);
  expect(overlapping(history)).toBeGreaterThan(20);
  expect(violations(history)).toEqual([]);
});

test('so has what processes see some of which are killed', async () => {
  const file = join(folder, 'killed.db');
  const processes = Array.from({ length: 6 }, (_, seed) => run('history', file, `${seed} 150`));
  await Promise.all(processes.map(({ ready }) => ready));
  for (const { start } of processes) start();
  await Promise.all(
    processes.slice(0, 3).map(async ({ said, kill, ended }, index) => {
      await said(31 + index * 30);
      kill();
      expect(await ended).toBeNull();
    }),
  );
  await Promise.all(processes.map(({ ended }) => ended));
  const history = processes.flatMap(({ lines }) => operationsOf(lines));
  expect(history.length).toBeGreaterThan(450);
  expect(violations(history)).toEqual([]);
});

/** How many operations ran at the same time as another one of their key. */
function overlapping(history: readonly Operation[]): number {
  return history.filter((one) =>
    history.some(
      (other) =>
        other !== one && other.key === one.key && other.called < one.returned && one.called < other.returned,
    ),
  ).length;
}
