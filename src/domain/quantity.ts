/**
 * Kubernetes quantities (`100m`, `200Mi`, `1e3`) on exact arithmetic, as apimachinery's `resource.Quantity` reads,
 * writes and adds them. Deliberate differences from upstream: whole and milli values never wrap around at 64 bits,
 * and exponents beyond ±1000 are refused, because they would ask for numbers of unbounded size.
 */

/** Which family of suffixes a quantity is written in. */
export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/** A parsed quantity. The amount is exactly `unscaled × 10^scale`. Make one with `parseQuantity`. */
export interface Quantity {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
  /**
   * Whether upstream holds the amount as an arbitrary-precision decimal and not as a scaled 64-bit integer. It decides
   * how negative amounts round, and shows in the dump that template hashes are made of.
   */
  readonly arbitrary: boolean;
  /** The text as it was given, where upstream keeps that and prints it again; '' where it prints the canonical form. */
  readonly text: string;
}

/** Text that is no quantity. The message is upstream's. */
export class QuantityError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QuantityError';
  }
}

const WRONG_FORMAT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_SUFFIX = "unable to parse quantity's suffix";
const WRONG_NUMBER = 'unable to parse numeric part of quantity';
const MAX_EXPONENT = 1000;
const GRAMMAR = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const DECIMAL_SUFFIXES: readonly string[] = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Smallest power of ten that upstream represents; finer amounts round up to it. */
const NANO = -9;
const MILLI = -3;
const MAX_INT64 = 2n ** 63n - 1n;

/** The quantity 0, as `parseQuantity('0')` gives it. */
export const ZERO_QUANTITY: Quantity = {
  unscaled: 0n,
  scale: 0,
  format: 'DecimalSI',
  arbitrary: false,
  text: '0',
};

/** Reads a quantity. Throws QuantityError with upstream's message. */
export function parseQuantity(text: string): Quantity {
  if (text === '0') return ZERO_QUANTITY;
  const match = text === '' ? null : GRAMMAR.exec(text);
  if (match === null) throw new QuantityError(WRONG_FORMAT);
  const [, sign = '', integer = '', fraction = '', suffixText = ''] = match;
  const suffix = readSuffix(suffixText);
  if (suffix === null) throw new QuantityError(WRONG_SUFFIX);

  const whole = integer.replace(/^0+/, '') || '0';
  const digits = BigInt(whole + fraction);
  const signed = sign === '-' ? -digits : digits;
  if (fitsInt64(suffix, whole.length, fraction.length)) {
    const scale = suffix.format === 'BinarySI' ? 0 : suffix.exponent - fraction.length;
    const unscaled = suffix.format === 'BinarySI' ? signed << BigInt(suffix.exponent) : signed;
    const kept = whole !== '0' && keepsText(digits, scale, suffix.format);
    return { unscaled, scale, format: suffix.format, arbitrary: false, text: kept ? text : '' };
  }
  if (integer + fraction === '') throw new QuantityError(WRONG_NUMBER);
  return arbitraryQuantity(signed, fraction.length, suffix);
}

/**
 * Reads a quantity from JSON: a string, a number, or null, which is zero. Throws QuantityError for anything else, as
 * for a malformed string.
 */
export function quantityFromJson(value: unknown): Quantity {
  if (value === null) return { ...ZERO_QUANTITY, text: '' };
  if (typeof value === 'string') return parseQuantity(value.trim());
  if (typeof value === 'number' || typeof value === 'bigint') return parseQuantity(String(value));
  throw new QuantityError(WRONG_FORMAT);
}

/** The form in which the API server gives a quantity back: `1000m` is `1`, 0.5 is `500m`. Throws QuantityError. */
export function canonicalQuantity(value: unknown): string {
  return formatQuantity(quantityFromJson(value));
}

/** A whole number as a quantity. */
export function quantityOf(value: bigint | number, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { unscaled: BigInt(value), scale: 0, format, arbitrary: false, text: '' };
}

