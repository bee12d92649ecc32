import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runRows } from './daemonset-sync-rows.ts';

test('one sync decides what the real controller decided, in all 700 recorded states', () => {
  const text = gunzipSync(readFileSync(new URL('data/daemonset-sync.jsonl.gz', import.meta.url))).toString(
    'utf8',
  );
  const { passed, failures } = runRows(text);
  expect(failures).toEqual([]);
  expect(passed).toBe(700);
});
