import { spell } from '../store/form-text.ts';
import type { FormText } from '../store/store.ts';

/** A part of a form's value: one that all objects of the form have in common, a gap, or what holds gaps. */
type Part =
  | { readonly kind: 'common'; readonly value: unknown }
  | { readonly kind: 'gap'; readonly index: number }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [string, Part])[] }
  | { readonly kind: 'list'; readonly items: readonly Part[] };

/** Null for forms that cannot be read piece by piece. */
const known = new WeakMap<readonly string[], Part | null>();

/**
 * The value of a JSON text that is given by its form. What lies outside the gaps is the same object, by identity, in all
 * values of one form: it is parsed once, and a hundred thousand objects of a make need the memory of their differences.
 */
export function readForm(form: FormText): unknown {
  const { pieces, fills } = form;
  let part = known.get(pieces);
  if (part === undefined) {
    part = pieces.some((piece) => CONFUSING.test(piece)) ? null : partOf(pieces);
    known.set(pieces, part);
  }
  return part === null ? JSON.parse(spell(form)) : fill(part, fills);
}

/** Texts whose strings could be taken for gaps, or whose keys are no ordinary properties. */
const CONFUSING = /\\u0000|__proto__/;

/** Stands for a gap while the form is parsed; no JSON text that we write holds the character as it is. */
const GAP = '\u0000';

function partOf(pieces: readonly string[]): Part {
  let text = pieces[0] ?? '';
  for (let index = 1; index < pieces.length; index++) text += `"\\u0000${index - 1}"${pieces[index] ?? ''}`;
  return partOfValue(JSON.parse(text));
}

function partOfValue(value: unknown): Part {
  if (typeof value === 'string' && value.startsWith(GAP))
    return { kind: 'gap', index: Number(value.slice(1)) };
  if (Array.isArray(value)) {
    const items = value.map(partOfValue);
    return items.every(({ kind }) => kind === 'common') ? { kind: 'common', value } : { kind: 'list', items };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'common', value };
  const fields = Object.entries(value).map(([name, item]) => [name, partOfValue(item)] as const);
  const isCommon = fields.every(([, { kind }]) => kind === 'common');
  return isCommon ? { kind: 'common', value } : { kind: 'record', fields };
}

function fill(part: Part, fills: readonly string[]): unknown {
  switch (part.kind) {
    case 'common':
      return part.value;
    case 'gap':
      return parseFill(fills[part.index] ?? '');
    case 'list':
      return part.items.map((item) => fill(item, fills));
    case 'record': {
      const record: Record<string, unknown> = {};
      for (const [name, field] of part.fields) record[name] = fill(field, fills);
      return record;
    }
  }
}

/** Most fills are strings without escapes. */
function parseFill(text: string): unknown {
  const isPlain = text.charCodeAt(0) === 0x22 && !text.includes('\\');
  return isPlain ? text.slice(1, -1) : JSON.parse(text);
}
