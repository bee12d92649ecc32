import { expect, test } from 'vitest';
import {
  type Differences,
  isLike,
  likenessOf,
  madeAlike,
  passedThrough,
  Whole,
} from '../../../../src/registry/verbs/alike.ts';

const isText = (given: unknown): boolean => typeof given === 'string';
const differences: Differences = { name: isText, of: { uid: isText }, pin: new Whole({ 0: { to: isText } }) };
const example = { name: 'a', of: { uid: 'u1', kind: 'Pod' }, pin: [{ to: 'n1', by: 'name' }], count: 1 };

test.each([
  { ...example },
  { ...example, name: 'b', of: { uid: 'u2', kind: 'Pod' }, pin: [{ to: 'n2', by: 'name' }] },
  JSON.parse(JSON.stringify(example)),
])('what differs as it may is alike: %j', (given) => {
  expect(isLike(given, likenessOf(example, differences))).toBe(true);
});

test.each([
  { ...example, name: 7 },
  { ...example, count: 2 },
  { ...example, more: true },
  { ...example, of: { uid: 'u1', kind: 'Node' } },
  { ...example, of: { kind: 'Pod', uid: 'u1' } },
  { ...example, of: null },
  { ...example, pin: [{ to: 'n1', by: 'label' }] },
  { ...example, pin: [...example.pin, { to: 'n2', by: 'name' }] },
  { ...example, pin: { 0: { to: 'n1', by: 'name' } } },
  { ...example, pin: [] },
  { name: 'a' },
  [example],
  null,
  'a',
])('everything else is not: %j', (given) => {
  expect(isLike(given, likenessOf(example, differences))).toBe(false);
});

test('what is made alike has the differences of what was given, and shares the rest with the example', () => {
  const made = { ...example, of: { ...example.of, added: 1 }, list: [1] };
  const given = { name: 'b', of: { uid: 'u2', kind: 'Pod' }, pin: [{ to: 'n2', by: 'name' }], count: 1 };
  const result = madeAlike(made, given, differences);
  expect(result).toEqual({ ...made, name: 'b', of: { uid: 'u2', kind: 'Pod', added: 1 }, pin: given.pin });
  expect(result.pin).toBe(given.pin);
  expect(result.list).toBe(made.list);
  expect(made.name).toBe('a');
});

test('a make is remembered only when what may differ came through as it was', () => {
  expect(passedThrough({ ...example, count: 2 }, example, differences)).toBe(true);
  expect(passedThrough({ ...example, name: 'A' }, example, differences)).toBe(false);
  expect(passedThrough({ ...example, pin: [...example.pin] }, example, differences)).toBe(false);
  const { name: _left, ...nameless } = example;
  expect(passedThrough(example, nameless, differences)).toBe(false);
});
