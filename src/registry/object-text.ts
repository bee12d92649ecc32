import type { KubeObject } from '../api/meta.ts';
import type { FormText } from '../store/store.ts';
import { FormPaths, type FormWriter } from './form-paths.ts';

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

/** The JSON of an object, as a form and its fills where its kind has rules. `paths` is what was written before. */
export function objectText(object: KubeObject, paths = new FormPaths()): string | FormText {
  const rules = RULES[`${object.apiVersion}/${object.kind}`];
  if (rules === undefined) return JSON.stringify(object);
  const writer = paths.write();
  writeFields(object, rules, writer);
  return writer.finished();
}

function writeFields(record: object, rules: { readonly [field: string]: Rule }, writer: FormWriter): void {
  let isFirst = true;
  const fields = record as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === 'own') writer.gap(name, isFirst, scalarText(value));
    else if (rule === undefined || rule === 'shared' || typeof value !== 'object' || value === null)
      writer.value(name, isFirst, value);
    else if (rule === 'timed') writeTimed(name, isFirst, value, writer);
    else if (Array.isArray(value)) writer.value(name, isFirst, value);
    else {
      writer.record(name, isFirst);
      writeFields(value, rule, writer);
    }
    isFirst = false;
  }
  writer.endRecord(isFirst);
}

/** A time as the API server writes it; only such a string becomes a gap. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function isTime(value: unknown): value is string {
  return typeof value === 'string' && value.length === 20 && TIME.test(value);
}

function writeTimed(name: string | null, isFirst: boolean, value: unknown, writer: FormWriter): void {
  if (isTime(value)) writer.gap(name, isFirst, `"${value}"`);
  else if (typeof value !== 'object' || value === null) writer.value(name, isFirst, value);
  else if (Array.isArray(value)) {
    writer.list(name, isFirst);
    value.forEach((item, index) => {
      writeTimed(null, index === 0, item ?? null, writer);
    });
    writer.endList();
  } else {
    writer.record(name, isFirst);
    let isFirstField = true;
    for (const [field, item] of Object.entries(value)) {
      if (item === undefined) continue;
      writeTimed(field, isFirstField, item, writer);
      isFirstField = false;
    }
    writer.endRecord(isFirstField);
  }
}

/** Printable ASCII without what JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

function scalarText(value: unknown): string {
  return typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}
