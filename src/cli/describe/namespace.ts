import type { Client } from '../../api/client.ts';
import type { Namespace } from '../../api/core.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { describerOf } from './describer.ts';
import { annotationLines, labelLines, sortedEntries } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';
import { utcWithOffset } from './times.ts';

type Amounts = Readonly<Record<string, string>>;

interface ResourceQuota extends KubeObject {
  readonly status?: { readonly hard?: Amounts; readonly used?: Amounts };
}

interface LimitRange extends KubeObject {
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

const RESOURCE_QUOTA: KindRef<ResourceQuota> = { group: '', version: 'v1', kind: 'ResourceQuota' };
const LIMIT_RANGE: KindRef<LimitRange> = { group: '', version: 'v1', kind: 'LimitRange' };

/** v1 Namespace, with its quotas and limit ranges. */
export const describeNamespace = describerOf<Namespace>(async (out, { metadata, status }, { client }) => {
  out.line(0, `Name:\t${metadata.name}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  out.line(0, `Status:\t${status?.phase ?? ''}`);
  conditionLines(out, status?.conditions);
  await quotaLines(out, client, metadata.name ?? '');
  await limitLines(out, client, metadata.name ?? '');
});

function conditionLines(
  out: TabbedText,
  conditions: NonNullable<Namespace['status']>['conditions'] = [],
): void {
  if (conditions.length === 0) return;
  const head = ['Type', 'Status', 'LastTransitionTime', 'Reason', 'Message'];
  out.line(0, 'Conditions:');
  out.line(1, head.join('\t'));
  out.line(1, head.map((word) => '-'.repeat(word.length)).join('\t'));
  for (const { type, status, lastTransitionTime, reason = '', message = '' } of conditions) {
    out.line(1, [type, status, utcWithOffset(lastTransitionTime), reason, message].join('\t'));
  }
}

async function quotaLines(out: TabbedText, client: Client, namespace: string): Promise<void> {
  const { items } = await client.list(RESOURCE_QUOTA, { namespace });
  out.raw(items.length === 0 ? '\nNo resource quota.\n' : '\nResource Quotas\n');
  for (const { metadata, status } of items) {
    out.line(1, `Name:\t${metadata.name}`);
    out.line(1, 'Resource\tUsed\tHard');
    out.line(1, '--------\t---\t---');
    for (const [resource, hard] of sortedEntries(status?.hard)) {
      out.line(1, `${resource}\t${status?.used?.[resource] ?? '0'}\t${hard}`);
    }
  }
}

async function limitLines(out: TabbedText, client: Client, namespace: string): Promise<void> {
  const { items } = await client.list(LIMIT_RANGE, { namespace });
  if (items.length === 0) {
    out.raw('\nNo LimitRange resource.\n');
    return;
  }
  out.raw('\nResource Limits\n');
  const head = [
    'Type',
    'Resource',
    'Min',
    'Max',
    'Default Request',
    'Default Limit',
    'Max Limit/Request Ratio',
  ];
  out.raw(` ${head.join('\t')}\n ${head.map((word) => '-'.repeat(word.length)).join('\t')}\n`);
  for (const limit of items.flatMap(({ spec }) => spec?.limits ?? [])) {
    const { type, min, max, defaultRequest, default: most, maxLimitRequestRatio } = limit;
    const columns = [min, max, defaultRequest, most, maxLimitRequestRatio];
    const resources = new Set(columns.flatMap((amounts) => Object.keys(amounts ?? {})));
    for (const resource of [...resources].sort()) {
      const cells = columns.map((amounts) => amounts?.[resource] ?? '-');
      out.raw(` ${[type, resource, ...cells].join('\t')}\n`);
    }
  }
}
