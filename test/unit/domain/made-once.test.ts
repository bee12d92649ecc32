import { expect, test } from 'vitest';
import { madeOnce } from '../../../src/domain/made-once.ts';

test('what was made of a text is made once', () => {
  const made: string[] = [];
  const boxOf = madeOnce((text) => {
    made.push(text);
    return { text };
  });
  expect(boxOf('a')).toEqual({ text: 'a' });
  expect(boxOf('b')).toEqual({ text: 'b' });
  expect(boxOf('a')).toBe(boxOf('a'));
  expect(made).toEqual(['a', 'b']);
});

test('what was made of ten thousand texts is forgotten when one more comes', () => {
  const boxOf = madeOnce((text) => ({ text }));
  const first = boxOf('0');
  for (let index = 1; index < 10_000; index += 1) boxOf(String(index));
  expect(boxOf('0')).toBe(first);
  const last = boxOf('10000');
  expect(boxOf('10000')).toBe(last);
  expect(boxOf('0')).not.toBe(first);
});
