import type { NodeSelectorTerm, PodSpec, Taint } from '../../../../../src/api/core.ts';

/** A pod spec with these terms as its required node affinity. */
export function terms(...nodeSelectorTerms: readonly NodeSelectorTerm[]): Partial<PodSpec> {
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  };
}

/** A term of one expression about a label. */
export function expression(key: string, operator: string, ...values: readonly string[]): NodeSelectorTerm {
  return { matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }] };
}

/** A taint; without a value when none is given. */
export function taint(key: string, effect: string, value?: string): Taint {
  return { key, effect, ...(value !== undefined && { value }) };
}
