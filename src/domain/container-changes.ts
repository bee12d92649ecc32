import type { Container, PodSpec } from '../api/core.ts';

/** Whether a container's name fits a pattern in which `*` stands for any text. */
export function matchesName(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  // Each part at its first place leaves the most room for those behind it.
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= name.length;
}

/** The spec with some of its containers and init containers changed, and how many were. */
export function changeContainers(
  spec: PodSpec,
  chosen: (name: string) => boolean,
  change: (container: Container) => Container,
): { readonly spec: PodSpec; readonly count: number } {
  let count = 0;
  const changeAll = (containers: readonly Container[]): readonly Container[] =>
    containers.map((one) => {
      if (!chosen(one.name)) return one;
      count += 1;
      return change(one);
    });
  const containers = changeAll(spec.containers);
  const initContainers = spec.initContainers === undefined ? undefined : changeAll(spec.initContainers);
  return {
    spec: { ...spec, containers, ...(initContainers === undefined ? {} : { initContainers }) },
    count,
  };
}

/** An environment variable; `valueFrom` is kept as it is. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

/** The variables with new ones in the places of their namesakes, the others behind, and some removed. */
export function changeEnvironment(
  existing: readonly EnvironmentVariable[],
  set: readonly EnvironmentVariable[],
  remove: readonly string[],
): readonly EnvironmentVariable[] {
  const next = new Map(existing.map((one) => [one.name, one]));
  for (const one of set) next.set(one.name, one);
  for (const name of remove) next.delete(name);
  return [...next.values()];
}
