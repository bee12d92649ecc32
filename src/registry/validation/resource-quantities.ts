import { compareQuantities, formatQuantity, parseQuantity } from '../../domain/quantity.ts';
import { type FieldErrors, invalid } from './field-error.ts';
import { isExtendedResource } from './resource-names.ts';

type QuantityText = string | number;

/** A quantity as decoded: text or number; anything else counts as 0. */
export function quantityOf(value: unknown): QuantityText {
  return typeof value === 'string' || typeof value === 'number' ? value : 0;
}

/** A quantity's canonical text, as errors show it. */
export function quantityText(value: unknown): string {
  return formatQuantity(parseQuantity(quantityOf(value)));
}

/** Order of two quantities: negative when `a` is less. */
export function compareAmounts(a: unknown, b: unknown): number {
  if (a === b) return 0;
  return compareQuantities(parseQuantity(quantityOf(a)), parseQuantity(quantityOf(b)));
}

/** Whether a quantity is below 0. */
export function isNegativeQuantity(value: unknown): boolean {
  return compareAmounts(value, 0) < 0;
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
  if (isCountedWhole(resource) && hasFraction(value)) {
    errors.push(invalid(path, quantityText(value), 'must be an integer'));
  }
}

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

function isCountedWhole(resource: string): boolean {
  return COUNTED_WHOLE.has(resource) || isExtendedResource(resource);
}

/** In canonical form a fraction shows: as a milli, micro or nano suffix or as a negative exponent. */
function hasFraction(value: unknown): boolean {
  return /[mun]$|e-/.test(quantityText(value));
}
