import type { PodSpec, ResourceRequirements } from '../../api/core.ts';
import { compareQuantities, parseQuantity, ZERO_QUANTITY } from '../../domain/quantity.ts';

type Resources = Readonly<Record<string, string | number>>;

const COUNTED = ['cpu', 'memory'] as const;

/**
 * A pod's quality of service: Guaranteed when every container limits cpu and memory and requests just that, BestEffort
 * when none asks for either, else Burstable. Zero quantities count as not asked for.
 */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  // Strategies come before validation, which refuses a pod without containers.
  const running: PodSpec['containers'] | undefined = spec.containers;
  const containers = [...(spec.initContainers ?? []), ...(running ?? [])].map(
    (container) => container.resources,
  );
  const podLevel = spec.resources as ResourceRequirements | undefined;
  const all = podLevel === undefined ? containers : [podLevel];
  if (all.every((resources) => asksNothing(resources?.requests) && asksNothing(resources?.limits))) {
    return 'BestEffort';
  }
  return all.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

function asksNothing(resources: Resources | undefined): boolean {
  return COUNTED.every((name) => isZero(resources?.[name]));
}

function isGuaranteed(resources: ResourceRequirements | undefined): boolean {
  return COUNTED.every((name) => {
    const limit = resources?.limits?.[name];
    const request = resources?.requests?.[name] ?? limit;
    if (limit === undefined || request === undefined || isZero(limit)) return false;
    return compareQuantities(parseQuantity(String(request)), parseQuantity(String(limit))) === 0;
  });
}

function isZero(quantity: string | number | undefined): boolean {
  return quantity === undefined || compareQuantities(parseQuantity(String(quantity)), ZERO_QUANTITY) === 0;
}
