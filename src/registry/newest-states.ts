import type { KubeObject } from '../api/meta.ts';
import { BoundedMap } from '../runtime/bounded-map.ts';

/** The newest state of an object that this process knows. */
export interface KnownState {
  readonly modRevision: number;
  /** As it is stored. */
  readonly object: KubeObject;
  /** Those that it was put with, where they are known. */
  readonly terms?: readonly string[];
}

/** How many keys are known at most: several times what is on its way between two agents. */
const KEPT = 1 << 14;

/**
 * What lay under keys of the store when this process last wrote them. Others may have written since: a write that is
 * planned on such a state must expect it, and anything else that is concluded from it must be read again first.
 */
export class NewestStates {
  readonly #states = new BoundedMap<string, KnownState>(KEPT);

  get(key: string): KnownState | undefined {
    return this.#states.get(key);
  }

  set(key: string, state: KnownState): void {
    this.#states.set(key, state);
  }

  forget(key: string): void {
    this.#states.delete(key);
  }
}
