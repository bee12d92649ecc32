import {
  compareQuantities,
  formatQuantity,
  milliValue,
  parseQuantity,
  type Quantity,
  quantityFromJson,
  quantitySign,
  wholeValue,
} from '../../domain/quantity.ts';
import { type FieldErrors, invalid } from './field-error.ts';
import { isExtendedResource } from './resource-names.ts';

const COUNTED_WHOLE: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

/** A quantity's canonical text, as errors show it. Absent is 0. */
export function quantityText(value: unknown): string {
  return formatQuantity(read(value));
}

/** Order of two quantities: negative when `a` is less. Absent is 0. */
export function compareAmounts(a: unknown, b: unknown): number {
  return a === b ? 0 : compareQuantities(read(a), read(b));
}

/** Whether a quantity is below 0. */
export function isNegativeQuantity(value: unknown): boolean {
  return quantitySign(read(value)) < 0;
}

/** Refuses a quantity below 0. */
export function requireNonNegativeQuantity(value: unknown, path: string, errors: FieldErrors): void {
  if (isNegativeQuantity(value)) {
    errors.push(invalid(path, quantityText(value), 'must be greater than or equal to 0'));
  }
}

/** Refuses amounts below 0, and parts of things that can only be had whole. */
export function validateAmount(resource: string, value: unknown, path: string, errors: FieldErrors): void {
  requireNonNegativeQuantity(value, path, errors);
  const whole = COUNTED_WHOLE.has(resource) || isExtendedResource(resource);
  if (whole && milliValue(read(value)) % 1000n !== 0n) {
    errors.push(invalid(path, quantityText(value), 'must be an integer'));
  }
}

/** Whether an amount of huge pages can be had in pages of this size, such as `2Mi`. */
export function isWholePages(value: unknown, pageSize: string): boolean {
  const size = wholeValue(parseQuantity(pageSize));
  const amount = wholeValue(read(value));
  return size > 0n && amount > 0n && amount % size === 0n;
}

function read(value: unknown): Quantity {
  return quantityFromJson(value ?? null);
}
