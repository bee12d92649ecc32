import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../../../src/domain/yaml/documents.ts';

const values = (text: string): unknown[] => [...readDocuments(text)].map(({ value }) => value);

describe('readDocuments', () => {
  test('yields what is before a mistake, then throws', () => {
    const documents = readDocuments('a: 1\n---\nb: [\n---\nc: 1\n');
    expect(documents.next().value).toEqual({ value: { a: 1 }, duplicateKeys: [] });
    expect(() => documents.next()).toThrow(
      'error converting YAML to JSON: yaml: line 1: did not find expected node content',
    );
  });

  test('passes over documents of comments, of null and of nothing', () => {
    expect(values('# c\n---\n\n---\nnull\n---\na: 1\n---\n')).toEqual([{ a: 1 }]);
    expect(values('')).toEqual([]);
  });

  test('counts lines from the start of the document', () => {
    expect(() => values('a: 1\n---\nb: 1\nc: d: e\n')).toThrow(
      'yaml: line 2: mapping values are not allowed',
    );
  });

  test('stray text behind JSON is a mistake in JSON', () => {
    expect(() => values('{"a":1}\nxx')).toThrow(
      "json: offset 9: invalid character 'x' looking for beginning of value",
    );
  });

  test('offsets in JSON count bytes', () => {
    expect(() => values('{"é": "1" 2}')).toThrow(
      "json: offset 12: invalid character '2' after object key:value pair",
    );
  });

  test('JSON that nests without bounds ends in one error', () => {
    expect(() => values(`{"a":${'['.repeat(1_000_000)}`)).toThrow('json: exceeded max depth of 1000');
  });
});
