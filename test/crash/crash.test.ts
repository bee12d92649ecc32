import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { repository } from '../support/kdaemon.ts';
import { planned, runCrashes } from './harness.ts';
import { operator } from './operations.ts';
import { LANE_NAMES, parseOptions } from './options.ts';
import { reference } from './reference.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-crash-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scripts = {
  bundle: join(repository, 'dist/crash.cjs'),
  binary: join(repository, 'bin/kdaemon.js'),
};

test('two hundred killed processes lose no acknowledged write and leave none by half', async () => {
  const report = await runCrashes({ runs: 210, seed: 20_260_101, jobs: 2 }, scripts);
  expect(report.failures).toEqual([]);
  expect(report.kills).toBeGreaterThanOrEqual(200);
  expect(report.acknowledged).toBeGreaterThan(500);
}, 300_000);

describe('the harness sees', () => {
  const OPERATIONS = 60;
  let stores = 0;

  /** A store after some operations, changed by hand; what the reference says of it. */
  async function seen(tamper: string, leftOut = false): Promise<readonly string[]> {
    stores += 1;
    const file = join(folder, `${stores}.db`);
    const store = openSqliteStore(file);
    if (leftOut) store.groupCommits?.(1_000_000, 0);
    const { perform } = operator(5, store);
    for (let index = 0; index < OPERATIONS; index += 1) await perform(index);
    await store.close();
    const db = new Database(file);
    db.exec(tamper);
    db.close();
    const expected = reference(5);
    await expected.revisionAfter(OPERATIONS);
    const tampered = openSqliteStore(file);
    const differences = await expected.differences(tampered, leftOut);
    await tampered.close();
    return differences;
  }

  const lastOfLive = 'SELECT max(revision) FROM live';

  test('nothing where nothing is wrong', async () => {
    expect(await seen('')).toEqual([]);
    expect(await seen('', true)).toEqual([]);
    // Without the allowance, what a group has left out is seen.
    expect(await seen('DELETE FROM log WHERE revision IN (SELECT prev_revision FROM log)')).not.toEqual([]);
  });

  test('a deletion that is missing in the log of a store that may leave states out', async () => {
    const deletions = 'value IS NULL AND revision > (SELECT through FROM compaction)';
    const message = expect.stringMatching(/^the log has /);
    expect(await seen(`DELETE FROM log WHERE ${deletions}`, true)).toContainEqual(message);
  });

  test.each([
    ['an object that is lost', `DELETE FROM live WHERE revision = (${lastOfLive})`, / is lost$/],
    ['a value that is another', `UPDATE log SET value = '{}' WHERE revision = (${lastOfLive})`, / differs$/],
    [
      'a write that is missing in the log',
      'DELETE FROM log WHERE revision = (SELECT through + 1 FROM compaction)',
      /^the log has /,
    ],
    [
      'a write that nobody asked for',
      `INSERT INTO log SELECT max(revision) + 1, 'x', max(revision) + 1, 0, '[]', '{}' FROM log`,
      /differs$/,
    ],
  ])('%s', async (_what, tamper, message) => {
    expect(await seen(tamper)).toContainEqual(expect.stringMatching(message));
  });
});

describe('a run', () => {
  test.each([1, 12, 200, 5000])('of %i kills is split into lanes of different seeds', (runs) => {
    const lanes = planned({ runs, seed: 7, jobs: 1 });
    expect(lanes.reduce((sum, { lives }) => sum + lives, 0)).toBe(runs);
    expect(new Set(lanes.map(({ seed }) => seed)).size).toBe(lanes.length);
    if (runs >= 200) expect(new Set(lanes.map(({ name }) => name))).toEqual(new Set(LANE_NAMES));
  });

  test('of one lane has the seed that it was given, so that a failure can be replayed', () => {
    for (const only of LANE_NAMES) {
      expect(planned({ runs: 3, seed: 42, jobs: 1, only })).toEqual([{ name: only, seed: 42, lives: 3 }]);
    }
  });

  test('is told by flags', () => {
    const defaults = { runs: 200, seed: 1, jobs: 2 };
    expect(parseOptions([], defaults)).toEqual(defaults);
    const args = ['--runs', '5000', '--seed', '7', '--only', 'serve', '--jobs', '3'];
    expect(parseOptions(args, defaults)).toEqual({ runs: 5000, seed: 7, only: 'serve', jobs: 3 });
    for (const wrong of [['--runs'], ['--runs', 'x'], ['--runs', '0'], ['--only', 'all'], ['--what', '1']])
      expect(parseOptions(wrong, defaults)).toBeUndefined();
  });
});
