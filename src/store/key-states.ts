import { normalTerms } from './commit-rules.ts';

/** Terms as a list, or as the JSON of one in the store's order. */
export type Terms = string | readonly string[];

/** What a writer must know of a live key: all but its value. */
export interface KeyState {
  readonly revision: number;
  readonly createRevision: number;
  readonly terms: Terms;
}

/** Terms as the log keeps them. */
export function termsText(terms: Terms): string {
  return typeof terms === 'string' ? terms : JSON.stringify(normalTerms(terms));
}

/** Terms as a list without repetitions. A text was written by `termsText`. */
export function termsList(terms: Terms): readonly string[] {
  return typeof terms === 'string' ? (JSON.parse(terms) as readonly string[]) : normalTerms(terms);
}

/** Whether the index need not change. */
export function sameTerms(a: Terms, b: Terms): boolean {
  return a === b || termsText(a) === termsText(b);
}

/** How many keys a generation of `KeyStates` has. */
const GENERATION = 1 << 15;

/**
 * States of keys, or that they are absent (null), as they are in the database: of the keys that were met last. It is up
 * to its owner to forget them when somebody else may have written.
 */
export class KeyStates {
  #young = new Map<string, KeyState | null>();
  #old = new Map<string, KeyState | null>();

  /** Undefined where nothing is known. */
  get(key: string): KeyState | null | undefined {
    const state = this.#young.get(key);
    return state === undefined ? this.#old.get(key) : state;
  }

  set(key: string, state: KeyState | null): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, state);
  }

  forgetAll(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
