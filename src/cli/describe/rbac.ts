import type { KubeObject } from '../../api/meta.ts';
import { describerOf } from './describer.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Role extends KubeObject {
  readonly rules?: readonly Rule[];
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  }[];
}

function headLines(out: TabbedText, { metadata }: KubeObject): void {
  out.line(0, `Name:\t${metadata.name}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
}

/** Roles and cluster roles: one row for each resource, with the verbs of all rules that grant it alike. */
export const describeRole = describerOf<Role>((out, role) => {
  headLines(out, role);
  out.line(0, 'PolicyRule:');
  out.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  out.line(1, '---------\t-----------------\t--------------\t-----');
  for (const { group = '', resource = '', url = '', name = '', verbs } of compactRules(role.rules ?? [])) {
    const granted = group === '' ? resource : `${resource}.${group}`;
    out.line(1, `${granted}\t[${url}]\t[${name}]\t[${[...new Set(verbs)].join(' ')}]`);
  }
});

/** What one rule says of one resource of one group, or of one URL. */
interface SimpleRule {
  readonly group?: string;
  /** Absent for URLs. */
  readonly resource?: string;
  readonly url?: string;
  readonly name?: string;
  readonly verbs: readonly string[];
}

/** The rules taken apart, with the verbs of those that differ in nothing else together. */
function compactRules(rules: readonly Rule[]): readonly SimpleRule[] {
  const merged = new Map<string, SimpleRule>();
  for (const rule of rules.flatMap(simpleRules)) {
    const { group, resource, url, name, verbs } = rule;
    const key = JSON.stringify([group, resource, url, name]);
    merged.set(key, { ...rule, verbs: [...(merged.get(key)?.verbs ?? []), ...verbs] });
  }
  // Upstream sorts by what Go prints of a rule, and that begins with the verbs.
  const rank = ({ group, resource, url, name, verbs }: SimpleRule): string =>
    [verbs.join(' '), group, resource, name, url].map((part) => `[${part ?? ''}]`).join();
  return [...merged.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function simpleRules(rule: Rule): readonly SimpleRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const granted = apiGroups.flatMap((group) =>
    resources.flatMap((resource): readonly SimpleRule[] =>
      resourceNames.length === 0
        ? [{ group, resource, verbs }]
        : resourceNames.map((name) => ({ group, resource, name, verbs })),
    ),
  );
  return [...granted, ...nonResourceURLs.map((url) => ({ url, verbs }))];
}

/** Role bindings and cluster role bindings. */
export const describeBinding = describerOf<Binding>((out, binding) => {
  headLines(out, binding);
  out.line(0, 'Role:');
  out.line(1, `Kind:\t${binding.roleRef.kind}`);
  out.line(1, `Name:\t${binding.roleRef.name}`);
  out.line(0, 'Subjects:');
  out.line(1, 'Kind\tName\tNamespace');
  out.line(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of binding.subjects ?? []) {
    out.line(1, `${kind}\t${name}\t${namespace}`);
  }
});
