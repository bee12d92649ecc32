import { describe, expect, test } from 'vitest';
import { loadYaml } from '../../../../src/domain/yaml/load.ts';

describe('loadYaml', () => {
  test('an integer beyond 2^53 becomes the nearest number', () => {
    expect(loadYaml('a: 9007199254740993').value).toEqual({ a: 9007199254740992 });
  });

  test('values of an alias are shared', () => {
    const { value } = loadYaml('a: &x {b: 1}\nc: *x');
    const { a, c } = value as { a: unknown; c: unknown };
    expect(a).toBe(c);
  });

  test('keys that name parts of JavaScript are keys like others', () => {
    const { value } = loadYaml('__proto__: {polluted: true}\nconstructor: 1\nhasOwnProperty: 2');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'hasOwnProperty']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('keys that every object inherits are not duplicates', () => {
    expect(loadYaml('toString: 1\nvalueOf: 2\n__proto__: 3').duplicateKeys).toEqual([]);
    expect(loadYaml('__proto__: 1\n__proto__: 2').duplicateKeys).toEqual([
      'line 2: key "__proto__" already set in map',
    ]);
  });

  test('of equal keys the last counts, and each repetition is reported', () => {
    expect(loadYaml('a: 1\nb:\n  c: 1\n  c: 2\na: 3')).toEqual({
      value: { a: 3, b: { c: 2 } },
      duplicateKeys: ['line 4: key "c" already set in map', 'line 5: key "a" already set in map'],
    });
  });

  test('a closing bracket may stand under its key', () => {
    expect(loadYaml('a:\n  b: [\n    x,\n  ]\n').value).toEqual({ a: { b: ['x'] } });
  });
});

describe('input without bounds ends in one error', () => {
  const refusal = (text: string): string => {
    try {
      loadYaml(text);
      return 'read';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  test.each([
    ['brackets', '['.repeat(1_000_000)],
    ['braces', '{a: '.repeat(100_000)],
    ['dashes', '- '.repeat(1_000_000)],
    ['question marks', '? '.repeat(100_000)],
    ['indentation', Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  ])('nested by %s', (_by, text) => {
    expect(refusal(text)).toBe('yaml: exceeded max depth of 1000');
  });

  test('lists of aliases of lists of aliases', () => {
    const lines = Array.from(
      { length: 20 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join()}]`,
    );
    expect(refusal(['a0: &a0 x', ...lines].join('\n'))).toBe('yaml: document contains excessive aliasing');
  });

  test('one big mapping merged again and again', () => {
    const big = Array.from({ length: 1000 }, (_, n) => `k${n}: 1`).join();
    const merges = Array.from({ length: 10_000 }, (_, n) => `m${n}: {<<: *big}`).join('\n');
    expect(refusal(`big: &big {${big}}\n${merges}`)).toBe('yaml: document contains excessive aliasing');
  });

  test('a document of 100 MB', () => {
    expect(refusal('a: b\n'.repeat(20_000_000))).toBe(
      'yaml: a document of 100000000 characters is too long; at most 67108864 are read',
    );
  });

  test('an anchor that holds itself', () => {
    expect(refusal('a: &a [*a]')).toBe("yaml: anchor 'a' value contains itself");
  });
});
