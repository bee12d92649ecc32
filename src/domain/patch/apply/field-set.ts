import type { Json } from '../../../api/meta.ts';
import { fromEntries, isObject, type JsonObject } from '../json-object.ts';

/**
 * A set of places in an object, as a tree. Edges are path elements in the spelling of FieldsV1: `f:name` for a field,
 * `k:{"name":"x"}` for a list's item by its keys, `v:"x"` for a set's item by its value. `member` says whether the
 * place itself belongs to the set; places below it belong on their own account.
 */
export interface FieldSet {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

const NO_CHILDREN: ReadonlyMap<string, FieldSet> = new Map();

/** The empty set. */
export const NO_FIELDS: FieldSet = { member: false, children: NO_CHILDREN };
/** One place alone. */
export const LEAF: FieldSet = { member: true, children: NO_CHILDREN };

/** A set of a place and of places below it; empty ones are left out. */
export function fieldSet(member: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet {
  const kept = new Map<string, FieldSet>();
  for (const [element, child] of children) if (!isEmptySet(child)) kept.set(element, child);
  if (kept.size === 0) return member ? LEAF : NO_FIELDS;
  return { member, children: kept };
}

/** The set of the single place at a path of element spellings. */
export function singlePath(path: readonly string[]): FieldSet {
  return path.reduceRight<FieldSet>((below, element) => fieldSet(false, [[element, below]]), LEAF);
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.member && set.children.size === 0;
}

/** What is in either. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b;
  if (isEmptySet(b)) return a;
  const children = new Map(a.children);
  for (const [element, child] of b.children)
    children.set(element, union(children.get(element) ?? NO_FIELDS, child));
  return { member: a.member || b.member, children };
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return fieldSet(
    a.member && b.member,
    [...a.children].map(([element, child]) => [
      element,
      intersection(child, b.children.get(element) ?? NO_FIELDS),
    ]),
  );
}

/** What is in `a` and not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  return fieldSet(
    a.member && !b.member,
    [...a.children].map(([element, child]) => [
      element,
      difference(child, b.children.get(element) ?? NO_FIELDS),
    ]),
  );
}

/** What is in `a` and neither in `b` nor below a place in `b`. */
export function withoutSubtrees(a: FieldSet, b: FieldSet): FieldSet {
  if (b.member) return NO_FIELDS;
  return fieldSet(
    a.member,
    [...a.children].map(([element, child]) => [
      element,
      withoutSubtrees(child, b.children.get(element) ?? NO_FIELDS),
    ]),
  );
}

/** Whether two sets hold the same places. */
export function sameFields(a: FieldSet, b: FieldSet): boolean {
  if (a.member !== b.member || a.children.size !== b.children.size) return false;
  return [...a.children].every(([element, child]) => sameFields(child, b.children.get(element) ?? NO_FIELDS));
}

/** Every place of the set as a path of elements: the members among a place's children first, then what is below. */
export function pathsOf(set: FieldSet, path: readonly string[] = []): readonly (readonly string[])[] {
  const children = [...set.children].sort(([a], [b]) => (a < b ? -1 : 1));
  const members = children.filter(([, child]) => child.member).map(([element]) => [...path, element]);
  return [...members, ...children.flatMap(([element, child]) => pathsOf(child, [...path, element]))];
}

/** The set as `fieldsV1` spells it, keys sorted. */
export function encodeFieldsV1(set: FieldSet): JsonObject {
  const children = [...set.children].sort(([a], [b]) => (a < b ? -1 : 1));
  const below = children.map(([element, child]): [string, Json] => [element, encodeFieldsV1(child)]);
  return fromEntries(set.member && below.length > 0 ? [['.', {}], ...below] : below);
}

/** Reads `fieldsV1`; what is not an object counts as nothing. */
export function decodeFieldsV1(fields: Json | undefined): FieldSet {
  if (!isObject(fields)) return NO_FIELDS;
  return fieldSet(
    Object.hasOwn(fields, '.'),
    Object.entries(fields).flatMap(([element, below]) =>
      element === '.' ? [] : [[element, decodeElement(below)] as const],
    ),
  );
}

function decodeElement(below: Json): FieldSet {
  const set = decodeFieldsV1(below);
  return isEmptySet(set) ? LEAF : set;
}
