import type { Json } from '../../../api/meta.ts';
import { fromEntries } from '../json-object.ts';
import type { PatchSchema } from '../patch-schema.ts';
import { asList, asObject, granularity } from './granularity.ts';
import { itemElement } from './path-element.ts';

/** The live object with an applied configuration laid over it: what the configuration states wins. */
export function mergeApplied(live: Json | undefined, applied: Json, schema: PatchSchema | undefined): Json {
  if (live === undefined || live === null || applied === null) return applied;
  switch (granularity(schema, live, applied)) {
    case 'object': {
      const merged = new Map(Object.entries(asObject(live)));
      for (const [name, value] of Object.entries(asObject(applied))) {
        merged.set(name, mergeApplied(merged.get(name), value, schema?.field(name)));
      }
      return fromEntries(merged);
    }
    case 'items':
      return schema === undefined ? applied : mergeItems(asList(live), asList(applied), schema);
    default:
      return applied;
  }
}

/**
 * Merges keyed lists and sets. Applied items keep their order; live items that are not applied stay where they stood
 * among their live neighbours.
 */
function mergeItems(live: readonly Json[], applied: readonly Json[], schema: PatchSchema): readonly Json[] {
  const before = new Map(live.map((item) => [itemElement(item, schema), item]));
  const waiting = applied.map((item) => ({ element: itemElement(item, schema), item }));
  const named = new Set(waiting.map(({ element }) => element));
  const taken = new Set<string>();
  const merged: Json[] = [];
  let next = 0;
  const takeApplied = () => {
    const front = waiting[next++];
    if (front === undefined) return;
    taken.add(front.element);
    merged.push(mergeApplied(before.get(front.element), front.item, schema.items));
  };
  for (const [element, item] of before) {
    if (!named.has(element)) merged.push(item);
    else while (!taken.has(element)) takeApplied();
  }
  while (next < waiting.length) takeApplied();
  return merged;
}
