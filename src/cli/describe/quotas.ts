import type { KubeObject } from '../../api/meta.ts';
import { describerOf } from './describer.ts';
import { sortedEntries } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';

type Amounts = Readonly<Record<string, string>>;

/** v1 ResourceQuota. */
export interface ResourceQuota extends KubeObject {
  readonly spec?: { readonly scopes?: readonly string[] };
  readonly status?: { readonly hard?: Amounts; readonly used?: Amounts };
}

/** v1 LimitRange. */
export interface LimitRange extends KubeObject {
  readonly spec?: {
    readonly limits?: readonly {
      readonly type: string;
      readonly min?: Amounts;
      readonly max?: Amounts;
      readonly default?: Amounts;
      readonly defaultRequest?: Amounts;
      readonly maxLimitRequestRatio?: Amounts;
    }[];
  };
}

/** What kubectl says of a scope. */
const SCOPES: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

const LIMIT_HEADS = [
  'Type',
  'Resource',
  'Min',
  'Max',
  'Default Request',
  'Default Limit',
  'Max Limit/Request Ratio',
];

/** The scopes of a quota, each with its meaning. `indent` stands before the meanings, `level` before the title. */
export function scopeLines(
  out: TabbedText,
  { spec }: ResourceQuota,
  { level, indent }: { readonly level: number; readonly indent: string },
): void {
  const scopes = [...(spec?.scopes ?? [])].sort();
  if (scopes.length === 0) return;
  out.line(level, `Scopes:\t${scopes.join(', ')}`);
  for (const scope of scopes) {
    const meaning = SCOPES[scope];
    if (meaning !== undefined) out.line(0, `${indent}* ${meaning}`);
  }
}

/** What a quota holds its namespace to, and what is used of it. */
export function usageRows({ status }: ResourceQuota): readonly string[] {
  return sortedEntries(status?.hard).map(
    ([resource, hard]) => `${resource}\t${status?.used?.[resource] ?? '0'}\t${hard}`,
  );
}

/** The table of some limit ranges: its head, and a row for each kind of thing and resource. */
export function limitRows(ranges: readonly LimitRange[]): readonly string[] {
  const rows = ranges.flatMap(({ spec }) =>
    (spec?.limits ?? []).flatMap((limit) => {
      const { type, min, max, defaultRequest, default: most, maxLimitRequestRatio } = limit;
      const columns = [min, max, defaultRequest, most, maxLimitRequestRatio];
      const resources = new Set(columns.flatMap((amounts) => Object.keys(amounts ?? {})));
      return [...resources]
        .sort()
        .map((resource) => [type, resource, ...columns.map((amounts) => amounts?.[resource] ?? '-')]);
    }),
  );
  const lines = LIMIT_HEADS.map((word) => '-'.repeat(word.length));
  return [LIMIT_HEADS, lines, ...rows].map((cells) => cells.join('\t'));
}

/** v1 ResourceQuota. */
export const describeQuota = describerOf<ResourceQuota>((out, quota) => {
  out.line(0, `Name:\t${quota.metadata.name}`);
  out.line(0, `Namespace:\t${quota.metadata.namespace}`);
  scopeLines(out, quota, { level: 0, indent: ' ' });
  out.line(0, 'Resource\tUsed\tHard');
  out.line(0, '--------\t----\t----');
  for (const row of usageRows(quota)) out.line(0, row);
});

/** v1 LimitRange. */
export const describeLimits = describerOf<LimitRange>((out, range) => {
  out.line(0, `Name:\t${range.metadata.name}`);
  out.line(0, `Namespace:\t${range.metadata.namespace}`);
  for (const row of limitRows([range])) out.line(0, row);
});
