import { deepEqual } from '../../deep-equal.ts';
import { formatRfc3339 } from '../../rfc3339.ts';
import { fromEntries, isObject, type JsonObject, own } from '../json-object.ts';
import { PatchError } from '../patch-error.ts';
import type { PatchSchema } from '../patch-schema.ts';
import { compareFields, type Differences } from './compare.ts';
import { type ApplyConflict, conflictsWith } from './conflicts.ts';
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  sameFields,
  singlePath,
  union,
  withoutSubtrees,
} from './field-set.ts';
import { fieldsLastApplied, KUBECTL, withLastAppliedConfiguration } from './last-applied.ts';
import {
  allFields,
  decodeManagedFields,
  encodeManagedFields,
  type ManagedEntry,
  type ManagerId,
  sameManager,
  withoutEmpty,
} from './managers.ts';
import { mergeApplied } from './merge.ts';
import { ownedFields } from './owned-fields.ts';
import { prune } from './prune.ts';

/** What both ways of writing say of themselves. */
interface Writing {
  /** The field manager's name. */
  readonly manager: string;
  /** '' or absent for the object itself. */
  readonly subresource?: string;
  /** The kind's schema; undefined for custom resources without one. */
  readonly schema: PatchSchema | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Fields that this endpoint does not write (`status` for the object itself), so that nobody comes to own them. */
  readonly resetFields?: readonly (readonly string[])[];
}

/** A server-side apply. */
export interface ServerSideApply extends Writing {
  /** The object as it is; undefined where there is none yet. */
  readonly live: JsonObject | undefined;
  /** The configuration: what the manager wants to own, and nothing else. */
  readonly applied: JsonObject;
  /** Take fields from other managers instead of failing with conflicts. */
  readonly force: boolean;
}

/** The object after the apply, before defaulting, with its managedFields; or who stands in the way. */
export type ApplyResult =
  | { readonly object: JsonObject; readonly conflicts?: undefined }
  | { readonly object?: undefined; readonly conflicts: readonly ApplyConflict[] };

/** Manager of the fields that an object had before anybody was tracked. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

/**
 * Server-side apply, by upstream's structured merge: lays the configuration over the live object, takes out what the
 * manager applied before and no longer does, and moves ownership. When nothing changes the result is `live` itself.
 *
 * @throws PatchError `BadRequest` when the configuration carries managedFields, `InternalError` when it has fields
 *   that the schema does not declare or list items without their keys
 */
export function applyServerSide(request: ServerSideApply): ApplyResult {
  const { live, applied, schema } = request;
  if (managedFieldsOf(applied) !== undefined) {
    throw new PatchError('BadRequest', 'metadata.managedFields must be nil');
  }
  const before = live === undefined ? identityOf(applied) : withoutManagedFields(live);
  const others = entriesOf(live, request);
  const self: ManagerId = {
    manager: request.manager,
    operation: 'Apply',
    apiVersion: textOf(applied, 'apiVersion'),
    subresource: request.subresource ?? '',
  };
  const last = others.find((entry) => sameManager(entry, self));
  // Nobody is tracked as the owner of a name, but what names the object must not be pruned.
  const named = ownedFields(applied, schema);
  const mine: ManagedEntry = {
    ...self,
    fields: trackedFields(named, request),
    time: last?.time,
  };
  const entries = [...others.filter((entry) => entry !== last), mine];
  const merged = mergeApplied(before, applied, schema);
  const next = asDocument(
    last === undefined ? merged : prune(merged, last.fields, union(allFields(entries), named), schema),
  );
  const differences = compareFields(before, next, schema);
  const contested = entries
    .filter((entry) => entry !== mine)
    .map((entry) => ({ ...entry, fields: intersection(entry.fields, changedFields(differences)) }))
    .filter((entry) => !isEmptySet(entry.fields));
  if (contested.length > 0 && !request.force) {
    const disputed = stillDisputed(contested, request);
    if (disputed.length > 0) return { conflicts: conflictsWith(disputed) };
  }
  const left = entries.map((entry) => (entry === mine ? mine : yieldFields(entry, differences)));
  const unchanged = deepEqual(before, next) && last !== undefined && sameFields(last.fields, mine.fields);
  if (live !== undefined && unchanged) return { object: live };
  const stamped = left.map((entry) =>
    entry === mine ? { ...mine, time: formatRfc3339(request.now) } : entry,
  );
  const object = withManagedFields(next, stamped);
  return { object: request.manager === KUBECTL ? withLastAppliedConfiguration(object, applied) : object };
}

