import type { Client } from '../../api/client.ts';
import type { Namespace } from '../../api/core.ts';
import type { KindRef } from '../../api/meta.ts';
import { describerOf } from './describer.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import { type LimitRange, limitRows, type ResourceQuota, scopeLines, usageRows } from './quotas.ts';
import type { TabbedText } from './tabbed-text.ts';
import { utcWithOffset } from './times.ts';

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
  for (const quota of items) {
    out.line(1, `Name:\t${quota.metadata.name}`);
    scopeLines(out, quota, { level: 1, indent: '  ' });
    out.line(1, 'Resource\tUsed\tHard');
    out.line(1, '--------\t---\t---');
    for (const row of usageRows(quota)) out.line(1, row);
  }
}

async function limitLines(out: TabbedText, client: Client, namespace: string): Promise<void> {
  const { items } = await client.list(LIMIT_RANGE, { namespace });
  if (items.length === 0) {
    out.raw('\nNo LimitRange resource.\n');
    return;
  }
  out.raw('\nResource Limits\n');
  for (const row of limitRows(items)) out.raw(` ${row}\n`);
}
