import { age } from '../../domain/duration.ts';
import type { Printed } from './table.ts';

/** How tables print what is empty, not set, and not known. */
export const NONE = '<none>';
export const UNSET = '<unset>';
export const UNKNOWN = '<unknown>';

/** The NAME cell. */
export function nameOf(object: Printed): string {
  return object.metadata.name ?? '';
}

/** The AGE cell. */
export function ageOf(object: Printed, now: number): string {
  return age(object.metadata.creationTimestamp, now);
}

/** The CREATED AT cell: the time itself. */
export function createdAt(object: Printed): string {
  return object.metadata.creationTimestamp ?? UNKNOWN;
}

/** Items joined, `<none>` for none. */
export function joined(items: readonly string[] | undefined, separator = ','): string {
  return items === undefined || items.length === 0 ? NONE : items.join(separator);
}

/** Up to three items, and how many more there are. */
export function firstThree(items: readonly string[], none: string): string {
  if (items.length === 0) return none;
  const shown = items.slice(0, 3).join(',');
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

/** A flag as Go's tables print it where the column is text. */
export function trueFalse(flag: boolean | undefined): string {
  return flag === true ? 'True' : 'False';
}

/** The part of a pod template that workloads print. */
export interface PrintedTemplate {
  readonly spec?: { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
}

/** The CONTAINERS cell. */
export function containerNames(template: PrintedTemplate | undefined): string {
  return (template?.spec?.containers ?? []).map((container) => container.name).join(',');
}

/** The IMAGES cell. */
export function containerImages(template: PrintedTemplate | undefined): string {
  return (template?.spec?.containers ?? []).map((container) => container.image ?? '').join(',');
}
