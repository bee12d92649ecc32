/**
 * What a patch needs to know of a place in an object: what is below it, and how lists and maps there merge. The
 * registry's `SchemaNode` is one. Where a schema is absent objects merge key by key and lists are replaced.
 */
export interface PatchSchema {
  /** A struct has declared fields, a map free keys; `any` is content without a schema. */
  readonly shape: 'struct' | 'map' | 'list' | 'scalar' | 'any';
  /** A declared field of a struct, or the value type of a map. */
  field(name: string): PatchSchema | undefined;
  /** The items of a list. */
  readonly items: PatchSchema | undefined;
  /** Strategic merge patch: `x-kubernetes-patch-merge-key`. */
  readonly mergeKey: string | undefined;
  /** Strategic merge patch: `x-kubernetes-patch-strategy`, split (`merge`, `replace`, `retainKeys`). */
  readonly patchStrategy: readonly string[];
  /** Server-side apply: `x-kubernetes-list-type`; absent means atomic. */
  readonly listType: 'atomic' | 'set' | 'map' | undefined;
  /** Server-side apply: `x-kubernetes-list-map-keys`. */
  readonly listMapKeys: readonly string[];
  /** Server-side apply: `atomic` for an object that is owned as a whole. */
  readonly mapType: 'atomic' | 'granular' | undefined;
}
