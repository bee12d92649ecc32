import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runRows } from './jsonpath-rows.ts';

test('JSONPath templates print what kubectl prints, in all 53 recorded cases', () => {
  const { passed, failures } = runRows(readFileSync(new URL('data/jsonpath.json', import.meta.url), 'utf8'));
  expect(failures).toEqual([]);
  expect(passed).toBe(53);
});
