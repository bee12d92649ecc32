import type { Taint } from '../api/core.ts';
import { labelKeyProblems, labelValueProblems } from './selectors/label-syntax.ts';

/** A taint to remove; without an effect all with this key. */
interface TaintRemoval {
  readonly key: string;
  readonly effect: string;
}

/** Taints to add and to remove. */
export interface TaintChanges {
  readonly add: readonly Taint[];
  readonly remove: readonly TaintRemoval[];
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/**
 * Reads `key=value:Effect`, `key:Effect`, `key` and, to remove, the same with a trailing `-`. A text says, in
 * kubectl's words, what is wrong.
 */
export function parseTaintSpecs(specs: readonly string[]): TaintChanges | string {
  const add: Taint[] = [];
  const remove: TaintRemoval[] = [];
  for (const spec of specs) {
    const isRemoval = spec.endsWith('-');
    const parsed = parseSpec(isRemoval ? spec.slice(0, -1) : spec, isRemoval);
    if (typeof parsed === 'string') return parsed;
    if (isRemoval) {
      remove.push({ key: parsed.key, effect: parsed.effect });
    } else {
      if (add.some((one) => isSame(one, parsed))) {
        return `duplicated taints with the same key and effect: {${parsed.key} ${parsed.value ?? ''} ${parsed.effect} <nil>}`;
      }
      add.push(parsed);
    }
  }
  return { add, remove };
}

function parseSpec(spec: string, isRemoval: boolean): Taint | string {
  const [pair = '', effect, ...more] = spec.split(':');
  const parts = effect === undefined ? [pair] : pair.split('=');
  const [key = '', value = ''] = parts;
  if (more.length > 0 || parts.length > 2) return `invalid taint spec: ${spec}`;
  if (effect !== undefined && !EFFECTS.includes(effect)) {
    return `invalid taint effect: ${effect}, unsupported taint effect`;
  }
  if (effect === undefined && !isRemoval && labelKeyProblems(key).length === 0) {
    return `invalid taint effect: , unsupported taint effect`;
  }
  const valueProblems = parts.length === 2 ? labelValueProblems(value) : [];
  const problems = valueProblems.length > 0 ? valueProblems : labelKeyProblems(key);
  if (problems.length > 0) return `invalid taint spec: ${spec}, ${problems.join('; ')}`;
  return { key, ...(value === '' ? {} : { value }), effect: effect ?? '' };
}

const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

const covers = (removal: TaintRemoval, taint: Taint): boolean =>
  removal.key === taint.key && (removal.effect === '' || removal.effect === taint.effect);

/** Taints that are to be added and removed at once, as kubectl lists them: `a=NoSchedule`; empty when there are none. */
export function contradictions({ add, remove }: TaintChanges): readonly string[] {
  return remove
    .filter((removal) => add.some((taint) => covers(removal, taint)))
    .map(({ key, effect }) => `${key}=${effect}`);
}

/** Keys of new taints whose effect a node has already under this key. */
export function takenKeys(existing: readonly Taint[], add: readonly Taint[]): readonly string[] {
  return add.filter((taint) => existing.some((one) => isSame(one, taint))).map(({ key }) => key);
}

/** The node's taints after the change, and what is wrong with it. */
interface ChangedTaints {
  readonly taints: readonly Taint[];
  /** kubectl's word for what was done. */
  readonly did: 'tainted' | 'untainted' | 'modified';
  /** One text for each removal that finds nothing. */
  readonly problems: readonly string[];
}

/** Changes a node's taints: new ones first, in their order, then those that stay. */
export function changeTaints(
  existing: readonly Taint[],
  { add, remove }: TaintChanges,
  overwrite: boolean,
): ChangedTaints {
  const rest = existing.filter((taint) => !add.some((one) => isSame(one, taint)));
  const taints = [...add, ...rest].filter((taint) => !remove.some((removal) => covers(removal, taint)));
  const missing = remove.filter((removal) => ![...add, ...rest].some((taint) => covers(removal, taint)));
  const problems = missing.map(
    ({ key, effect }) => `taint ${JSON.stringify(effect === '' ? key : `${key}:${effect}`)} not found`,
  );
  const added = add.length + rest.length !== existing.length;
  const removed = missing.length < remove.length;
  const did = overwrite || (added && removed) ? 'modified' : added ? 'tainted' : 'untainted';
  return { taints, did, problems };
}
