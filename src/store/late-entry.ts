import { spell } from './form-text.ts';
import type { Entry, FormText } from './store.ts';

/** An entry whose text is spelled when it is asked for: those that read forms have no need of it. */
export function lateEntry(
  key: string,
  value: string | FormText,
  createRevision: number,
  modRevision: number,
): Entry {
  if (typeof value === 'string') return { key, value, createRevision, modRevision };
  let text: string | undefined;
  return {
    key,
    get value() {
      text ??= spell(value);
      return text;
    },
    form: value,
    createRevision,
    modRevision,
  };
}
