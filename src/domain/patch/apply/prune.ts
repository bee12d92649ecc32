import type { Json } from '../../../api/meta.ts';
import { fromEntries } from '../json-object.ts';
import type { PatchSchema } from '../patch-schema.ts';
import { type FieldSet, NO_FIELDS } from './field-set.ts';
import { asList, asObject, granularity } from './granularity.ts';
import { fieldElement, itemElement } from './path-element.ts';

/**
 * Takes out what a manager stated the last time, no longer states, and nobody else owns. A struct's field counts as
 * stated or owned when anything below it is.
 *
 * @param last what the manager owned before
 * @param owned what all managers own now
 */
export function prune(value: Json, last: FieldSet, owned: FieldSet, schema: PatchSchema | undefined): Json {
  if (last.children.size === 0) return value;
  switch (granularity(schema, value)) {
    case 'object':
      return fromEntries(
        Object.entries(asObject(value)).flatMap(([name, item]) => {
          const element = fieldElement(name);
          const kept = keep(item, element, last, owned, schema?.field(name), schema?.shape === 'struct');
          return kept === undefined ? [] : [[name, kept] as const];
        }),
      );
    case 'items':
      return schema === undefined
        ? value
        : asList(value).flatMap((item) => {
            const kept = keep(item, itemElement(item, schema), last, owned, schema.items, false);
            return kept === undefined ? [] : [kept];
          });
    default:
      return value;
  }
}

function keep(
  item: Json,
  element: string,
  last: FieldSet,
  owned: FieldSet,
  schema: PatchSchema | undefined,
  declared: boolean,
): Json | undefined {
  const wasOurs = last.children.get(element);
  if (wasOurs === undefined) return item;
  const now = owned.children.get(element) ?? NO_FIELDS;
  const had = wasOurs.member || declared;
  const has = now.member || (declared && now.children.size > 0);
  return had && !has ? undefined : prune(item, wasOurs, now, schema);
}
