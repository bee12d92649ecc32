import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runRows } from './daemonset-create-rows.ts';

test('every recorded manifest is answered as the API server answered it', async () => {
  const bytes = readFileSync(new URL('data/daemonset-create.jsonl.gz', import.meta.url));
  const { passed, failures } = await runRows(gunzipSync(bytes).toString('utf8'));
  expect(failures).toEqual([]);
  expect(passed).toBe(1302);
});
