import type { ResourceInfo } from '../../api/client.ts';
import type { KubeObject, ObjectMeta, UnstructuredObject } from '../../api/meta.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { hasSubresource, type ServedKind } from '../served-kind.ts';
import type { Strategy } from './strategy.ts';

/** What most kinds differ in. */
export interface GenericOptions {
  /** Whether metadata.generation counts changes of what the object asks for. */
  readonly generation: boolean;
  /** Whether a status given on create is kept; otherwise it starts empty. */
  readonly keepsStatusOnCreate?: boolean;
  /** Whether a PUT of a missing object creates it; absent is false. */
  readonly createOnUpdate?: boolean;
  /** Whether a PUT may leave the resourceVersion out; absent is true. */
  readonly unconditionalUpdate?: boolean;
  /** Which metadata a write to the status may change; absent is all that is mutable. */
  readonly statusKeeps?: 'labels' | 'ownerReferences' | 'metadata';
}

/** The strategy of a kind that has nothing particular but these options. */
export function genericStrategy(options: GenericOptions): Strategy {
  return {
    createOnUpdate: options.createOnUpdate ?? false,
    unconditionalUpdate: options.unconditionalUpdate ?? true,
    prepareForCreate: (object, kind) => {
      const counted = options.generation ? withGeneration(object, 1) : object;
      const drops = hasSubresource(kind, 'status') && options.keepsStatusOnCreate !== true;
      return drops ? withStatus(counted, kind.emptyStatus()) : counted;
    },
    prepareForUpdate: (next, previous, kind) => {
      const kept = hasSubresource(kind, 'status') ? withStatus(next, fieldOf(previous, 'status')) : next;
      return options.generation && asksForMore(kept, previous) ? bumpGeneration(kept, previous) : kept;
    },
    prepareForStatusUpdate: (next, previous) => {
      const restored = withStatus(previous, fieldOf(next, 'status'));
      return withMetadata(restored, statusMetadata(next.metadata, previous.metadata, options.statusKeeps));
    },
  };
}

function statusMetadata(
  next: ObjectMeta,
  previous: ObjectMeta,
  keeps: GenericOptions['statusKeeps'],
): ObjectMeta {
  if (keeps === undefined) return next;
  if (keeps === 'metadata') return previous;
  const { [keeps]: _dropped, ...rest } = next;
  const kept = previous[keeps];
  return kept === undefined ? rest : { ...rest, [keeps]: kept };
}

/** A field that the compiler does not know of this object. */
export function fieldOf(object: KubeObject, field: string): unknown {
  return (object as UnstructuredObject)[field];
}

/** The object with this field; undefined removes it. */
export function withField(object: KubeObject, field: string, value: unknown): KubeObject {
  if (value === undefined) {
    if (!(field in object)) return object;
    const { [field]: _dropped, ...rest } = object as UnstructuredObject;
    // Only a field beyond apiVersion, kind and metadata is ever dropped.
    return rest as unknown as KubeObject;
  }
  // A spread of an object with one more field is still that object's type.
  return { ...object, [field]: value } as KubeObject;
}

/** The object with this status; undefined removes it. */
export function withStatus(object: KubeObject, status: unknown): KubeObject {
  return status === undefined ? withField(object, 'status', status) : ({ ...object, status } as KubeObject);
}

/** The object with these metadata. */
export function withMetadata(object: KubeObject, metadata: ObjectMeta): KubeObject {
  return { ...object, metadata };
}

/** The object with this generation. */
export function withGeneration(object: KubeObject, generation: number): KubeObject {
  return withMetadata(object, { ...object.metadata, generation });
}

/** The object with the generation after the previous one's. */
export function bumpGeneration(object: KubeObject, previous: KubeObject): KubeObject {
  return withGeneration(object, (previous.metadata.generation ?? 0) + 1);
}

/**
 * Whether two states of an object differ in what they ask for: in anything but apiVersion, kind, metadata and status.
 * Objects are in canonical form, so equal JSON is upstream's semantic equality.
 */
export function asksForMore(next: KubeObject, previous: KubeObject): boolean {
  const fields = new Set([...Object.keys(next), ...Object.keys(previous)]);
  for (const field of fields) {
    if (field === 'apiVersion' || field === 'kind' || field === 'metadata' || field === 'status') continue;
    if (!deepEqual(fieldOf(next, field), fieldOf(previous, field))) return true;
  }
  return false;
}

/** A field of a field, or undefined; for reading what the compiler does not know. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[step];
  }
  return current;
}

const kindNames = new WeakMap<ResourceInfo, string>();

/** A kind's name within its group, as tables of strategies are keyed: `apps/DaemonSet`, `/Pod`. */
export function kindName({ info }: Pick<ServedKind, 'info'>): string {
  let name = kindNames.get(info);
  if (name === undefined) {
    name = `${info.group}/${info.kind}`;
    kindNames.set(info, name);
  }
  return name;
}
