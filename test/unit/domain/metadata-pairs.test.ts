import { expect, test } from 'vitest';
import {
  applyPairs,
  overwriteProblems,
  parsePairs,
  splitChanges,
} from '../../../src/domain/metadata-pairs.ts';

test('the first change ends the resources', () => {
  expect(splitChanges(['ds', 'agent', 'a=1', 'b-'], 'label')).toEqual({
    ok: true,
    resources: ['ds', 'agent'],
    changes: ['a=1', 'b-'],
  });
  expect(splitChanges(['ds', '=x', '-'], 'label')).toMatchObject({
    resources: ['ds', '=x', '-'],
    changes: [],
  });
});

test('annotations may have = in their values, labels may not', () => {
  expect(parsePairs(['a=b=c'], 'annotations')).toEqual({ set: { a: 'b=c' }, remove: [] });
  expect(parsePairs(['a=b=c'], 'labels')).toBe('invalid label spec: a=b=c');
});

test('the same value is no overwriting', () => {
  expect(overwriteProblems({ a: '1', b: '2' }, { a: '1', b: '3' }, 'labels')).toEqual([
    "'b' already has a value (2), and --overwrite is false",
  ]);
});

test('pairs are set and removed', () => {
  expect(applyPairs({ a: '1', b: '2' }, { set: { c: '3' }, remove: ['a', 'x'] })).toEqual({ b: '2', c: '3' });
});
