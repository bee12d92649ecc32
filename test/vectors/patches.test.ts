import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runRows } from './patches-rows.ts';

test('patches of all four types give what the API server gave, in all 278 recorded cases', async () => {
  const text = gunzipSync(readFileSync(new URL('data/patches.jsonl.gz', import.meta.url))).toString('utf8');
  const { passed, failures } = await runRows(text);
  expect(failures).toEqual([]);
  expect(passed).toBe(278);
});
