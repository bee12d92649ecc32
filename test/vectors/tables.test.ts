import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runRows } from './tables-rows.ts';

test('pods, nodes and DaemonSets print the cells that the API server printed, in all 400 recorded rows', () => {
  const text = gunzipSync(readFileSync(new URL('data/tables.jsonl.gz', import.meta.url))).toString('utf8');
  const { passed, failures } = runRows(text);
  expect(failures).toEqual([]);
  expect(passed).toBe(400);
});
