import type { KubeObject } from '../../api/meta.ts';
import type { Random } from '../../runtime/random.ts';
import type { ServedKind } from '../served-kind.ts';

/** What a write may look up besides its own object; gathered before the verbs run. */
export interface Lookups {
  /** The namespace with this name, or null. */
  namespace(name: string): KubeObject | null;
  /** All PriorityClasses. */
  priorityClasses(): readonly KubeObject[];
  /** All CustomResourceDefinitions. */
  definitions(): readonly KubeObject[];
}

/** Where time, chance and other objects come from during one write. */
export interface WriteContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly random: Random;
  readonly lookups: Lookups;
  /** Whose writes are answered by the same examples: the client that they go through. */
  readonly client: object;
}

/**
 * What is particular about writing a kind: upstream's registry strategies and the admission plugins that belong to
 * one kind. Pure: every method returns an object that shares what it leaves alone. Refusals are thrown as StatusError.
 */
export interface Strategy {
  /** Whether a PUT of a missing object creates it. */
  readonly createOnUpdate: boolean;
  /** Whether a PUT may leave the resourceVersion out (last write wins). */
  readonly unconditionalUpdate: boolean;
  /** Admission and preparation of a new object, before validation. */
  prepareForCreate(object: KubeObject, kind: ServedKind, context: WriteContext): KubeObject;
  /** Takes over from `previous` what this write may not change, and counts generations. */
  prepareForUpdate(
    next: KubeObject,
    previous: KubeObject,
    kind: ServedKind,
    context: WriteContext,
  ): KubeObject;
  /** The same for a write to the `status` subresource. */
  prepareForStatusUpdate(next: KubeObject, previous: KubeObject, kind: ServedKind): KubeObject;
  /**
   * Seconds that a deletion leaves the object to its node; absent for kinds that go at once.
   * `asked` is the delete option.
   */
  readonly gracePeriodSeconds?: (object: KubeObject, asked: number | undefined) => number;
  /** What the first deletion changes besides metadata (a namespace's phase). */
  readonly markDeleted?: (object: KubeObject, context: WriteContext) => KubeObject;
  /** Whether something other than metadata.finalizers holds a deleted object (a namespace's spec.finalizers). */
  readonly holdsDeletion?: (object: KubeObject) => boolean;
  /** Throws when this object may never be deleted. */
  readonly refuseDeletion?: (object: KubeObject, kind: ServedKind) => void;
}
