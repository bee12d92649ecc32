import type { KubeObject } from '../api/meta.ts';
import type { FormText } from '../store/store.ts';
import { FormPaths } from './form-paths.ts';
import { encodeObject } from './stored-object.ts';

/** Of all objects that are written late: they are of few makes, and none of them changes any more. */
const paths = new FormPaths();

/**
 * An object's text that is written when somebody reads it. In a store in memory hardly anybody does: the one who wrote
 * the object finds it again as it is.
 */
export class LateText implements FormText {
  /** It must not change any more. */
  readonly object: KubeObject;
  #text: FormText | undefined;

  constructor(object: KubeObject) {
    this.object = object;
  }

  get pieces(): readonly string[] {
    return this.#written().pieces;
  }

  get fills(): readonly string[] {
    return this.#written().fills;
  }

  #written(): FormText {
    if (this.#text === undefined) {
      const text = encodeObject(this.object, paths);
      this.#text = typeof text === 'string' ? { pieces: [text], fills: [] } : text;
    }
    return this.#text;
  }
}
