import type { Json } from '../../api/meta.ts';

/**
 * What kubectl's client-side validation has against a document before anything is sent: that it is no object, or that
 * it or an item of its list names no apiVersion or kind. Undefined where it has nothing.
 */
export function validationProblem(document: Json): string | undefined {
  const problems = [...new Set(problemsOf(document))];
  return problems.length > 1 ? `[${problems.join(', ')}]` : problems[0];
}

const NO_OBJECT = 'invalid object to validate';

function problemsOf(document: Json): readonly string[] {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return [NO_OBJECT];
  const { apiVersion, kind, items } = document as Readonly<Record<string, Json>>; // neither scalar nor array
  const problems = [...textProblem('apiVersion', apiVersion), ...textProblem('kind', kind)];
  if (problems.length > 0) return problems;
  if (String(apiVersion).split('/').length > 2)
    return [`unexpected GroupVersion string: ${String(apiVersion)}`];
  if (!String(kind).endsWith('List')) return [];
  return Array.isArray(items) ? items.flatMap(problemsOf) : [NO_OBJECT];
}

function textProblem(field: string, value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [`${field} not set`];
  return typeof value === 'string' ? [] : [`${field} isn't string type`];
}
