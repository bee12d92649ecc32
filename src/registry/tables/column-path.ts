import type { Json } from '../../api/meta.ts';

/**
 * The first value at a path of the kind that printer columns use: names (`.spec.replicas`, with `\.` for a dot in a
 * name), `['name']`, `[0]`, `[-1]`, `[*]`, and `[?(@.type=="Ready")]`. Undefined when nothing is there or the path
 * is not understood.
 */
export function firstAtPath(value: Json, path: string): Json | undefined {
  const steps = parseSteps(path.replace(/^\{|\}$/g, '').replace(/^\$/, ''));
  if (steps === undefined) return undefined;
  let values: readonly Json[] = [value];
  for (const step of steps) values = values.flatMap(step);
  return values[0];
}

/** From one value to those one step further. */
type Step = (value: Json) => readonly Json[];

const NAME = /^\.((?:\\.|[^.[\\])+)/;
const QUOTED = /^\[(?:'([^']*)'|"([^"]*)")\]/;
const INDEX = /^\[(-?\d+)\]/;
const ALL = /^(?:\[\*\]|\.\*)/;
const FILTER = /^\[\?\(@((?:\.(?:\\.|[^.=!<> ])+)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([^)\s]+))\s*\)\]/;

function parseSteps(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = path.startsWith('.') || path.startsWith('[') ? path : `.${path}`;
  while (rest !== '') {
    const parsed = parseStep(rest);
    if (parsed === undefined) return undefined;
    steps.push(parsed.step);
    rest = rest.slice(parsed.length);
  }
  return steps;
}

function parseStep(text: string): { readonly step: Step; readonly length: number } | undefined {
  const all = ALL.exec(text);
  if (all !== null) return { step: children, length: all[0].length };
  const name = NAME.exec(text) ?? QUOTED.exec(text);
  if (name !== null) {
    const key = (name[1] ?? name[2] ?? '').replace(/\\(.)/g, '$1');
    return { step: (value) => memberOf(value, key), length: name[0].length };
  }
  const index = INDEX.exec(text);
  if (index !== null) {
    const at = Number(index[1]);
    return {
      step: (value) => (Array.isArray(value) ? value.slice(at, at + 1 || undefined) : []),
      length: index[0].length,
    };
  }
  const filter = FILTER.exec(text);
  if (filter === null) return undefined;
  const [whole, inner = '', operator, ...literals] = filter;
  const wanted = literals.find((literal) => literal !== undefined) ?? '';
  const holds = (item: Json) => {
    const found = firstAtPath(item, inner);
    return found !== undefined && (String(found) === wanted) === (operator === '==');
  };
  return { step: (value) => children(value).filter(holds), length: whole.length };
}

function memberOf(value: Json, key: string): readonly Json[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const member = Object.hasOwn(value, key) ? (value as Readonly<Record<string, Json>>)[key] : undefined;
  return member === undefined ? [] : [member];
}

function children(value: Json): readonly Json[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
