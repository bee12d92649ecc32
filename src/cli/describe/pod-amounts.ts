import type { Container, PodSpec, ResourceRequirements } from '../../api/core.ts';
import {
  addQuantities,
  compareQuantities,
  milliValue,
  parseQuantity,
  type Quantity,
  wholeValue,
} from '../../domain/quantity.ts';

/** Amounts by resource name, as objects state them. */
export type Amounts = Readonly<Record<string, string | number>>;

/**
 * What a pod asks for, or may use at most, as quantities: the sum of its containers and sidecars, or what one of the
 * other init containers needs, whichever is more; pod-level amounts instead where there are any; and the overhead.
 */
export function podAmounts(spec: PodSpec, kind: 'requests' | 'limits'): ReadonlyMap<string, Quantity> {
  const total = new Map<string, Quantity>();
  const sidecars = new Map<string, Quantity>();
  const starting = new Map<string, Quantity>();
  for (const container of spec.containers) add(total, amountsOf(container, kind));
  for (const container of spec.initContainers ?? []) {
    const own = amountsOf(container, kind);
    if (container.restartPolicy === 'Always') {
      add(total, own);
      add(sidecars, own);
    } else {
      const beside = new Map(sidecars);
      add(beside, own);
      raise(starting, beside);
    }
  }
  raise(total, starting);
  const whole = (spec.resources as ResourceRequirements | undefined)?.[kind]; // v1's shape
  for (const [name, amount] of quantities(whole)) total.set(name, amount);
  for (const [name, amount] of quantities(spec.overhead)) {
    if (kind === 'requests' || total.has(name)) add(total, new Map([[name, amount]]));
  }
  return total;
}

/** The share of what a node gives, in whole percent, cut off. 0 where the node has none. */
export function percentOf(name: string, amount: Quantity | undefined, given: Amounts): bigint {
  const measure = name === 'cpu' ? milliValue : wholeValue;
  const all = measure(parseQuantity(String(given[name] ?? '0')));
  return amount === undefined || all === 0n ? 0n : (measure(amount) * 100n) / all;
}

function amountsOf({ resources }: Container, kind: 'requests' | 'limits'): ReadonlyMap<string, Quantity> {
  return quantities(resources?.[kind]);
}

function quantities(amounts: Amounts | undefined): ReadonlyMap<string, Quantity> {
  return new Map(Object.entries(amounts ?? {}).map(([name, text]) => [name, parseQuantity(String(text))]));
}

function add(total: Map<string, Quantity>, more: ReadonlyMap<string, Quantity>): void {
  for (const [name, amount] of more) {
    const before = total.get(name);
    total.set(name, before === undefined ? amount : addQuantities(before, amount));
  }
}

function raise(total: Map<string, Quantity>, least: ReadonlyMap<string, Quantity>): void {
  for (const [name, amount] of least) {
    const before = total.get(name);
    if (before === undefined || compareQuantities(before, amount) < 0) total.set(name, amount);
  }
}
