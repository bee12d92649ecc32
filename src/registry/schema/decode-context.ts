import type { StructNode } from './type-node.ts';

/** Go's decoder collects at most this many strict errors. */
const MAX_STRICT_ERRORS = 100;

/** Ends a decoding at once, as an error of a type that decodes itself does in Go. */
export class DecodeAbort extends Error {}

/**
 * What one decoding remembers: where it stands, and what it has found wrong. Go goes on after a type mismatch and
 * reports the first, but ends at once when a type that decodes itself refuses its value.
 */
export class DecodeContext {
  /** Whether empty lists and maps stay apart from absent ones. */
  readonly keepsEmpty: boolean;
  /** Go paths of the fields entered, without list indexes and map keys: what Go prints. */
  readonly fieldStack: string[] = [];
  /** Field names, map keys and list indexes entered: what strict errors print. */
  readonly path: (string | number)[] = [];
  /** The struct that the innermost field belongs to. */
  struct: StructNode | undefined;
  /** The first type mismatch. */
  mismatch: string | undefined;
  readonly strictErrors: string[] = [];
  readonly #seen = new Set<string>();

  constructor(keepsEmpty: boolean) {
    this.keepsEmpty = keepsEmpty;
  }

  /** `json: cannot unmarshal WHAT into Go …`. `what` is `number 1.5`, `array`, … */
  mismatchText(what: string, goType: string): string {
    const into =
      this.struct === undefined
        ? 'Go value'
        : `Go struct field ${this.struct.goName}.${this.fieldStack.join('.')}`;
    return `json: cannot unmarshal ${what} into ${into} of type ${goType}`;
  }

  /** Records a mismatch; decoding goes on. */
  mismatched(what: string, goType: string): void {
    this.mismatch ??= this.mismatchText(what, goType);
  }

  unknownField(name: string): void {
    const text = `unknown field ${JSON.stringify(this.pathText(name))}`;
    if (this.strictErrors.length >= MAX_STRICT_ERRORS || this.#seen.has(text)) return;
    this.#seen.add(text);
    this.strictErrors.push(text);
  }

  /** `spec.containers[0].NAME`. */
  pathText(name: string): string {
    let text = '';
    for (const step of [...this.path, name]) {
      if (typeof step === 'number') text += `[${step}]`;
      else text += text === '' ? step : `.${step}`;
    }
    return text;
  }
}

/** How Go's decoder calls a JSON value in a mismatch. */
export function jsonKindOf(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'number';
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}
