import { deepEqual } from '../domain/deep-equal.ts';
import type { Difference } from './plan-report.ts';

/** How many differences are worth listing. */
const most = 50;

/**
 * Where two values differ, with paths as people write them (`spec.template.spec.containers[agent].image`). Lists of
 * named things are compared by name, and one line says when only their order changed.
 */
export function differencesBetween(before: unknown, after: unknown, path: string): readonly Difference[] {
  const found: Difference[] = [];
  compare(before, after, path, found);
  return found.slice(0, most);
}

function compare(before: unknown, after: unknown, path: string, found: Difference[]): void {
  if (found.length >= most || deepEqual(before, after)) return;
  if (isRecord(before) && isRecord(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      compare(before[key], after[key], path === '' ? key : `${path}.${key}`, found);
    }
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, found);
  else found.push({ path, ...textOf('before', before), ...textOf('after', after) });
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  found: Difference[],
): void {
  const names = [before.map(nameOf), after.map(nameOf)] as const;
  if (names.flat().some((name) => name === undefined)) {
    if (isSameInAnyOrder(before, after)) found.push({ path, before: 'in another order', after: 'reordered' });
    else found.push({ path, ...textOf('before', before), ...textOf('after', after) });
    return;
  }
  const known = found.length;
  for (const name of new Set(names.flat())) {
    const pick = (list: readonly unknown[]): unknown => list.find((one) => nameOf(one) === name);
    compare(pick(before), pick(after), `${path}[${name ?? ''}]`, found);
  }
  if (found.length === known) found.push({ path, before: 'in another order', after: 'reordered' });
}

/** Whether two values are the same but for the order of lists. */
export function isSameInAnyOrder(a: unknown, b: unknown): boolean {
  return deepEqual(sorted(a), sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const texts = value.map((one) => sorted(one)).map((one) => [JSON.stringify(one), one] as const);
    return texts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, one]) => one);
  }
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(value[key])]));
}

function nameOf(value: unknown): string | undefined {
  return isRecord(value) && typeof value.name === 'string' ? value.name : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(name: 'before' | 'after', value: unknown): Partial<Difference> {
  if (value === undefined) return {};
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { [name]: text.length > 120 ? `${text.slice(0, 117)}…` : text };
}
