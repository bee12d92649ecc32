import type { LabelSelector } from '../../api/meta.ts';

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** How a requirement compares; these are also the words of the string form, except for the last four. */
export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'gt' | 'lt' | 'exists' | '!';

/** One condition on labels. `values` is sorted and without doubles. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** Conditions that must all hold. The empty list holds always. */
export type LabelRequirements = readonly LabelRequirement[];

/** Whether labels meet every requirement. */
export function matchesRequirements(requirements: LabelRequirements, labels: Labels | undefined): boolean {
  return requirements.every((requirement) => matchesRequirement(requirement, labels));
}

/**
 * Whether labels are selected. No selector selects nothing, the empty one everything (metav1's rule). A selector
 * with an unknown operator selects nothing.
 */
export function matchesLabelSelector(
  selector: LabelSelector | undefined,
  labels: Labels | undefined,
): boolean {
  if (selector === undefined) return false;
  for (const key in selector.matchLabels) {
    if (labels === undefined || !Object.hasOwn(labels, key) || labels[key] !== selector.matchLabels[key])
      return false;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const known = EXPRESSION_OPERATORS[operator];
    if (known === undefined || !matchesRequirement({ key, operator: known, values }, labels)) return false;
  }
  return true;
}

/** Whether the selector says nothing at all, and so selects everything. */
export function isEmptyLabelSelector(selector: LabelSelector): boolean {
  return (
    Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
  );
}

/** The requirements that a selector of an object stands for, sorted by key. Unknown operators are left out. */
function labelSelectorRequirements(selector: LabelSelector): LabelRequirements {
  const requirements: LabelRequirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: '=',
    values: [value],
  }));
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const known = EXPRESSION_OPERATORS[operator];
    if (known !== undefined) requirements.push({ key, operator: known, values: sortedSet(values) });
  }
  return sortedByKey(requirements);
}

/** The string form that the API's query parameter and kubectl use: `app=x,tier in (a,b),!old`. */
export function formatRequirements(requirements: LabelRequirements): string {
  return requirements.map(formatRequirement).join(',');
}

/** String form of an object's selector as tables and describe print it: `<none>` for the empty one. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return '<none>';
  return formatRequirements(labelSelectorRequirements(selector)) || '<none>';
}

/** String form of a plain set of labels: `a=b,c=d`, sorted; `<none>` when empty. */
export function formatLabels(labels: Labels | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

/** Requirements in the order in which upstream keeps them. */
export function sortedByKey(requirements: LabelRequirements): LabelRequirements {
  return [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Values without doubles, sorted bytewise. */
export function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

/** Reads a whole decimal number of at most 64 bits, as gt and lt compare; undefined for anything else. */
export function parseInt64(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

const EXPRESSION_OPERATORS: Readonly<Record<string, LabelOperator | undefined>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

function matchesRequirement(
  { key, operator, values }: LabelRequirement,
  labels: Labels | undefined,
): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'gt':
    case 'lt': {
      const left = parseInt64(value);
      const right = parseInt64(values[0]);
      return left !== undefined && right !== undefined && (operator === 'gt' ? left > right : left < right);
    }
  }
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
    case 'lt':
      return `${key}${operator === 'gt' ? '>' : '<'}${values[0] ?? ''}`;
    default:
      return `${key}${operator}${values[0] ?? ''}`;
  }
}
