import type { Namespace } from '../../api/core.ts';
import { age } from '../../domain/duration.ts';
import { ageOf, createdAt, nameOf } from './cell-text.ts';
import { type Printed, tableKind } from './table.ts';

/** v1 Namespace. */
export const namespaceTable = tableKind<Namespace>(['Name', 'Status', 'Age'], (namespace, now) => [
  nameOf(namespace),
  namespace.status?.phase ?? '',
  ageOf(namespace, now),
]);

interface Bag extends Printed {
  readonly type?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly binaryData?: Readonly<Record<string, unknown>>;
}

/** v1 ConfigMap. */
export const configMapTable = tableKind<Bag>(['Name', '#Data', 'Age'], (configMap, now) => [
  nameOf(configMap),
  Object.keys(configMap.data ?? {}).length + Object.keys(configMap.binaryData ?? {}).length,
  ageOf(configMap, now),
]);

/** v1 Secret. */
export const secretTable = tableKind<Bag>(['Name', 'Type', '#Data', 'Age'], (secret, now) => [
  nameOf(secret),
  secret.type ?? '',
  Object.keys(secret.data ?? {}).length,
  ageOf(secret, now),
]);

interface Reference {
  readonly kind?: string;
  readonly name?: string;
  readonly fieldPath?: string;
}

/** An event of either group: `v1` names its fields as on the left, `events.k8s.io/v1` as on the right. */
interface Event extends Printed {
  readonly involvedObject?: Reference;
  readonly regarding?: Reference;
  readonly message?: string;
  readonly note?: string;
  readonly type?: string;
  readonly reason?: string;
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly deprecatedSource?: { readonly component?: string; readonly host?: string };
  readonly reportingComponent?: string;
  readonly reportingController?: string;
  readonly reportingInstance?: string;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly deprecatedFirstTimestamp?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly count?: number;
  readonly deprecatedCount?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
}

/** Events of both groups. Its wide columns stand in the middle, as upstream's do. */
export const eventTable = tableKind<Event>(
  [
    'Last Seen',
    'Type',
    'Reason',
    'Object',
    '+Subobject',
    '+Source',
    'Message',
    '+First Seen',
    '+#Count',
    '+Name',
  ],
  (event, now) => {
    const target = event.involvedObject ?? event.regarding;
    const kind = (target?.kind ?? '').toLowerCase();
    const first = event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime;
    const last = event.lastTimestamp ?? event.deprecatedLastTimestamp ?? first;
    return [
      age(event.series?.lastObservedTime ?? last, now),
      event.type ?? '',
      event.reason ?? '',
      target?.name ? `${kind}/${target.name}` : kind,
      target?.fieldPath ?? '',
      eventSource(event),
      (event.message ?? event.note ?? '').trim(),
      age(first, now),
      event.series?.count ?? (event.count || event.deprecatedCount || 1),
      nameOf(event),
    ];
  },
);

function eventSource(event: Event): string {
  const source = event.source ?? event.deprecatedSource;
  const component = source?.component || event.reportingComponent || event.reportingController || '';
  const instance = source?.host || event.reportingInstance || '';
  return instance === '' ? component : `${component}, ${instance}`;
}

interface ResourceQuota extends Printed {
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

/** v1 ResourceQuota: what is requested and what is limited, each `resource: used/hard`. */
export const resourceQuotaTable = tableKind<ResourceQuota>(
  ['Name', 'Request', 'Limit', 'Age'],
  (quota, now) => {
    const resources = Object.keys(quota.status?.hard ?? {}).sort();
    const text = (names: readonly string[]) =>
      names
        .map((name) => `${name}: ${quota.status?.used?.[name] ?? '0'}/${quota.status?.hard?.[name]}`)
        .join(', ');
    return [
      nameOf(quota),
      text(resources.filter((name) => !name.startsWith('limits'))),
      text(resources.filter((name) => name.startsWith('limits'))),
      ageOf(quota, now),
    ];
  },
);

/** Kinds that print their name and how old they are. */
export const ageTable = tableKind<Printed>(['Name', 'Age'], (object, now) => [
  nameOf(object),
  ageOf(object, now),
]);

/** Kinds that print their name and when they were created. */
export const createdAtTable = tableKind<Printed>(['Name', 'Created At'], (object) => [
  nameOf(object),
  createdAt(object),
]);
