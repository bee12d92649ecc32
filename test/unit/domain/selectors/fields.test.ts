import { describe, expect, test } from 'vitest';
import {
  formatFieldTerms,
  matchesFieldTerms,
  parseFieldSelector,
} from '../../../../src/domain/selectors/fields.ts';
import { SelectorError } from '../../../../src/domain/selectors/selector-error.ts';

describe('parseFieldSelector', () => {
  test.each([
    ['', ''],
    ['a=b', 'a=b'],
    ['a==b', 'a=b'],
    ['a!=b', 'a!=b'],
    ['a=', 'a='],
    ['a=b,c!=d', 'a=b,c!=d'],
    ['a=b,,c=d,', 'a=b,c=d'],
    ['a=b\\,c\\=d\\\\', 'a=b\\,c\\=d\\\\'],
  ])('reads %j as %j', (text, expected) => {
    expect(formatFieldTerms(parseFieldSelector(text))).toBe(expected);
  });

  test.each([
    ['a', "invalid selector: 'a'; can't understand 'a'"],
    ['a=b,c', "invalid selector: 'a=b,c'; can't understand 'c'"],
    ['a=b\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['a===b', 'invalid field selector: unescaped character in value: 61'],
  ])('refuses %j', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(new SelectorError(message));
  });
});

test.each([
  ['metadata.name=x', true],
  ['metadata.name!=x', false],
  ['status.phase=Running,metadata.name=x', true],
  ['status.phase=Running,metadata.name=y', false],
  ['spec.nodeName=', true],
  ['spec.nodeName!=n', true],
])('%j gives %s', (text, expected) => {
  const fields = { 'metadata.name': 'x', 'status.phase': 'Running' };
  expect(matchesFieldTerms(parseFieldSelector(text), fields)).toBe(expected);
});
