import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dumpYaml } from '../../../../src/domain/yaml/dump.ts';
import { loadYaml } from '../../../../src/domain/yaml/load.ts';

describe('dumpYaml', () => {
  test('lists stand under their key without indentation, and keys in Go’s order', () => {
    expect(dumpYaml({ b: [{ y: 1, x: [1, [2]] }], a10: 1, a2: 2, Z: 3, _: 4 })).toBe(
      '_: 4\nZ: 3\na2: 2\na10: 1\nb:\n- x:\n  - 1\n  - - 2\n  "y": 1\n',
    );
  });

  test('a scalar, an empty list and an empty object stand alone', () => {
    expect([dumpYaml('x'), dumpYaml(null), dumpYaml([]), dumpYaml({}), dumpYaml('a\nb')]).toEqual([
      'x\n',
      'null\n',
      '[]\n',
      '{}\n',
      '|-\n  a\n  b\n',
    ]);
  });

  test('members that are undefined are left out, and a collection of nothing else is empty', () => {
    expect(dumpYaml({ a: undefined, b: 1, c: { d: undefined } })).toBe('b: 1\nc: {}\n');
  });

  test('long text folds at spaces after column 80, in each style', () => {
    const words = Array(20).fill('word').join(' ');
    expect(dumpYaml({ k: `${words} end` })).toBe(`k: ${words.slice(0, 79)}\n  word word word word end\n`);
    expect(dumpYaml({ k: `- ${words}` })).toBe(`k: '- ${words.slice(0, 79)}\n  word word word word'\n`);
    expect(dumpYaml({ k: `\t ${words}` })).toBe(
      `k: "\\t ${words.slice(0, 74)}\n  word word word word word"\n`,
    );
  });

  test('a key of more than 128 bytes gets a question mark', () => {
    const key = 'k'.repeat(129);
    expect(dumpYaml({ [key]: { a: 1 } })).toBe(`? ${key}\n: a: 1\n`);
    expect(dumpYaml({ [key.slice(1)]: 1 })).toBe(`${key.slice(1)}: 1\n`);
  });

  test('numbers are written as Go writes them', () => {
    expect(dumpYaml([1, -0, 1.5, 1e6 + 0.5, 1e20, 1e-7, 2 ** 53, 12345678901234567890n])).toBe(
      '- 1\n- 0\n- 1.5\n- 1.0000005e+06\n- 1e+20\n- 1e-07\n- 9007199254740992\n- 12345678901234567890\n',
    );
  });
});

describe('for any JSON', () => {
  // Without the Unicode line breaks, on which Go's own writer and reader disagree.
  const text = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom(...' \n\t:-#\'"[]{}&*!|>%@,?0y~='),
        fc.string({ minLength: 1, unit: 'binary' }),
      ),
    })
    .filter((value) => !/[\x85\u2028\u2029\ufeff]/.test(value));
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  test('what is written is read back', () => {
    fc.assert(
      fc.property(json, (value) => {
        const same = JSON.parse(JSON.stringify(value));
        expect(loadYaml(dumpYaml(same)).value).toEqual(same);
      }),
      { numRuns: 500 },
    );
  });
});
