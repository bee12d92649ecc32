import { describe, expect, test } from 'vitest';
import type { LabelSelector } from '../../../../src/api/meta.ts';
import {
  formatLabelSelector,
  formatLabels,
  isEmptyLabelSelector,
  matchesLabelSelector,
} from '../../../../src/domain/selectors/labels.ts';

const expression = (key: string, operator: string, ...values: readonly string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
});

test.each<[string, LabelSelector | undefined, boolean, string]>([
  ['no selector', undefined, false, '<none>'],
  ['an empty one', {}, true, '<none>'],
  ['equal labels', { matchLabels: { app: 'web' } }, true, 'app=web'],
  ['one label of two', { matchLabels: { tier: 'x', app: 'web' } }, false, 'app=web,tier=x'],
  ['In', expression('app', 'In', 'web', 'db'), true, 'app in (db,web)'],
  ['NotIn', expression('app', 'NotIn', 'web'), false, 'app notin (web)'],
  ['NotIn of a missing label', expression('tier', 'NotIn', 'x'), true, 'tier notin (x)'],
  ['Exists', expression('app', 'Exists'), true, 'app'],
  ['DoesNotExist', expression('app', 'DoesNotExist'), false, '!app'],
  ['an unknown operator', expression('app', 'Near', 'web'), false, '<none>'],
  ['both kinds', { matchLabels: { z: '1' }, ...expression('app', 'Exists') }, false, 'app,z=1'],
])('%s', (_name, selector, matches, text) => {
  expect(matchesLabelSelector(selector, { app: 'web' })).toBe(matches);
  expect(formatLabelSelector(selector)).toBe(text);
});

describe('without labels', () => {
  test('only selectors that ask for nothing match', () => {
    expect(matchesLabelSelector({ matchLabels: { a: 'b' } }, undefined)).toBe(false);
    expect(matchesLabelSelector({ matchLabels: {} }, undefined)).toBe(true);
  });
});

test.each<[LabelSelector, boolean]>([
  [{}, true],
  [{ matchLabels: {}, matchExpressions: [] }, true],
  [{ matchLabels: { a: '' } }, false],
  [expression('a', 'Exists'), false],
])('%j says nothing: %s', (selector, expected) => {
  expect(isEmptyLabelSelector(selector)).toBe(expected);
});

test('labels are printed in order', () => {
  expect(formatLabels({ b: '2', a: '1' })).toBe('a=1,b=2');
  expect(formatLabels({})).toBe('<none>');
});
