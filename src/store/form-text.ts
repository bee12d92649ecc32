import type { FormText } from './store.ts';

/** Stands between the parts of a packed text, and between the pieces of a form. Neither may contain it. */
export const SEPARATOR = '\u001f';

/** What a packed text begins with; texts that begin with it by themselves are marked. */
const MARK = '\u0001';
/** In the place of a form's id: what follows is the text. */
const NO_FORM = 0;

/** The text that a form and its fills spell. */
export function spell({ pieces, fills }: FormText): string {
  let text = pieces[0] ?? '';
  for (let at = 0; at < fills.length; at++) text += (fills[at] ?? '') + (pieces[at + 1] ?? '');
  return text;
}

/** A value in full. */
export function valueText(value: string | FormText): string {
  return typeof value === 'string' ? value : spell(value);
}

/** How a value without a form is kept: as it is, unless it could be taken for a packed one. */
export function packPlain(text: string): string {
  return text.startsWith(MARK) ? `${MARK}${NO_FORM}${SEPARATOR}${text}` : text;
}

/** How fills, joined by separators, are kept beside the id of their form. */
export function packFills(formId: number, fills: string): string {
  return `${MARK}${formId}${SEPARATOR}${fills}`;
}

/** A kept text: the value itself, or the id of its form and what fills its gaps. */
export type Unpacked = string | { readonly formId: number; readonly fills: readonly string[] };

/** Reads what `packPlain` and `packFills` wrote. */
export function unpack(kept: string): Unpacked {
  if (!kept.startsWith(MARK)) return kept;
  const end = kept.indexOf(SEPARATOR);
  const formId = Number(kept.slice(MARK.length, end));
  const rest = kept.slice(end + 1);
  return formId === NO_FORM ? rest : { formId, fills: rest.split(SEPARATOR) };
}
