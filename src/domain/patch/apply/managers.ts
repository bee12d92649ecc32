import type { Json } from '../../../api/meta.ts';
import { fromEntries, isList, isObject, own } from '../json-object.ts';
import { decodeFieldsV1, encodeFieldsV1, type FieldSet, isEmptySet, NO_FIELDS, union } from './field-set.ts';

/** Who wrote: a name, how (`Apply` or `Update`), through which version and subresource. */
export interface ManagerId {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

/** One entry of `metadata.managedFields`. */
export interface ManagedEntry extends ManagerId {
  readonly fields: FieldSet;
  /** RFC 3339; when the manager last changed something. */
  readonly time: string | undefined;
}

/** Whether two entries are one manager's. An applier stays the same through all versions. */
export function sameManager(a: ManagerId, b: ManagerId): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
  );
}

/** Reads `metadata.managedFields`; entries of other shapes are dropped. */
export function decodeManagedFields(entries: Json | undefined): readonly ManagedEntry[] {
  if (!isList(entries)) return [];
  return entries.filter(isObject).flatMap((entry) => {
    const text = (name: string) => {
      const value = own(entry, name);
      return typeof value === 'string' ? value : '';
    };
    const operation = text('operation');
    if (operation !== 'Apply' && operation !== 'Update') return [];
    const fields = decodeFieldsV1(own(entry, 'fieldsV1'));
    return [
      {
        manager: text('manager'),
        operation,
        apiVersion: text('apiVersion'),
        subresource: text('subresource'),
        fields,
        time: text('time') || undefined,
      },
    ];
  });
}

/** Writes `metadata.managedFields` in upstream's order: appliers first, then by time, name, version, subresource. */
export function encodeManagedFields(entries: readonly ManagedEntry[]): readonly Json[] {
  return [...entries]
    .sort(byUpstreamOrder)
    .map((entry) =>
      fromEntries([
        ['manager', entry.manager],
        ['operation', entry.operation],
        ['apiVersion', entry.apiVersion],
        ...(entry.time === undefined ? [] : [['time', entry.time] as const]),
        ['fieldsType', 'FieldsV1'],
        ['fieldsV1', encodeFieldsV1(entry.fields)],
        ...(entry.subresource === '' ? [] : [['subresource', entry.subresource] as const]),
      ]),
    );
}

function byUpstreamOrder(a: ManagedEntry, b: ManagedEntry): number {
  const keys = (entry: ManagedEntry) => [
    entry.operation,
    entry.time ?? '',
    entry.manager,
    entry.apiVersion,
    entry.subresource,
  ];
  const right = keys(b);
  for (const [index, left] of keys(a).entries()) {
    const other = right[index] ?? '';
    if (left !== other) return left < other ? -1 : 1;
  }
  return 0;
}

/** What all managers own together. */
export function allFields(entries: readonly ManagedEntry[]): FieldSet {
  return entries.reduce((fields, entry) => union(fields, entry.fields), NO_FIELDS);
}

/** The entries that still own something. */
export function withoutEmpty(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  return entries.filter((entry) => !isEmptySet(entry.fields));
}
