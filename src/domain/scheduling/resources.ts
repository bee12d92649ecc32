// Mirrors PodRequests of component-helpers/resource and the fit check of the scheduler's NodeResourcesFit (v1.37.2).
import type { Container, Node, Pod, PodSpec } from '../../api/core.ts';
import { milliValue, parseQuantity, wholeValue } from '../quantity.ts';

/** Amounts by resource name: cpu in thousandths of a core, everything else in whole units (bytes, pods, devices). */
export type ResourceAmounts = ReadonlyMap<string, number>;

type QuantityTexts = Readonly<Record<string, string | number>>;

/** Objects never change, so what was added up once holds. */
const knownRequests = new WeakMap<object, ResourceAmounts>();
const allocatableOfNodes = new WeakMap<Node, ResourceAmounts>();

/**
 * What a pod asks of its node: the sum of its containers and sidecars, or what an init container needs beside the
 * sidecars before it, whichever is more; pod-level requests instead where there are any; and the overhead on top.
 */
export function podRequests({ spec }: Pod): ResourceAmounts {
  const source = whatRequestsComeFrom(spec);
  const known = knownRequests.get(source);
  if (known !== undefined) return known;
  const requests = addUpRequests(spec);
  knownRequests.set(source, requests);
  return requests;
}

/** Pods of one template share their list of containers, which mostly says it all. */
function whatRequestsComeFrom(spec: PodSpec): object {
  const isAll =
    spec.initContainers === undefined && spec.overhead === undefined && spec.resources === undefined;
  return isAll ? spec.containers : spec;
}

/** What a node has to give, in the units of ResourceAmounts. */
export function allocatableOf(node: Node): ResourceAmounts {
  const known = allocatableOfNodes.get(node);
  if (known !== undefined) return known;
  const allocatable = amountsOf(node.status?.allocatable);
  allocatableOfNodes.set(node, allocatable);
  return allocatable;
}

/** The sum of what pods ask for. */
export function totalRequests(pods: readonly Pod[]): ResourceAmounts {
  const total = new Map<string, number>();
  for (const pod of pods) addTo(total, podRequests(pod));
  return total;
}

/**
 * The names of resources of which too little is left: cpu, memory and ephemeral storage first, the others by name. A
 * resource that the node does not know is one of which it has none.
 */
export function insufficientResources(
  requests: ResourceAmounts,
  allocatable: ResourceAmounts,
  used: ResourceAmounts,
): readonly string[] {
  let lacking: string[] | undefined;
  for (const [name, wanted] of requests) {
    if (wanted <= 0 || wanted <= (allocatable.get(name) ?? 0) - (used.get(name) ?? 0)) continue;
    lacking ??= [];
    lacking.push(name);
  }
  if (lacking === undefined) return none;
  const others = lacking.filter((name) => !BASIC.includes(name)).sort();
  return [...BASIC.filter((name) => lacking.includes(name)), ...others];
}

const BASIC: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];
const none: readonly string[] = [];

function addUpRequests(spec: PodSpec): ResourceAmounts {
  const running = new Map<string, number>();
  for (const container of spec.containers) addTo(running, requestsOf(container));
  const sidecars = new Map<string, number>();
  const starting = new Map<string, number>();
  for (const container of spec.initContainers ?? []) {
    const own = requestsOf(container);
    if (container.restartPolicy === 'Always') {
      addTo(running, own);
      addTo(sidecars, own);
    } else {
      const beside = new Map(sidecars);
      addTo(beside, own);
      raiseTo(starting, beside);
    }
  }
  raiseTo(running, starting);
  for (const [name, amount] of podLevelRequests(spec)) running.set(name, amount);
  addTo(running, amountsOf(spec.overhead));
  return running;
}

function podLevelRequests(spec: PodSpec): ResourceAmounts {
  // PodSpec keeps fields that little code reads untyped; validation has seen to it that this one has v1's shape.
  const resources = spec.resources as { readonly requests?: QuantityTexts } | undefined;
  const requests = amountsOf(resources?.requests);
  return new Map(
    [...requests].filter(([name]) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')),
  );
}

function requestsOf(container: Container): ResourceAmounts {
  return amountsOf(container.resources?.requests);
}

function amountsOf(quantities: QuantityTexts | undefined): ResourceAmounts {
  return new Map(
    Object.entries(quantities ?? {}).map(([name, text]) => [name, amountOf(name, String(text))]),
  );
}

function amountOf(name: string, text: string): number {
  const quantity = parseQuantity(text);
  return Number(name === 'cpu' ? milliValue(quantity) : wholeValue(quantity));
}

function addTo(total: Map<string, number>, added: ResourceAmounts): void {
  for (const [name, amount] of added) total.set(name, (total.get(name) ?? 0) + amount);
}

function raiseTo(total: Map<string, number>, least: ResourceAmounts): void {
  for (const [name, amount] of least) total.set(name, Math.max(total.get(name) ?? 0, amount));
}
