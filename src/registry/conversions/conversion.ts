import type { KubeObject } from '../../api/meta.ts';
import { at, withField } from '../strategies/generic.ts';

/** How a kind that is served under several names or versions is kept in the store in one form. */
export interface Conversion {
  /** Group and plural of the place in the store. */
  readonly storedAs: { readonly group: string; readonly resource: string };
  readonly fromStored: (stored: KubeObject) => KubeObject;
  readonly toStored: (object: KubeObject) => KubeObject;
}

/** Fields of one form and their names in the other. */
export type Renaming = readonly (readonly [from: string, to: string])[];

/** The object with fields renamed and another apiVersion. Absent fields stay absent. */
export function renamed(object: KubeObject, renaming: Renaming, apiVersion: string): KubeObject {
  const moved = renaming.map(([from, to]) => [to, at(object, from)] as const);
  const cleared = renaming.reduce((rest, [from]) => withField(rest, from, undefined), object);
  const converted = moved.reduce((rest, [to, value]) => withField(rest, to, value), cleared);
  return { ...converted, apiVersion };
}

/** The renaming the other way round. */
export function reversed(renaming: Renaming): Renaming {
  return renaming.map(([from, to]) => [to, from] as const);
}
