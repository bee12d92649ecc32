import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runRows } from './jsonpatch-rows.ts';

test('JSON patches give what the API server gave, in all 43 recorded cases', () => {
  const { passed, failures } = runRows(readFileSync(new URL('data/jsonpatch.json', import.meta.url), 'utf8'));
  expect(failures).toEqual([]);
  expect(passed).toBe(43);
});
