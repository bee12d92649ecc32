import type { PodTemplateSpec } from '../api/core.ts';
import { podRequests, type ResourceAmounts } from '../domain/scheduling/resources.ts';
import type { Requests } from './plan-report.ts';

/** Nothing at all. */
export const NO_REQUESTS: Requests = { cpuMilli: 0, memoryBytes: 0 };

/** What one pod of a template requests. */
export function requestsOfTemplate({ spec }: PodTemplateSpec): Requests {
  return requestsOf(podRequests({ apiVersion: 'v1', kind: 'Pod', metadata: {}, spec }));
}

/** Amounts by resource name as the report has them. */
function requestsOf(amounts: ResourceAmounts): Requests {
  const other = [...amounts].filter(([name, amount]) => name !== 'cpu' && name !== 'memory' && amount !== 0);
  return {
    cpuMilli: amounts.get('cpu') ?? 0,
    memoryBytes: amounts.get('memory') ?? 0,
    ...(other.length === 0 ? {} : { other: Object.fromEntries(other) }),
  };
}

/** `a` plus `times` times `b`. */
export function plus(a: Requests, b: Requests, times = 1): Requests {
  const names = [...new Set([...Object.keys(a.other ?? {}), ...Object.keys(b.other ?? {})])].sort();
  const other = names
    .map((name) => [name, (a.other?.[name] ?? 0) + times * (b.other?.[name] ?? 0)] as const)
    .filter(([, amount]) => amount !== 0);
  return {
    cpuMilli: a.cpuMilli + times * b.cpuMilli,
    memoryBytes: a.memoryBytes + times * b.memoryBytes,
    ...(other.length === 0 ? {} : { other: Object.fromEntries(other) }),
  };
}
