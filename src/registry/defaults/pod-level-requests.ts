import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
} from '../../domain/quantity.ts';
import { asFields, type Fields, type Filler, fill, isEmpty, withField } from './filling.ts';

type Amounts = ReadonlyMap<string, Quantity>;

/** Resources that a pod as a whole may ask for. */
function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

function requestsOf(container: Fields): Amounts {
  const requests = Object.entries(asFields(asFields(container.resources)?.requests) ?? {});
  return new Map(
    requests.filter(([name]) => isPodLevel(name)).map(([name, text]) => [name, parseQuantity(String(text))]),
  );
}

function merged(left: Amounts, right: Amounts, merge: (a: Quantity, b: Quantity) => Quantity): Amounts {
  const result = new Map(left);
  for (const [name, amount] of right) {
    const before = result.get(name);
    result.set(name, before === undefined ? amount : merge(before, amount));
  }
  return result;
}

const larger = (a: Quantity, b: Quantity): Quantity => (compareQuantities(a, b) < 0 ? b : a);

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map((item) => asFields(item) ?? {}) : [];
}

/**
 * What a pod's containers ask for together: those that run side by side add up (init containers that restart among
 * them); an ordinary init container counts by itself, beside those that run already.
 */
function togetherRequested(spec: Fields): Amounts {
  let sidecars: Amounts = new Map();
  let whileStarting: Amounts = new Map();
  for (const container of listOf(spec.initContainers)) {
    const requests = requestsOf(container);
    if (container.restartPolicy === 'Always') {
      sidecars = merged(sidecars, requests, addQuantities);
      whileStarting = merged(whileStarting, sidecars, larger);
    } else {
      whileStarting = merged(whileStarting, merged(requests, sidecars, addQuantities), larger);
    }
  }
  const running = listOf(spec.containers)
    .map(requestsOf)
    .reduce((a, b) => merged(a, b, addQuantities), sidecars);
  return merged(running, whileStarting, larger);
}

/**
 * A pod with limits of its own asks, where it does not say for how much, for what its containers ask for together,
 * else for its limits.
 */
export const fillPodLevelRequests: Filler = (spec) => {
  const resources = asFields(spec.resources);
  const limits = asFields(resources?.limits);
  if (resources === undefined || limits === undefined || isEmpty(limits)) return spec;
  const together = [...togetherRequested(spec)].map(([name, amount]) => [name, formatQuantity(amount)]);
  const own = Object.entries(limits).filter(([name]) => isPodLevel(name));
  const requests = fill(asFields(resources.requests) ?? {}, {
    ...Object.fromEntries(own),
    ...Object.fromEntries(together),
  });
  return withField(spec, 'resources', withField(resources, 'requests', requests));
};