/** Writes a quantity: the text it was given in where upstream keeps that, else the canonical form. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.text !== '') return quantity.text;
  if (quantity.unscaled === 0n) return '0';
  if (quantity.format === 'BinarySI') {
    const whole = exactInteger(quantity);
    if (whole !== null && absolute(whole) >= 1024n) return formatBinary(whole);
    return formatDecimal(quantity, 'DecimalSI');
  }
  return formatDecimal(quantity, quantity.format);
}

/** Compares two amounts: -1, 0 or 1. Formats do not matter. */
export function compareQuantities(left: Quantity, right: Quantity): -1 | 0 | 1 {
  const [a, b] = atCommonScale(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The sum, in the format of `left`, or of `right` where `left` is zero. */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  return combine(left, right, (a, b) => a + b);
}

/** The difference `left - right`, in the format of `left`, or of `right` where `left` is zero. */
export function subQuantities(left: Quantity, right: Quantity): Quantity {
  return combine(left, right, (a, b) => a - b);
}

/** -1, 0 or 1. */
export function quantitySign(quantity: Quantity): -1 | 0 | 1 {
  return quantity.unscaled < 0n ? -1 : quantity.unscaled > 0n ? 1 : 0;
}

/** The amount in whole units, fractions rounded up (`Quantity.Value`): `100m` is 1. */
export function wholeValue(quantity: Quantity): bigint {
  return scaledValue(quantity, 0);
}

/** The amount in thousandths, rounded up (`Quantity.MilliValue`): `1.5` is 1500. */
export function milliValue(quantity: Quantity): bigint {
  return scaledValue(quantity, MILLI);
}

/** The quantity with everything below a thousandth rounded up: what defaulting does to resource lists. */
export function roundUpToMilli(quantity: Quantity): Quantity {
  if (quantity.scale >= MILLI) return quantity;
  return { ...quantity, unscaled: scaledValue(quantity, MILLI), scale: MILLI, text: '' };
}

interface Suffix {
  readonly format: QuantityFormat;
  /** Power of two for BinarySI, of ten for the others. */
  readonly exponent: number;
}

function readSuffix(text: string): Suffix | null {
  const decimal = DECIMAL_SUFFIXES.indexOf(text);
  if (decimal >= 0) return { format: 'DecimalSI', exponent: decimal * 3 + NANO };
  const binary = BINARY_SUFFIXES.indexOf(text);
  if (binary >= 0) return { format: 'BinarySI', exponent: binary * 10 };
  if (!/^[eE][-+]?[0-9]+$/.test(text)) return null;
  const exponent = Number(text.slice(1));
  return Math.abs(exponent) > MAX_EXPONENT ? null : { format: 'DecimalExponent', exponent };
}

/** Whether upstream holds the amount as a scaled 64-bit integer: it estimates by counting the digits written. */
function fitsInt64(suffix: Suffix, wholeDigits: number, fractionDigits: number): boolean {
  if (suffix.format === 'BinarySI') {
    const suffixDigits = Math.trunc((suffix.exponent * 3) / 10) + 1;
    return fractionDigits === 0 && wholeDigits + suffixDigits <= 15;
  }
  return wholeDigits + fractionDigits <= 18 && suffix.exponent - fractionDigits >= NANO;
}

/**
 * Whether upstream takes the text for canonical and keeps it. Its test looks only at the digits written, and only
 * where the whole part is not zero: `01` and `1.001` pass, of binary quantities every multiple of 8 fails.
 */
function keepsText(digits: bigint, scale: number, format: QuantityFormat): boolean {
  if (format === 'BinarySI') return digits % 8n !== 0n;
  return scale % 3 === 0 && digits % 1000n !== 0n;
}

/** An amount beyond 64 bits: rounded up to a billionth, and capped where its suffix is binary. */
function arbitraryQuantity(digits: bigint, fractionDigits: number, suffix: Suffix): Quantity {
  const { format, exponent } = suffix;
  const scaled =
    format === 'BinarySI'
      ? { unscaled: digits << BigInt(exponent), scale: -fractionDigits }
      : { unscaled: digits, scale: exponent - fractionDigits };
  if (format === 'BinarySI' && absolute(scaled.unscaled) > MAX_INT64 * powerOfTen(fractionDigits)) {
    const capped = digits < 0n ? -MAX_INT64 : MAX_INT64;
    return { unscaled: capped, scale: 0, format, arbitrary: true, text: '' };
  }
  if (digits === 0n) return { ...scaled, format, arbitrary: true, text: '' };
  const unscaled = rescale(scaled.unscaled, scaled.scale, NANO, awayFromZero);
  return { unscaled, scale: NANO, format, arbitrary: true, text: '' };
}

function formatDecimal(quantity: Quantity, format: QuantityFormat): string {
  let { unscaled, scale } = quantity;
  while (unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale++;
  }
  while (scale % 3 !== 0) {
    unscaled *= 10n;
    scale--;
  }
  if (format === 'DecimalExponent') return scale === 0 ? `${unscaled}` : `${unscaled}e${scale}`;
  return `${unscaled}${DECIMAL_SUFFIXES[(scale - NANO) / 3] ?? ''}`;
}

function formatBinary(whole: bigint): string {
  let value = whole;
  let power = 0;
  while (value % 1024n === 0n && power < BINARY_SUFFIXES.length - 1) {
    value /= 1024n;
    power++;
  }
  return `${value}${BINARY_SUFFIXES[power] ?? ''}`;
}

function combine(left: Quantity, right: Quantity, operate: (a: bigint, b: bigint) => bigint): Quantity {
  const [a, b] = atCommonScale(left, right);
  return {
    unscaled: operate(a, b),
    scale: Math.min(left.scale, right.scale),
    format: left.unscaled === 0n ? right.format : left.format,
    arbitrary: left.arbitrary || right.arbitrary,
    text: '',
  };
}

function atCommonScale(left: Quantity, right: Quantity): readonly [bigint, bigint] {
  const scale = Math.min(left.scale, right.scale);
  return [left.unscaled * powerOfTen(left.scale - scale), right.unscaled * powerOfTen(right.scale - scale)];
}

/** The amount as a whole number, or null where it has a fraction. */
function exactInteger({ unscaled, scale }: Quantity): bigint | null {
  if (scale >= 0) return unscaled * powerOfTen(scale);
  const unit = powerOfTen(-scale);
  return unscaled % unit === 0n ? unscaled / unit : null;
}

/** The amount in units of `10^scale`. Upstream's two representations round negative amounts differently. */
function scaledValue(quantity: Quantity, scale: number): bigint {
  return rescale(quantity.unscaled, quantity.scale, scale, quantity.arbitrary ? plusOne : awayFromZero);
}

type Rounding = (truncated: bigint, whole: bigint) => bigint;
const awayFromZero: Rounding = (truncated, whole) => (whole < 0n ? truncated - 1n : truncated + 1n);
const plusOne: Rounding = (truncated) => truncated + 1n;

function rescale(unscaled: bigint, from: number, to: number, round: Rounding): bigint {
  if (from >= to) return unscaled * powerOfTen(from - to);
  const unit = powerOfTen(to - from);
  const truncated = unscaled / unit;
  return truncated * unit === unscaled ? truncated : round(truncated, unscaled);
}

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
