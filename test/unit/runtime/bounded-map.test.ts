import { describe, expect, test } from 'vitest';
import { BoundedMap } from '../../../src/runtime/bounded-map.ts';

/** Which of these keys a map still has. */
const kept = (map: BoundedMap<string, number>, keys: string): string =>
  [...keys].filter((key) => map.get(key) !== undefined).join('');

describe('BoundedMap', () => {
  test('drops what came first, one by one', () => {
    const map = new BoundedMap<string, number>(2);
    for (const [at, key] of [...'abcd'].entries()) map.set(key, at);
    expect(kept(map, 'abcd')).toBe('cd');
  });

  test('a key that is set again keeps its place, and one that was deleted before gets a new one', () => {
    const map = new BoundedMap<string, number>(3);
    for (const key of 'abc') map.set(key, 1);
    map.set('a', 2);
    map.delete('b');
    map.set('b', 3);
    map.set('d', 4);
    expect(kept(map, 'abcd')).toBe('bcd');
    map.set('e', 5);
    expect(kept(map, 'abcde')).toBe('bde');
  });

  test('agrees with a plain map that is trimmed after each step', () => {
    const map = new BoundedMap<number, number>(5);
    const plain = new Map<number, number>();
    for (let step = 0; step < 2000; step += 1) {
      const key = (step * 7919) % 11;
      if (step % 3 === 0) {
        map.delete(key);
        plain.delete(key);
      } else {
        map.set(key, step);
        plain.set(key, step);
        const [oldest] = plain.keys();
        if (plain.size > 5 && oldest !== undefined) plain.delete(oldest);
      }
      for (let other = 0; other < 11; other += 1) expect(map.get(other)).toBe(plain.get(other));
    }
  });
});
