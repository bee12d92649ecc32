import type { KeyState } from './key-states.ts';
import type { FormText } from './store.ts';

/** The newest state of a key that was written, but not to the database. */
export interface PendingState extends KeyState {
  readonly key: string;
  /** Null when the key was deleted. */
  readonly value: string | FormText | null;
  readonly terms: readonly string[];
  /** What the database has; null where the key is absent. */
  readonly stored: KeyState | null;
}

/** Pending states by their keys. */
export class PendingStates {
  readonly #states = new Map<string, PendingState>();
  /** What the keys have before their last `/`: far fewer than keys. */
  readonly #folders = new Set<string>();

  get size(): number {
    return this.#states.size;
  }

  get(key: string): PendingState | undefined {
    return this.#states.get(key);
  }

  set(state: PendingState): void {
    const { size } = this.#states;
    this.#states.set(state.key, state);
    if (this.#states.size > size) this.#folders.add(folderOf(state.key));
  }

  delete(key: string): void {
    this.#states.delete(key);
  }

  /** Whether there may be keys with this prefix. */
  mayTouch(prefix: string): boolean {
    for (const folder of this.#folders) {
      if (folder.startsWith(prefix) || prefix.startsWith(folder)) return true;
    }
    return false;
  }

  /** In the order of their revisions. */
  inOrder(): readonly PendingState[] {
    return [...this.#states.values()].sort((a, b) => a.revision - b.revision);
  }

  clear(): void {
    this.#states.clear();
    this.#folders.clear();
  }
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
