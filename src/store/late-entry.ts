import { spell } from './form-text.ts';
import type { Entry, FormText } from './store.ts';

/** An entry whose text is spelled when it is asked for: those that read forms have no need of it. */
class LateEntry implements Entry {
  readonly key: string;
  readonly form: FormText;
  readonly createRevision: number;
  readonly modRevision: number;
  #text: string | undefined;

  constructor(key: string, form: FormText, createRevision: number, modRevision: number) {
    this.key = key;
    this.form = form;
    this.createRevision = createRevision;
    this.modRevision = modRevision;
  }

  get value(): string {
    this.#text ??= spell(this.form);
    return this.#text;
  }
}

/** The entry of a value that was written as it is, or by its form. */
export function lateEntry(
  key: string,
  value: string | FormText,
  createRevision: number,
  modRevision: number,
): Entry {
  if (typeof value === 'string') return { key, value, createRevision, modRevision };
  return new LateEntry(key, value, createRevision, modRevision);
}
