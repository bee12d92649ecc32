import type { FieldValidation, ResourceInfo } from '../api/client.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';
import type { GroupResource } from './status-errors.ts';
import type { Strategy } from './strategies/strategy.ts';
import type { FieldError } from './validation/field-error.ts';

/** A body that could be read. */
export interface Decoded {
  /** In canonical form: as the API server would encode it again. */
  readonly object: KubeObject;
  /** Texts of `Warning:` headers about unknown and duplicate fields (fieldValidation Warn). */
  readonly warnings: readonly string[];
}

/**
 * A kind in one version as the verbs see it: its strategy, and the steps that its schema drives. Built-in kinds and
 * custom resources both come in this form, so every verb has one implementation. All methods are pure.
 */
export interface ServedKind {
  readonly info: ResourceInfo;
  readonly ref: KindRef;
  /** Group and plural of the place in the store; versions and aliases of a kind share it. */
  readonly storedAs: GroupResource;
  readonly strategy: Strategy;
  /**
   * Throws StatusError: 400 for a body of the wrong shape, or with unknown fields under Strict. `existing`: the state
   * that is there; what the body has of it, by identity, need not be read.
   */
  decode(body: unknown, fieldValidation: FieldValidation, existing?: KubeObject | null): Decoded;
  applyDefaults(object: KubeObject): KubeObject;
  validateCreate(object: KubeObject): readonly FieldError[];
  validateUpdate(next: KubeObject, previous: KubeObject): readonly FieldError[];
  validateStatusUpdate(next: KubeObject, previous: KubeObject): readonly FieldError[];
  /** Texts of `Warning:` headers. */
  warnings(object: KubeObject, previous: KubeObject | null): readonly string[];
  /** Applies a strategic merge patch; absent where the API takes none (custom resources). Throws PatchError. */
  readonly applyStrategicMergePatch?: (object: KubeObject, patch: unknown) => unknown;
  /** The `status` of an object whose writer may not set it; undefined where Go leaves it out. */
  emptyStatus(): unknown;
  /** From the form in the store to the version asked for; absent where both are the same. */
  readonly fromStored?: (stored: KubeObject) => KubeObject;
  /** The way back. */
  readonly toStored?: (object: KubeObject) => KubeObject;
  /** For custom resources: their definition. */
  readonly definition?: KubeObject;
}

/** Group and plural as errors name the resource. */
export function groupResource(kind: ServedKind): GroupResource {
  return { group: kind.info.group, resource: kind.info.plural };
}

/** Whether the kind has this subresource. */
export function hasSubresource(kind: ServedKind, subresource: string): boolean {
  return kind.info.subresources.includes(subresource);
}
