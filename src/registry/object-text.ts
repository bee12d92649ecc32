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
  | FieldRules
  /** A list whose items have this rule. */
  | readonly [Rule]
  /** The store's own, which is not in the text. */
  | 'left out'
  /** Of which only the times differ. */
  | 'timed';

interface FieldRules {
  readonly [field: string]: Rule;
}

/** Where the node of a DaemonSet's pod stands. */
const NODE_AFFINITY: FieldRules = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ values: ['own'] }] }],
    },
  },
};

/**
 * The kinds that come in thousands of a make, and what differs between two of a make. It decides about space and speed
 * only: whatever the rules are, the form spells the object's JSON.
 */
const RULES: Readonly<Record<string, FieldRules | undefined>> = {
  'v1/Pod': {
    metadata: {
      name: 'own',
      uid: 'own',
      resourceVersion: 'left out',
      creationTimestamp: 'own',
      deletionTimestamp: 'own',
    },
    spec: { affinity: NODE_AFFINITY, nodeName: 'own' },
    status: {
      conditions: 'timed',
      containerStatuses: 'timed',
      initContainerStatuses: 'timed',
      hostIP: 'own',
      hostIPs: [{ ip: 'own' }],
      podIP: 'own',
      podIPs: [{ ip: 'own' }],
      startTime: 'own',
    },
  },
  'v1/Event': {
    metadata: { name: 'own', uid: 'own', resourceVersion: 'left out', creationTimestamp: 'own' },
    involvedObject: { name: 'own', uid: 'own', resourceVersion: 'own' },
    message: 'own',
    count: 'own',
    firstTimestamp: 'own',
    lastTimestamp: 'own',
  },
};

/**
 * The JSON of an object without its resourceVersion, as a form and its fills; undefined where its kind has no rules.
 * `paths` is what was written before.
 */
export function formOf(object: KubeObject, paths = new FormPaths()): FormText | undefined {
  const rules = RULES[`${object.apiVersion}/${object.kind}`];
  if (rules === undefined) return undefined;
  const writer = paths.write();
  writeFields(object, rules, writer);
  return writer.finished();
}

function writeFields(record: object, rules: FieldRules, writer: FormWriter): void {
  let isFirst = true;
  const fields = record as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (value === undefined || rule === 'left out') continue;
    write(name, isFirst, value, rule, writer);
    isFirst = false;
  }
  writer.endRecord(isFirst);
}

function write(
  name: string | null,
  isFirst: boolean,
  value: unknown,
  rule: Rule | undefined,
  writer: FormWriter,
): void {
  if (rule === 'own') writer.gap(name, isFirst, scalarText(value));
  else if (rule === 'timed') writeTimed(name, isFirst, value, writer);
  else if (rule === undefined || typeof rule === 'string' || typeof value !== 'object' || value === null)
    writer.value(name, isFirst, value);
  else if (isOfItems(rule)) writeItems(name, isFirst, value, rule, writer);
  else if (Array.isArray(value)) writer.value(name, isFirst, value);
  else {
    writer.record(name, isFirst);
    writeFields(value, rule, writer);
  }
}

function writeItems(
  name: string | null,
  isFirst: boolean,
  value: object,
  [rule]: readonly [Rule],
  writer: FormWriter,
): void {
  if (!Array.isArray(value)) {
    writer.value(name, isFirst, value);
    return;
  }
  writer.list(name, isFirst);
  for (let index = 0; index < value.length; index++)
    write(null, index === 0, value[index] ?? null, rule, writer);
  writer.endList();
}

function isOfItems(rule: FieldRules | readonly [Rule]): rule is readonly [Rule] {
  return Array.isArray(rule);
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
    for (let index = 0; index < value.length; index++)
      writeTimed(null, index === 0, value[index] ?? null, writer);
    writer.endList();
  } else {
    writer.record(name, isFirst);
    let isFirstField = true;
    const fields = value as Readonly<Record<string, unknown>>;
    for (const field of Object.keys(fields)) {
      const item = fields[field];
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
