import type { Toleration } from '../../../api/core.ts';
import { formatTaint } from '../../scheduling/taints.ts';
import type { CoveringToleration, RequirementFinding, RuleFinding, TermFinding } from './rules.ts';

/**
 * What a rule says, for people, without the node's and the DaemonSet's names: `taint gpu=a:NoSchedule is not
 * tolerated`. `full`: with each term of the affinity, and the toleration that covers a taint or would.
 */
export function ruleText(finding: RuleFinding, { full = false }: { readonly full?: boolean } = {}): string {
  switch (finding.rule) {
    case 'nodeName':
      return finding.verdict === 'allows'
        ? 'the template names this node'
        : `the template names node ${finding.wanted}`;
    case 'nodeSelector': {
      const { key, wanted, actual } = finding;
      if (finding.verdict === 'allows') return `nodeSelector ${key}=${wanted} matches`;
      return `nodeSelector wants ${key}=${wanted} and ${nodeHas(key, actual)}`;
    }
    case 'nodeAffinity':
      return affinityText(finding.terms, full);
    case 'taint':
      return taintText(finding, full);
    default:
      return finding satisfies never;
  }
}

/** One term with its expressions, those that fail beside what the node has: `zone In [a b] fails: …`. */
export function termText({ term, matches, flaw, requirements }: TermFinding, count: number): string {
  const name = count === 1 ? 'the only term' : `term ${term} of ${count}`;
  if (flaw === 'empty') return `${name} is empty, and an empty term matches no node`;
  if (flaw === 'unreadable') return `${name} cannot be read, so it matches no node`;
  if (matches) return `${name} matches: ${requirements.map(requirementText).join(', ')}`;
  return `${name} fails: ${requirements
    .filter(({ holds }) => !holds)
    .map((one) => `${requirementText(one)} but ${actualText(one)}`)
    .join(', ')}`;
}

/** `zone In [a b]`, `gpu Exists`, `cores Gt 4`. */
export function requirementText({
  key,
  operator,
  values,
}: Pick<RequirementFinding, 'key' | 'operator' | 'values'>): string {
  if (operator === 'Gt' || operator === 'Lt') return `${key} ${operator} ${values.join(' ')}`;
  return operator === 'In' || operator === 'NotIn'
    ? `${key} ${operator} [${values.join(' ')}]`
    : `${key} ${operator}`;
}

/** A toleration as YAML would have it on one line: `{key: gpu, operator: Exists, effect: NoSchedule}`. */
export function tolerationText({ key, operator, value, effect, tolerationSeconds }: Toleration): string {
  const fields = [
    ['key', key],
    ['operator', operator],
    ['value', value === undefined || value === '' ? undefined : JSON.stringify(value)],
    ['effect', effect],
    ['tolerationSeconds', tolerationSeconds],
  ].filter(([, text]) => text !== undefined && text !== '');
  return `{${fields.map(([name, text]) => `${name}: ${text}`).join(', ')}}`;
}

function nodeHas(key: string, actual: string | undefined): string {
  return actual === undefined ? `the node has no label ${key}` : `the node has ${key}=${actual}`;
}

function actualText({ in: where, key, actual }: RequirementFinding): string {
  return where === 'matchFields' ? `the node is ${actual ?? ''}` : nodeHas(key, actual);
}

function affinityText(terms: readonly TermFinding[], full: boolean): string {
  const matching = terms.find(({ matches }) => matches);
  if (matching !== undefined) {
    if (full) return `required affinity: ${termText(matching, terms.length)}`;
    return terms.length === 1
      ? 'the required node affinity matches'
      : `term ${matching.term} of the required node affinity matches`;
  }
  if (terms.length === 0) return 'the required node affinity has no terms, and matches no node';
  if (!full) return 'no term of the required node affinity matches';
  return `required affinity: ${terms.map((term) => termText(term, terms.length)).join('; ')}`;
}

function taintText(finding: RuleFinding & { readonly rule: 'taint' }, full: boolean): string {
  const { taint, toleratedBy, needs } = finding;
  const name = `taint ${formatTaint(taint)}`;
  if (toleratedBy !== undefined) return `${name} is tolerated by ${coveringText(toleratedBy, full)}`;
  if (needs === undefined) return `${name} is only a preference`;
  return full ? `${name} is not tolerated; ${tolerationText(needs)} would do` : `${name} is not tolerated`;
}

function coveringText({ from, index, toleration }: CoveringToleration, full: boolean): string {
  if (from === 'daemon') return 'every daemon pod';
  const seconds = toleration.tolerationSeconds;
  const limit = seconds === undefined || toleration.effect !== 'NoExecute' ? '' : `, for ${seconds}s only`;
  return full ? `toleration ${index} of the template, ${tolerationText(toleration)}${limit}` : 'the template';
}
