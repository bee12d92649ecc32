import { addInvalid, type FieldErrors, invalid } from './field-error.ts';
import { percentText } from './name-rules.ts';
import { requireNonNegative } from './object-meta.ts';

/** An int-or-string as decoded; absent is 0. */
export function intOrStringOf(value: unknown): number | string {
  return typeof value === 'number' || typeof value === 'string' ? value : 0;
}

/** Refuses what is neither a count of at least 0 nor a percentage. */
export function validateCountOrPercent(value: number | string, path: string, errors: FieldErrors): void {
  if (typeof value === 'string') addInvalid(errors, path, value, percentText(value));
  else requireNonNegative(value, path, errors);
}

/** Refuses percentages over 100. */
export function requireAtMostHundredPercent(value: number | string, path: string, errors: FieldErrors): void {
  const percent = percentOf(value);
  if (percent !== undefined && percent > 100)
    errors.push(invalid(path, value, 'must not be greater than 100%'));
}

/** The number in a count or percentage, whichever it is. Text that is no number counts as 0. */
export function numberIn(value: number | string): number {
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent !== undefined) return percent;
  return /^[+-]?[0-9]+$/.test(value) ? Number(value) : 0;
}

function percentOf(value: number | string): number | undefined {
  return typeof value === 'string' && percentText(value).length === 0
    ? Number(value.slice(0, -1))
    : undefined;
}
