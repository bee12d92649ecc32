import type { KubeObject } from '../api/meta.ts';
import { BoundedMap } from '../runtime/bounded-map.ts';
import type { Entry } from '../store/store.ts';
import { readForm } from './form-reader.ts';
import { LateText } from './late-text.ts';
import { withResourceVersion } from './stored-object.ts';

/** The newest state of an object that this process knows. */
export interface KnownState {
  readonly modRevision: number;
  /** As it is stored, with its resourceVersion. */
  readonly object: KubeObject;
  /** Those that it was put with, where they are known. */
  readonly terms: readonly string[] | undefined;
}

/**
 * What lay under keys of the store when this process last wrote or read them: an object is parsed once, and not at all
 * by the one who wrote it. Others may have written since: a write that is planned on such a state must expect it, and
 * anything else that is concluded from it must be read again first.
 */
export class KnownStates {
  readonly #states: BoundedMap<string, KnownState>;

  /** @param limit how many keys are known at most; the one that became known first is forgotten */
  constructor(limit: number) {
    this.#states = new BoundedMap(limit);
  }

  get(key: string): KnownState | undefined {
    return this.#states.get(key);
  }

  set(key: string, state: KnownState): void {
    this.#states.set(key, state);
  }

  forget(key: string): void {
    this.#states.delete(key);
  }

  /** The state that an entry holds; remembered, unless a newer one of its key is. */
  read(entry: Entry): KnownState {
    const { key, modRevision } = entry;
    const known = this.#states.get(key);
    if (known?.modRevision === modRevision) return known;
    const state = { modRevision, object: parseObject(entry), terms: undefined };
    if (known === undefined || known.modRevision < modRevision) this.#states.set(key, state);
    return state;
  }

  /** The object of an entry. */
  decode(entry: Entry): KubeObject {
    return this.read(entry).object;
  }
}

function parseObject(entry: Entry): KubeObject {
  // The registry is the only writer of object keys, so the text is an object that it encoded.
  if (entry.form instanceof LateText) return lateObject(entry.form, entry.modRevision);
  if (entry.form !== undefined)
    return withResourceVersion(readForm(entry.form) as KubeObject, entry.modRevision);
  const object = JSON.parse(entry.value) as KubeObject & { metadata: { resourceVersion?: string } };
  object.metadata.resourceVersion = String(entry.modRevision);
  return object;
}

/** What was written in this process may carry its revision already. */
function lateObject({ object }: LateText, modRevision: number): KubeObject {
  return object.metadata.resourceVersion === String(modRevision)
    ? object
    : withResourceVersion(object, modRevision);
}
