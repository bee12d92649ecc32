import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runRows } from './yaml-rows.ts';

const read = (name: string): string => readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8');

test('YAML is read, refused and written as upstream does it, in all 180 recorded cases', () => {
  const { passed, failures } = runRows(read('yaml.json'));
  expect(failures).toEqual([]);
  expect(passed).toBe(180);
});

// Recorded the same way, from sigs.k8s.io/yaml 1.6.0 and k8s.io/apimachinery 0.37.2.
test('odd YAML, broken YAML and streams of documents are read as upstream reads them, in all 561 cases', () => {
  const { passed, failures } = runRows(read('yaml-syntax.json'));
  expect(failures).toEqual([]);
  expect(passed).toBe(561);
});
