import type { FormText } from '../store/store.ts';

/** What may come after a value's name other than the value: a gap, and what nests. None equals a value of JSON. */
const GAP = Symbol('gap');
const RECORD = Symbol('record');
const LIST = Symbol('list');
const END = Symbol('end');

/** A part of a text that was written after certain other parts. */
interface Step {
  /** The name of the field; null for an item of a list, and at ends. */
  readonly name: string | null;
  /** The value (an object stands for its text, by identity), or one of the symbols. */
  readonly token: unknown;
  /** What it adds to the text; at a gap, what stands before that. */
  readonly text: string;
  readonly before: Step | undefined;
  /** What has come after it, the last one first. */
  readonly next: Step[];
  /** The pieces of the text that ends here. */
  pieces: readonly string[] | undefined;
}

/** How many ways may go on from a step: the makes that are written by turns, or values that should have been gaps. */
const WAYS = 64;
/** From so many steps on, most belong to objects that are gone. */
const STEPS = 50_000;
/** How many forms are remembered, that texts of different objects come to be of the same one. */
const FORMS = 8;

/**
 * What was written of objects, step by step. Objects of one make take the same way, on which nothing has to be spelled
 * but what is their own. Good for as long as nobody changes the objects.
 */
export class FormPaths {
  #start = startOfText();
  #steps = 0;
  readonly #forms: (readonly string[])[] = [];

  /** A text that begins. */
  write(): FormWriter {
    if (this.#steps > STEPS) {
      this.#start = startOfText();
      this.#steps = 0;
    }
    return new FormWriter(this, this.#start);
  }

  /** The step after another, which is new. */
  add(before: Step, name: string | null, token: unknown, text: string): Step {
    this.#steps += 1;
    const step: Step = { name, token, text, before, next: [], pieces: undefined };
    if (before.next.unshift(step) > WAYS) before.next.pop();
    return step;
  }

  /** The pieces of the text that ends with a step: the same list for the same pieces, if they are not long forgotten. */
  piecesOf(last: Step): readonly string[] {
    if (last.pieces === undefined) {
      const pieces = piecesTo(last);
      const known = this.#forms.find((form) => isSameForm(form, pieces));
      if (known === undefined && this.#forms.unshift(pieces) > FORMS) this.#forms.pop();
      last.pieces = known ?? pieces;
    }
    return last.pieces;
  }
}

/** Writes the JSON of one object: its fields in their order, each told whether it is the first one of its record or list. */
export class FormWriter {
  readonly #paths: FormPaths;
  #at: Step;
  readonly #fills: string[] = [];

  constructor(paths: FormPaths, start: Step) {
    this.#paths = paths;
    this.#at = start;
  }

  /** A value that others share: a scalar, or an object that nobody changes. */
  value(name: string | null, isFirst: boolean, value: unknown): void {
    if (!this.#follow(name, value)) this.#learn(name, value, lead(name, isFirst) + JSON.stringify(value));
  }

  /** A gap, which `fill` fills. */
  gap(name: string | null, isFirst: boolean, fill: string): void {
    if (!this.#follow(name, GAP)) this.#learn(name, GAP, lead(name, isFirst));
    this.#fills.push(fill);
  }

  /** The fields of a record come next, then its end. */
  record(name: string | null, isFirst: boolean): void {
    if (!this.#follow(name, RECORD)) this.#learn(name, RECORD, lead(name, isFirst));
  }

  endRecord(isEmpty: boolean): void {
    if (!this.#follow(null, END)) this.#learn(null, END, isEmpty ? '{}' : '}');
  }

  /** The items of a list come next, then its end. */
  list(name: string | null, isFirst: boolean): void {
    if (!this.#follow(name, LIST)) this.#learn(name, LIST, `${lead(name, isFirst)}[`);
  }

  endList(): void {
    if (!this.#follow(null, END)) this.#learn(null, END, ']');
  }

  finished(): FormText {
    return { pieces: this.#paths.piecesOf(this.#at), fills: this.#fills };
  }

  #follow(name: string | null, token: unknown): boolean {
    const { next } = this.#at;
    for (let at = 0; at < next.length; at++) {
      const step = next[at];
      if (step === undefined || step.token !== token || step.name !== name) continue;
      if (at > 0) {
        next.splice(at, 1);
        next.unshift(step);
      }
      this.#at = step;
      return true;
    }
    return false;
  }

  #learn(name: string | null, token: unknown, text: string): void {
    this.#at = this.#paths.add(this.#at, name, token, text);
  }
}

function startOfText(): Step {
  return { name: null, token: undefined, text: '', before: undefined, next: [], pieces: undefined };
}

/** What stands before a value; a record's first field opens it. */
function lead(name: string | null, isFirst: boolean): string {
  if (name === null) return isFirst ? '' : ',';
  return `${isFirst ? '{' : ','}${JSON.stringify(name)}:`;
}

function piecesTo(last: Step): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let step: Step | undefined = last; step !== undefined; step = step.before) {
    if (step.token === GAP) {
      pieces.push(piece);
      piece = '';
    }
    piece = step.text + piece;
  }
  return [...pieces, piece].reverse();
}

function isSameForm(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((piece, index) => piece === b[index]);
}
