import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/api/meta.ts';
import { jsonPath, relaxedPath } from '../../../../src/domain/jsonpath/jsonpath.ts';
import { JsonPathError } from '../../../../src/domain/jsonpath/jsonpath-error.ts';

interface Answers {
  readonly data: Json;
  readonly cases: readonly {
    readonly template: string;
    readonly allowMissing?: boolean;
    readonly output?: string;
    readonly error?: string;
  }[];
}

// What client-go's library answered to these templates; order among a map's members left to chance is not among them.
const recorded = JSON.parse(
  readFileSync(new URL('data/go-answers.json', import.meta.url), 'utf8'),
) as readonly Answers[];

test("every recorded template prints, or fails with, what kubectl's library gave", () => {
  for (const { data, cases } of recorded) {
    for (const { template, allowMissing = true, output, error } of cases) {
      const answer = (): string => jsonPath(template, { allowMissing }).text(data);
      if (error === undefined) expect(answer(), template).toBe(output);
      else expect(answer, template).toThrow(new JsonPathError(error));
    }
  }
  expect(recorded.flatMap(({ cases }) => cases).length).toBeGreaterThan(350);
});

describe('results', () => {
  test('are lists, one for each action that is not a range', () => {
    const path = jsonPath('{.a[*]} and {.b}{range .a[*]}{@}{end}', { allowMissing: true });
    expect(path.results({ a: [1, 2], b: { c: null } })).toEqual([[1, 2], [' and '], [{ c: null }], [1], [2]]);
    expect(path.find({ a: [1, 2], b: 3 })).toEqual([1, 2, ' and ', 3, 1, 2]);
  });

  test('of maps come in the order of keys, whatever the order in the object', () => {
    expect(jsonPath('{.*}', { allowMissing: true }).text({ b: 1, c: 2, a: 3 })).toBe('3 1 2');
  });

  test('do not reach what objects inherit', () => {
    expect(jsonPath('{.constructor}{.toString}', { allowMissing: true }).text({})).toBe('');
  });
});

test.each([
  ['metadata.name', '{.metadata.name}'],
  ['.metadata.name', '{.metadata.name}'],
  ['{metadata.name}', '{.metadata.name}'],
  ['{.metadata.name}', '{.metadata.name}'],
  ['', ''],
])('the path %s of a column means %s', (path, template) => {
  expect(relaxedPath(path)).toBe(template);
});

test.each(['{.a', '{.a}{.b}', '{}', 'a}'])('the path %s of a column is refused', (path) => {
  expect(() => relaxedPath(path)).toThrow(/^unexpected path string, expected a 'name1\.name2'/);
});
