import type { KubeObject } from '../api/meta.ts';
import { BoundedMap } from '../runtime/bounded-map.ts';
import type { Entry } from '../store/store.ts';
import { readForm } from './form-reader.ts';
import { LateText } from './late-text.ts';
import { withResourceVersion } from './stored-object.ts';

/**
 * Objects by the revision of the write that made them. A revision names one state of one object for ever, so entries
 * never go stale; the oldest are dropped when there are more than `limit`.
 */
export class RevisionCache {
  readonly #objects: BoundedMap<number, KubeObject>;

  constructor(limit: number) {
    this.#objects = new BoundedMap(limit);
  }

  /** Keeps an object that is known to be the state at `revision`; it must carry that resourceVersion. */
  remember(revision: number, object: KubeObject): void {
    this.#objects.set(revision, object);
  }

  /** Drops a state that has been replaced, and that few will ask for again. */
  forget(revision: number): void {
    this.#objects.delete(revision);
  }

  /** The object of an entry, parsed at most once while it is remembered. */
  decode(entry: Entry): KubeObject {
    const known = this.#objects.get(entry.modRevision);
    if (known !== undefined) return known;
    const object = parseObject(entry);
    this.remember(entry.modRevision, object);
    return object;
  }
}

function parseObject(entry: Entry): KubeObject {
  // The registry is the only writer of object keys, so the text is an object that it encoded.
  if (entry.form instanceof LateText) return withResourceVersion(entry.form.object, entry.modRevision);
  if (entry.form !== undefined)
    return withResourceVersion(readForm(entry.form) as KubeObject, entry.modRevision);
  const object = JSON.parse(entry.value) as KubeObject & { metadata: { resourceVersion?: string } };
  object.metadata.resourceVersion = String(entry.modRevision);
  return object;
}
