import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  milliValue,
  parseQuantity,
  QuantityError,
  quantityFromJson,
  quantityOf,
  quantitySign,
  roundUpToMilli,
  subQuantities,
  wholeValue,
} from '../../../src/domain/quantity.ts';

// What apimachinery 0.37.2 prints for each text.
describe('canonical form', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['0Gi', '0'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1500m', '1500m'],
    ['1.5', '1500m'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['1024Ki', '1Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Mi', '512Ki'],
    ['0.5Ki', '512'],
    ['1.25Ki', '1280'],
    ['0.1Mi', '104857600m'],
    ['1e3', '1e3'],
    ['1e4', '10e3'],
    ['1e-1', '100e-3'],
    ['12e1', '120'],
    ['0.0000000001', '1n'],
    ['1.1n', '2n'],
    ['-1.5Gi', '-1536Mi'],
    ['9Ei', '9223372036854775807'],
    ['12345678901234567890', '12345678901234567890'],
    // Upstream takes these for canonical, and keeps them.
    ['01', '01'],
    ['+1', '+1'],
    ['5.', '5.'],
    ['1.001', '1.001'],
    ['1e+3', '1e+3'],
    // Without digits a number is zero.
    ['e3', '0'],
    ['+', '0'],
    ['.', '0'],
  ])('%s is %s', (given, canonical) => {
    expect(canonicalQuantity(given)).toBe(canonical);
  });

  test('a JSON number is read by its digits, and null is zero', () => {
    expect([2, 0.1, 1.5, 1e21, null].map(canonicalQuantity)).toEqual(['2', '100m', '1500m', '1e+21', '0']);
  });

  test('blanks around text count only outside of JSON', () => {
    expect(canonicalQuantity(' 1 ')).toBe('1');
    expect(() => parseQuantity(' 1 ')).toThrow('quantities must match');
  });
});

describe('refusals', () => {
  test.each(['', 'x', '1 ', '1.2.3', '..', '1KI', '1e1.5', '1e3Ki'])('%j is no quantity', (text) => {
    expect(() => parseQuantity(text)).toThrow(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  });

  test.each(['1i', '1e', '--1', '1m2', '1Mi1', '1ee3'])('%j has a suffix that nobody knows', (text) => {
    expect(() => parseQuantity(text)).toThrow("unable to parse quantity's suffix");
  });

  test('binary units beyond 64 bits need digits', () => {
    expect(() => parseQuantity('Ei')).toThrow('unable to parse numeric part of quantity');
  });

  test('an exponent without bounds is refused instead of filling the memory', () => {
    expect(() => parseQuantity('1e2147483647')).toThrow("unable to parse quantity's suffix");
  });

  test.each([true, {}, [], undefined])('%j is no quantity of JSON', (value) => {
    expect(() => quantityFromJson(value)).toThrow(QuantityError);
  });
});

describe('values', () => {
  test.each([
    ['100m', 1n, 100n],
    ['1500m', 2n, 1500n],
    ['1n', 1n, 1n],
    ['200Mi', 209715200n, 209715200000n],
    ['-100m', -1n, -100n],
    ['1E', 10n ** 18n, 10n ** 21n],
  ])('%s is %s whole and %s thousandths, rounded up', (text, whole, milli) => {
    expect([wholeValue(parseQuantity(text)), milliValue(parseQuantity(text))]).toEqual([whole, milli]);
  });

  test('rounding up to thousandths leaves coarser amounts as they were written', () => {
    expect(formatQuantity(roundUpToMilli(parseQuantity('1n')))).toBe('1m');
    expect(formatQuantity(roundUpToMilli(parseQuantity('1.0001')))).toBe('1001m');
    expect(formatQuantity(roundUpToMilli(parseQuantity('01')))).toBe('01');
  });
});

describe('sums', () => {
  test.each([
    ['1Gi', '500m', '1073741824500m', '1073741823500m'],
    ['0', '1Gi', '1Gi', '-1Gi'],
    ['1Gi', '1Mi', '1025Mi', '1023Mi'],
    ['1e3', '1', '1001', '999'],
    ['0', '1e3', '1e3', '-1e3'],
    ['9E', '9E', '18E', '0'],
  ])('%s and %s: sum %s, difference %s', (left, right, sum, difference) => {
    const [a, b] = [parseQuantity(left), parseQuantity(right)];
    expect([formatQuantity(addQuantities(a, b)), formatQuantity(subQuantities(a, b))]).toEqual([
      sum,
      difference,
    ]);
  });

  test('amounts are compared whatever their suffixes', () => {
    expect(compareQuantities(parseQuantity('1Ki'), parseQuantity('1024000m'))).toBe(0);
    expect(compareQuantities(parseQuantity('1Gi'), parseQuantity('1.1G'))).toBe(-1);
    expect(compareQuantities(parseQuantity('1'), parseQuantity('999m'))).toBe(1);
  });

  test('a quantity knows its sign', () => {
    expect(['-1', '0m', '1n'].map((text) => quantitySign(parseQuantity(text)))).toEqual([-1, 0, 1]);
  });
});

/** An amount as a fraction with a denominator of 10^9 × 1024^6, which divides everything that is generated. */
const UNIT = 10n ** 9n;
const FACTORS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 10n ** 3n],
  '': [1n, 1n],
  k: [10n ** 3n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  Ki: [2n ** 10n, 1n],
  Mi: [2n ** 20n, 1n],
  Gi: [2n ** 30n, 1n],
  e3: [1000n, 1n],
  'e-2': [1n, 100n],
};
const quantityText = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.constantFrom(...Object.keys(FACTORS)))
  .map(([number, suffix]) => ({ number, suffix, text: `${number}${suffix}` }));
