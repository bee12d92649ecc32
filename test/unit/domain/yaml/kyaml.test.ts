import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Dumpable, dumpYaml } from '../../../../src/domain/yaml/dump.ts';
import { dumpKyaml } from '../../../../src/domain/yaml/kyaml.ts';
import { loadYaml } from '../../../../src/domain/yaml/load.ts';

// What the encoder that kubectl uses wrote for these values.
const recorded = JSON.parse(
  readFileSync(new URL('data/kyaml-answers.json', import.meta.url), 'utf8'),
) as readonly { readonly value: Dumpable; readonly output: string }[];

test("every recorded value is written as kubectl's encoder wrote it", () => {
  for (const { value, output } of recorded) expect(dumpKyaml(value)).toBe(output);
  expect(recorded.length).toBeGreaterThan(140);
});

test('what is written reads as the same value again', () => {
  const value = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', labels: { 'app.kubernetes.io/name': 'x', on: 'y', '1': 'no' } },
    data: { script: '#!/bin/sh\n\n  echo "$1"\n', empty: '', 'a b': "it's" },
    list: [[], {}, [1, [2.5, null]], [{ a: true }, { b: [] }]],
  };
  expect(loadYaml(dumpKyaml(value))).toEqual(loadYaml(dumpYaml(value)));
});

test('members that are undefined are left out', () => {
  expect(dumpKyaml({ a: undefined, b: { c: undefined } })).toBe('---\n{\n  b: {},\n}\n');
});
