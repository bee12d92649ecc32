import type { IntOrString } from '../api/apps.ts';

/**
 * How many of `total` a count or a percentage stands for. A percentage is rounded up, so `1%` of 5 is 1. Anything
 * that is neither (validation refuses it) and an absent value count as 0.
 */
export function scaledValueRoundedUp(value: IntOrString | undefined, total: number): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = /^([0-9]+)%$/.exec(value)?.[1];
  return percent === undefined ? 0 : Math.ceil((Number(percent) * total) / 100);
}