/** The contested fields without those that kubectl takes over from its own client-side apply. */
function stillDisputed(
  contested: readonly ManagedEntry[],
  { live, manager, schema }: ServerSideApply,
): readonly ManagedEntry[] {
  if (manager !== KUBECTL || live === undefined) return contested;
  const conceded = fieldsLastApplied(live, schema);
  return withoutEmpty(contested.map((entry) => ({ ...entry, fields: difference(entry.fields, conceded) })));
}

/** A write by any other verb. */
export interface TrackedUpdate extends Writing {
  /** The state before; for a create the kind's empty object, as it is encoded. */
  readonly before: JsonObject;
  /** The state after, defaults included. Its own managedFields do not count. */
  readonly after: JsonObject;
}

/**
 * `after` with managedFields as create, update and patch leave them: the writer owns what it added and changed, and
 * others lose what was changed or removed.
 */
export function trackUpdate(request: TrackedUpdate): JsonObject {
  const self: ManagerId = {
    manager: request.manager,
    operation: 'Update',
    apiVersion: textOf(request.after, 'apiVersion'),
    subresource: request.subresource ?? '',
  };
  const entries = decodeManagedFields(managedFieldsOf(request.before));
  const after = withoutManagedFields(request.after);
  const differences = compareFields(withoutManagedFields(request.before), after, request.schema);
  const changed = trackedFields(changedFields(differences), request);
  const last = entries.find((entry) => sameManager(entry, self));
  const mine: ManagedEntry = {
    ...self,
    fields: union(difference(last?.fields ?? NO_FIELDS, differences.removed), changed),
    time: isEmptySet(changed) ? last?.time : formatRfc3339(request.now),
  };
  const others = entries.filter((entry) => entry !== last).map((entry) => yieldFields(entry, differences));
  return withManagedFields(after, [...others, mine]);
}

function changedFields({ added, modified }: Differences): FieldSet {
  return union(added, modified);
}

/** What an entry owns after somebody else's write. */
function yieldFields(entry: ManagedEntry, differences: Differences): ManagedEntry {
  const kept = difference(difference(entry.fields, changedFields(differences)), differences.removed);
  return sameFields(kept, entry.fields) ? entry : { ...entry, fields: kept };
}

/** Fields that the server owns and that no manager is tracked for. */
const UNTRACKED: FieldSet = [
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
]
  .map(singlePath)
  .reduce(union, NO_FIELDS);

function trackedFields(fields: FieldSet, { resetFields = [] }: Writing): FieldSet {
  const reset = resetFields
    .map((path) => singlePath(path.map((name) => `f:${name}`)))
    .reduce(union, NO_FIELDS);
  return difference(withoutSubtrees(fields, reset), UNTRACKED);
}

/** The managers of an object. One that was written before managers were tracked belongs to a stand-in. */
function entriesOf(live: JsonObject | undefined, request: ServerSideApply): readonly ManagedEntry[] {
  const entries = decodeManagedFields(live === undefined ? undefined : managedFieldsOf(live));
  if (live === undefined || entries.length > 0) return entries;
  const differences = compareFields(identityOf(live), live, request.schema);
  return [
    {
      manager: BEFORE_FIRST_APPLY,
      operation: 'Update',
      apiVersion: textOf(live, 'apiVersion'),
      subresource: '',
      fields: trackedFields(changedFields(differences), request),
      time: formatRfc3339(request.now),
    },
  ];
}

function textOf(object: JsonObject, name: string): string {
  const value = own(object, name);
  return typeof value === 'string' ? value : '';
}

/** An object of the same kind that has nothing yet. */
function identityOf(object: JsonObject): JsonObject {
  return { apiVersion: textOf(object, 'apiVersion'), kind: textOf(object, 'kind'), metadata: {} };
}

function asDocument(value: unknown): JsonObject {
  // A merge of two objects is an object.
  return value as JsonObject;
}

function managedFieldsOf(object: JsonObject) {
  const metadata = own(object, 'metadata');
  return isObject(metadata) ? own(metadata, 'managedFields') : undefined;
}

function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = own(object, 'metadata');
  if (!isObject(metadata) || !Object.hasOwn(metadata, 'managedFields')) return object;
  return {
    ...object,
    metadata: fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields')),
  };
}

function withManagedFields(object: JsonObject, entries: readonly ManagedEntry[]): JsonObject {
  const kept = withoutEmpty(entries);
  if (kept.length === 0) return object;
  const metadata = own(object, 'metadata');
  return {
    ...object,
    metadata: { ...(isObject(metadata) ? metadata : {}), managedFields: encodeManagedFields(kept) },
  };
}
