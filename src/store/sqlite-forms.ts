import { packFills, packPlain, SEPARATOR, spell, unpack } from './form-text.ts';
import type { FormText } from './store.ts';

/** The statements that forms need; each is prepared by the store. */
export interface FormTable {
  /** The id of the form with these pieces; undefined when it is not there. */
  find(pieces: string): number | undefined;
  /** Adds a form; ids are never given twice. */
  add(pieces: string): number;
  /** The pieces of a form; undefined when it is not there. */
  pieces(id: number): string | undefined;
}

/** How many forms a process remembers. */
const REMEMBERED = 1024;

/**
 * The forms of a store file: values that share their pieces are kept as the id of the form and their fills. A form is
 * kept from the second value on that this process writes with it, so that single values cost no form.
 */
export class Forms {
  readonly #table: FormTable;
  readonly #texts = new WeakMap<readonly string[], string>();
  readonly #ids = new Map<string, number>();
  readonly #seenOnce = new Set<string>();
  readonly #pieces = new Map<number, readonly string[]>();
  /** Forms that are known to be there in this transaction: another process may have dropped an unused one. */
  readonly #checked = new Set<number>();

  constructor(table: FormTable) {
    this.#table = table;
  }

  /** To be called at the start of each transaction that writes. */
  begin(): void {
    this.#checked.clear();
  }

  /** What to keep for a value; inside a transaction that writes. */
  pack(value: string | FormText): string {
    if (typeof value === 'string') return packPlain(value);
    const { pieces, fills } = value;
    const text = this.#textOf(pieces);
    const kept = fills.join(SEPARATOR);
    const isSound = text !== undefined && fills.length > 0 && count(kept) === fills.length - 1;
    const id = isSound ? this.#idOf(text) : undefined;
    return id === undefined ? packPlain(spell(value)) : packFills(id, kept);
  }

  /** The value that was kept, with its form when it has one. */
  unpack(kept: string): { readonly value: string; readonly form?: FormText } {
    const unpacked = unpack(kept);
    if (typeof unpacked === 'string') return { value: unpacked };
    const form = { pieces: this.#piecesOf(unpacked.formId), fills: unpacked.fills };
    return { value: spell(form), form };
  }

  /** The pieces as they are kept; undefined when they cannot be. Writers give the same list again and again. */
  #textOf(pieces: readonly string[]): string | undefined {
    let text = this.#texts.get(pieces);
    if (text === undefined) {
      text = pieces.join(SEPARATOR);
      if (count(text) !== pieces.length - 1) return undefined;
      this.#texts.set(pieces, text);
    }
    return text;
  }

  #idOf(text: string): number | undefined {
    const known = this.#ids.get(text);
    if (known !== undefined && this.#isThere(known)) return known;
    let id = this.#table.find(text);
    if (id === undefined) {
      if (known === undefined && !this.#seenOnce.has(text)) {
        remember(this.#seenOnce, text);
        return undefined;
      }
      id = this.#table.add(text);
    }
    this.#checked.add(id);
    this.#ids.delete(text);
    this.#ids.set(text, id);
    forgetOldest(this.#ids);
    return id;
  }

  #isThere(id: number): boolean {
    if (this.#checked.has(id)) return true;
    if (this.#table.pieces(id) === undefined) return false;
    this.#checked.add(id);
    return true;
  }

  #piecesOf(id: number): readonly string[] {
    let pieces = this.#pieces.get(id);
    if (pieces === undefined) {
      const text = this.#table.pieces(id);
      if (text === undefined) throw new Error(`store: form ${id} is missing`);
      pieces = text.split(SEPARATOR);
      this.#pieces.set(id, pieces);
      forgetOldest(this.#pieces);
    }
    return pieces;
  }
}

function count(text: string): number {
  let found = 0;
  for (let at = text.indexOf(SEPARATOR); at !== -1; at = text.indexOf(SEPARATOR, at + 1)) found++;
  return found;
}

function remember(set: Set<string>, text: string): void {
  set.add(text);
  forgetOldest(set);
}

/** Keeps a map or set, whose oldest entry comes first, at its size. */
function forgetOldest(entries: Map<unknown, unknown> | Set<unknown>): void {
  if (entries.size <= REMEMBERED) return;
  const oldest = entries.keys().next();
  if (!oldest.done) entries.delete(oldest.value);
}
