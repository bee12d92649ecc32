import type { Random } from '../../src/runtime/random.ts';

const KEYS = [
  'name',
  'metadata',
  'spec',
  'a',
  '',
  '__proto__',
  'constructor',
  '$patch',
  'labels',
  'type',
  'items',
  '0',
  '~',
  'a/b',
  '😀',
];
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  2 ** 53,
  '',
  'a',
  'delete',
  '10%',
  '1Gi',
  '2026-01-01T00:00:00Z',
  '\u001b[2J',
  '\ud800',
  [],
  {},
  [null],
  [{}],
  [[]],
  { name: 'main' },
  { a: { b: 1 } },
];

/** The same JSON with one value exchanged, moved, renamed, doubled or lost; undefined for text that is no JSON. */
export function mutatedJson(text: string, random: Random): string | undefined {
  try {
    const root: unknown[] = [JSON.parse(text)];
    const places = placesIn(root);
    const place = places[random.int(places.length)];
    const other = places[random.int(places.length)];
    if (place !== undefined && other !== undefined) change(place, other, random);
    return JSON.stringify(root[0]) ?? 'null';
  } catch {
    return undefined; // no JSON, or by now something that holds itself
  }
}

/** A value's place: the list or object that holds it, and where in there. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(holder: unknown, found: Place[] = []): readonly Place[] {
  if (typeof holder !== 'object' || holder === null) return found;
  const record = holder as Record<string, unknown>; // lists are records of their indexes here
  for (const key of Object.keys(record)) {
    found.push({ holder: record, key });
    placesIn(record[key], found);
  }
  return found;
}

function change({ holder, key }: Place, other: Place, random: Random): void {
  const value = VALUES[random.int(VALUES.length)];
  switch (random.int(6)) {
    case 0:
      Reflect.deleteProperty(holder, key);
      return;
    case 1:
      put(holder, KEYS[random.int(KEYS.length)] ?? '', value);
      return;
    case 2:
      put(holder, key, JSON.parse(JSON.stringify(other.holder[other.key] ?? null)));
      return;
    case 3:
      put(other.holder, key, JSON.parse(JSON.stringify(holder[key] ?? null)));
      return;
    default:
      put(holder, key, value);
  }
}

/** Sets a key as JSON has it, `__proto__` among them. */
function put(holder: Record<string, unknown>, key: string, value: unknown): void {
  if (Array.isArray(holder) && !/^\d+$/.test(key)) holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