const exact = ({ number, suffix }: { number: number; suffix: string }): bigint => {
  const [times, by] = FACTORS[suffix] ?? [1n, 1n];
  return (BigInt(number) * times * UNIT) / by;
};
const nano = (text: string): bigint => {
  const { unscaled, scale } = parseQuantity(text);
  return unscaled * 10n ** BigInt(scale + 9);
};

describe('for any quantities', () => {
  test('the canonical form is the same amount, and canonical itself', () => {
    fc.assert(
      fc.property(quantityText, (given) => {
        const canonical = canonicalQuantity(given.text);
        expect(nano(canonical)).toBe(exact(given));
        expect(canonicalQuantity(canonical)).toBe(canonical);
      }),
    );
  });

  test('sums, differences and order agree with exact fractions', () => {
    fc.assert(
      fc.property(quantityText, quantityText, (left, right) => {
        const [a, b] = [parseQuantity(left.text), parseQuantity(right.text)];
        expect(nano(formatQuantity(addQuantities(a, b)))).toBe(exact(left) + exact(right));
        expect(nano(formatQuantity(subQuantities(a, b)))).toBe(exact(left) - exact(right));
        expect(compareQuantities(a, b)).toBe(
          exact(left) < exact(right) ? -1 : exact(left) > exact(right) ? 1 : 0,
        );
      }),
    );
  });

  test('whole values are never below a positive amount, and less than one above', () => {
    fc.assert(
      fc.property(quantityText, (given) => {
        fc.pre(given.number > 0);
        const excess = wholeValue(parseQuantity(given.text)) * UNIT - exact(given);
        expect(excess >= 0n && excess < UNIT).toBe(true);
      }),
    );
  });

  test('whole numbers are read back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (value) => {
        const binary = formatQuantity(quantityOf(value, 'BinarySI'));
        expect(wholeValue(parseQuantity(binary))).toBe(value);
        expect(wholeValue(parseQuantity(formatQuantity(quantityOf(value))))).toBe(value);
      }),
    );
  });
});
