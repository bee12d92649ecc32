import type { KubeObject } from '../../api/meta.ts';

/** What a verb makes of an object. Pure result: the client turns it into a write. */
export type Transition =
  /** Write `object`; what it was before decides whether this is a creation. */
  | {
      readonly did: 'created' | 'updated' | 'deleting';
      readonly object: KubeObject;
      readonly warnings: readonly string[];
    }
  /** Write nothing. */
  | {
      readonly did: 'unchanged' | 'pending';
      readonly object: KubeObject;
      readonly warnings: readonly string[];
    }
  /** Remove the object; `object` is its last state. */
  | { readonly did: 'deleted'; readonly object: KubeObject; readonly warnings: readonly string[] };
