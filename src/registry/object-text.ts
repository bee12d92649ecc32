import type { KubeObject } from '../api/meta.ts';
import type { FormText } from '../store/store.ts';

/** How a field's value goes into an object's text. */
type Rule =
  /** It is much the same in all objects of one make: part of the form. */
  | 'shared'
  /** It differs from object to object: a gap of the form, and its value one fill. */
  | 'own'
  /** A record whose fields have rules; those without one are shared. */
  | { readonly [field: string]: Rule }
  /** Of which only the times differ. */
  | 'timed';

/**
 * The kinds that come in thousands of a make, and what differs between two of a make. It decides about space and speed
 * only: whatever the rules are, the form spells the object's JSON.
 */
const RULES: Readonly<Record<string, { readonly [field: string]: Rule } | undefined>> = {
  'v1/Pod': {
    metadata: { name: 'own', uid: 'own', creationTimestamp: 'own', deletionTimestamp: 'own' },
    spec: { affinity: 'own', nodeName: 'own' },
    status: {
      conditions: 'timed',
      containerStatuses: 'timed',
      initContainerStatuses: 'timed',
      hostIP: 'own',
      hostIPs: 'own',
      podIP: 'own',
      podIPs: 'own',
      startTime: 'own',
    },
  },
  'v1/Event': {
    metadata: { name: 'own', uid: 'own', creationTimestamp: 'own' },
    involvedObject: { name: 'own', uid: 'own', resourceVersion: 'own' },
    message: 'own',
    count: 'own',
    firstTimestamp: 'own',
    lastTimestamp: 'own',
  },
};

/** What the objects of one batch share. Good for as long as nobody can change them. */
export interface SharedTexts {
  /** Texts of values that many objects have, by identity. */
  readonly texts: Map<object, FormText>;
  /** The newest forms: objects of one make get the same list of pieces. */
  readonly forms: (readonly string[])[];
}

/** Nothing is shared yet. */
export function sharedTexts(): SharedTexts {
  return { texts: new Map(), forms: [] };
}

/** How many forms a batch remembers. */
const FORMS = 8;

/** The JSON of an object, as a form and its fills where its kind has rules. */
export function objectText(object: KubeObject, shared: SharedTexts = sharedTexts()): string | FormText {
  const rules = RULES[`${object.apiVersion}/${object.kind}`];
  if (rules === undefined) return JSON.stringify(object);
  const writer = new FormWriter(shared);
  writeRecord(object, rules, writer);
  const { pieces, fills } = writer.finished();
  const known = shared.forms.find((form) => isSameForm(form, pieces));
  if (known === undefined && shared.forms.unshift(pieces) > FORMS) shared.forms.pop();
  return { pieces: known ?? pieces, fills };
}

function isSameForm(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((piece, index) => piece === b[index]);
}

class FormWriter {
  readonly #pieces: string[] = [];
  readonly #fills: string[] = [];
  readonly shared: SharedTexts;
  #piece = '';

  constructor(shared: SharedTexts) {
    this.shared = shared;
  }

  fixed(text: string): void {
    this.#piece += text;
  }

  gap(fill: string): void {
    this.#pieces.push(this.#piece);
    this.#fills.push(fill);
    this.#piece = '';
  }

  append({ pieces, fills }: FormText): void {
    this.#piece += pieces[0] ?? '';
    for (let at = 0; at < fills.length; at++) {
      this.gap(fills[at] ?? '');
      this.#piece += pieces[at + 1] ?? '';
    }
  }

  finished(): FormText {
    return { pieces: [...this.#pieces, this.#piece], fills: this.#fills };
  }
}

function writeRecord(record: object, rules: { readonly [field: string]: Rule }, writer: FormWriter): void {
  let separator = '{';
  const fields = record as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    writer.fixed(`${separator}${nameText(name)}`);
    separator = ',';
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === 'own') writer.gap(scalarText(value));
    else if (typeof value !== 'object' || value === null) writer.fixed(scalarText(value));
    else if (rule === undefined || rule === 'shared') writer.append(sharedText(value, false, writer.shared));
    else if (rule === 'timed') writer.append(sharedText(value, true, writer.shared));
    else if (Array.isArray(value)) writer.fixed(JSON.stringify(value));
    else writeRecord(value, rule, writer);
  }
  writer.fixed(separator === '{' ? '{}' : '}');
}

function sharedText(value: object, timed: boolean, shared: SharedTexts): FormText {
  let text = shared.texts.get(value);
  if (text === undefined) {
    const writer = new FormWriter(shared);
    if (timed) writeTimed(value, writer);
    else writer.fixed(JSON.stringify(value));
    text = writer.finished();
    shared.texts.set(value, text);
  }
  return text;
}

/** A time as the API server writes it; only such a string becomes a gap. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function writeTimed(value: unknown, writer: FormWriter): void {
  if (Array.isArray(value)) {
    writer.fixed('[');
    value.forEach((item, index) => {
      if (index > 0) writer.fixed(',');
      writeTimed(item ?? null, writer);
    });
    writer.fixed(']');
  } else if (typeof value === 'object' && value !== null) {
    let separator = '{';
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      writer.fixed(`${separator}${nameText(name)}`);
      separator = ',';
      writeTimed(item, writer);
    }
    writer.fixed(separator === '{' ? '{}' : '}');
  } else if (typeof value === 'string' && TIME.test(value)) writer.gap(`"${value}"`);
  else writer.fixed(scalarText(value));
}

const nameTexts = new Map<string, string>();

/** `"name":`. Names of fields that rules are about are few; those of label maps go another way. */
function nameText(name: string): string {
  let text = nameTexts.get(name);
  if (text === undefined) {
    text = `${JSON.stringify(name)}:`;
    if (nameTexts.size < 1000) nameTexts.set(name, text);
  }
  return text;
}

/** Printable ASCII without what JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

function scalarText(value: unknown): string {
  return typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}
