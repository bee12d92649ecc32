import type { Json } from '../../../api/meta.ts';
import { deepEqual } from '../../deep-equal.ts';
import { isEmpty, isList, isObject, own } from '../json-object.ts';
import type { PatchSchema } from '../patch-schema.ts';
import { type FieldSet, fieldSet, LEAF, NO_FIELDS } from './field-set.ts';
import { asList, asObject, granularity } from './granularity.ts';
import { fieldElement, itemElement } from './path-element.ts';

/** Where two states of an object differ. What is new or gone counts with everything in it. */
export interface Differences {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

const SAME: Differences = { added: NO_FIELDS, removed: NO_FIELDS, modified: NO_FIELDS };

/** Compares two states by the schema's granularity. Undefined means that there is nothing at this place. */
export function compareFields(
  before: Json | undefined,
  after: Json | undefined,
  schema: PatchSchema | undefined,
): Differences {
  // States of one object share what did not change.
  if (before === after) return SAME;
  const how = granularity(schema, before, after);
  if (how === 'leaf' || (isNothing(before) && isNothing(after))) return compareWhole(before, after);
  const below =
    how === 'object' ? compareObjects(before, after, schema) : compareItems(before, after, schema);
  const gather = (member: boolean, pick: (differences: Differences) => FieldSet) =>
    fieldSet(
      member,
      below.map(([element, differences]) => [element, pick(differences)]),
    );
  return {
    added: gather(before === undefined, ({ added }) => added),
    removed: gather(after === undefined, ({ removed }) => removed),
    modified: gather(false, ({ modified }) => modified),
  };
}

function isNothing(value: Json | undefined): boolean {
  if (isList(value)) return value.length === 0;
  return value === undefined || value === null || (isObject(value) && isEmpty(value));
}

function compareWhole(before: Json | undefined, after: Json | undefined): Differences {
  if (before === undefined) return { ...SAME, added: LEAF };
  if (after === undefined) return { ...SAME, removed: LEAF };
  return deepEqual(before, after) ? SAME : { ...SAME, modified: LEAF };
}

type Below = readonly (readonly [string, Differences])[];

function compareObjects(
  before: Json | undefined,
  after: Json | undefined,
  schema: PatchSchema | undefined,
): Below {
  const old = asObject(before);
  const next = asObject(after);
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].map((name) => [
    fieldElement(name),
    compareFields(own(old, name), own(next, name), schema?.field(name)),
  ]);
}

function compareItems(
  before: Json | undefined,
  after: Json | undefined,
  schema: PatchSchema | undefined,
): Below {
  if (schema === undefined) return [];
  const old = new Map(asList(before).map((item) => [itemElement(item, schema), item]));
  const next = new Map(asList(after).map((item) => [itemElement(item, schema), item]));
  return [...new Set([...old.keys(), ...next.keys()])].map((element) => [
    element,
    compareFields(old.get(element), next.get(element), schema.items),
  ]);
}
