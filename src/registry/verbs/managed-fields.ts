import type { Json, KubeObject, ObjectMeta } from '../../api/meta.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { trackUpdate } from '../../domain/patch/apply/server-side-apply.ts';
import { isObject, type JsonObject } from '../../domain/patch/json-object.ts';
import { lookupType } from '../schema/schema-node.ts';
import { hasSubresource, type ServedKind } from '../served-kind.ts';
import { withMetadata } from '../strategies/generic.ts';

/**
 * Who writes. `fieldManager` absent: nobody is tracked, as the controllers and agents want it, whose objects would grow
 * by it. `applied`: server-side apply has reckoned the managers already.
 */
export interface Writer {
  readonly fieldManager?: string | undefined;
  readonly applied?: boolean | undefined;
}

/** The write itself, as tracking needs it. */
interface TrackedWrite extends Writer {
  readonly subresource?: string | undefined;
  /** The state before; null for a create. */
  readonly previous: KubeObject | null;
  /** The state after, as it is going to be stored. */
  readonly next: KubeObject;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The object with the managers that own its fields after this write. */
export function withManagers(kind: ServedKind, write: TrackedWrite): KubeObject {
  const { fieldManager, previous, next } = write;
  if (write.applied === true || fieldManager === undefined) return next;
  const before = previous ?? bare(kind);
  const object = trackUpdate({
    manager: fieldManager,
    subresource: write.subresource ?? '',
    schema: lookupType(kind.ref),
    now: write.now,
    resetFields: resetFields(kind, write.subresource),
    before: asJson(withMetadata(before, withField(before.metadata, next.metadata.managedFields))),
    after: asJson(next),
  });
  // Only the metadata are others.
  return object as unknown as KubeObject;
}

/** Fields that a write through this endpoint does not reach, so that its writer does not come to own them. */
export function resetFields(
  kind: ServedKind,
  subresource: string | undefined,
): readonly (readonly string[])[] {
  if (subresource === 'status') return [['spec']];
  return hasSubresource(kind, 'status') ? [['status']] : [];
}

/**
 * managedFields of a write: its own, where it has some; one that left them out does not mean to lose them. A list with
 * one empty entry takes them all away, as upstream's tracking does.
 */
export function carriedManagers(next: ObjectMeta, previous: ObjectMeta): ObjectMeta['managedFields'] {
  const given = next.managedFields;
  if (given === undefined || given === null || given.length === 0) return previous.managedFields;
  return given.length === 1 && deepEqual(given[0], {}) ? undefined : given;
}

function withField(metadata: ObjectMeta, managedFields: ObjectMeta['managedFields']): ObjectMeta {
  const { managedFields: _replaced, ...rest } = metadata;
  return managedFields === undefined ? rest : { ...rest, managedFields };
}

const bareObjects = new WeakMap<ServedKind, KubeObject>();

/** What Go encodes for an object of which nothing was said. */
function bare(kind: ServedKind): KubeObject {
  let object = bareObjects.get(kind);
  if (object === undefined) {
    const { group, version, kind: name } = kind.ref;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    object = kind.decode({ apiVersion, kind: name, metadata: {} }, 'Ignore').object;
    bareObjects.set(kind, object);
  }
  return object;
}

/** Objects of the registry are JSON through and through. */
export function asJson(object: KubeObject): JsonObject {
  const json = object as unknown as Json;
  if (!isObject(json)) throw new Error('registry: an object that is none');
  return json;
}
