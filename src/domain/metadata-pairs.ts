import { labelValueProblems } from './selectors/label-syntax.ts';

/** Labels or annotations to set and to remove. */
export interface MetadataPairs {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** Which of the two maps of an object's metadata is meant. */
export type MetadataField = 'labels' | 'annotations';

/** Resources and the changes behind them, or what is wrong. */
type Split =
  | { readonly ok: true; readonly resources: readonly string[]; readonly changes: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/**
 * Splits `TYPE NAME key=value key-` as kubectl does: what has a `=` behind its first letter, or ends in `-`, is a
 * change, and behind the first change there are only changes. `noun`: `label`.
 */
export function splitChanges(args: readonly string[], noun: string): Split {
  const isChange = (arg: string): boolean => arg.indexOf('=') > 0 || (arg.endsWith('-') && arg !== '-');
  const first = args.findIndex(isChange);
  const changes = first < 0 ? [] : args.slice(first);
  const stray = changes.find((arg) => !isChange(arg));
  if (stray !== undefined) {
    return { ok: false, problem: `all resources must be specified before ${noun} changes: ${stray}` };
  }
  return { ok: true, resources: first < 0 ? args : args.slice(0, first), changes };
}

/** Reads `key=value` and `key-`. A text says, in kubectl's words, what is wrong. */
export function parsePairs(changes: readonly string[], field: MetadataField): MetadataPairs | string {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const change of changes) {
    const equals = change.indexOf('=');
    if (equals < 0) {
      remove.push(change.slice(0, -1));
      continue;
    }
    const value = change.slice(equals + 1);
    if (field === 'labels') {
      if (value.includes('=')) return `invalid label spec: ${change}`;
      const problems = labelValueProblems(value);
      if (problems.length > 0) {
        return `invalid label value: ${JSON.stringify(change)}: ${problems.join('; ')}`;
      }
    }
    set.set(change.slice(0, equals), value);
  }
  const both = [...new Set(remove)].filter((key) => set.has(key));
  if (both.length > 0) {
    return field === 'labels'
      ? 'can not both modify and remove a label in the same command'
      : `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`;
  }
  return { set: Object.fromEntries(set), remove };
}

/** Why kubectl rollout history shows what it shows; kubectl lets it be overwritten at any time. */
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** Values that would be overwritten though nobody allowed it, each as kubectl words it. */
export function overwriteProblems(
  existing: Readonly<Record<string, string>>,
  set: Readonly<Record<string, string>>,
  field: MetadataField,
): readonly string[] {
  const taken = Object.keys(set)
    .filter((key) => Object.hasOwn(existing, key) && existing[key] !== set[key])
    .filter((key) => field === 'labels' || key !== CHANGE_CAUSE)
    .map((key) => `'${key}' already has a value (${existing[key]})`);
  if (taken.length === 0) return [];
  return field === 'labels'
    ? taken.map((one) => `${one}, and --overwrite is false`)
    : [`--overwrite is false but found the following declared annotation(s): ${taken.join('; ')}`];
}

/** The map with the changes made. */
export function applyPairs(
  existing: Readonly<Record<string, string>>,
  { set, remove }: MetadataPairs,
): Readonly<Record<string, string>> {
  const kept = Object.entries({ ...existing, ...set }).filter(([key]) => !remove.includes(key));
  return Object.fromEntries(kept);
}
