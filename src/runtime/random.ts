import { randomFillSync, randomInt } from 'node:crypto';

/** The only place that chance comes from. */
export interface Random {
  /** A whole number from 0 to `below - 1`. */
  int(below: number): number;
  /** A random (version 4) UUID in its text form. */
  uuid(): string;
}

/** Chance from the operating system. */
export const systemRandom: Random = { int: (below) => randomInt(below), uuid: uuidFromBytes };

/** Random bytes for 256 UUIDs, which are used up one after the other. */
const pool = Buffer.alloc(256 * 16);
let used = pool.length;
const HEX = Buffer.from('0123456789abcdef', 'latin1');
const text = Buffer.from('00000000-0000-4000-8000-000000000000', 'latin1');
/** Where the sixteen bytes go in the text. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/**
 * Written into bytes and read as one string: crypto.randomUUID makes its text of twenty pieces, which objects would keep
 * and which cost ten times the memory.
 */
function uuidFromBytes(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  // The version, and the two bits of the variant.
  pool[used + 6] = ((pool[used + 6] ?? 0) & 0x0f) | 0x40;
  pool[used + 8] = ((pool[used + 8] ?? 0) & 0x3f) | 0x80;
  for (const place of PLACES) {
    const byte = pool[used++] ?? 0;
    text[place] = HEX[byte >> 4] ?? 0;
    text[place + 1] = HEX[byte & 0x0f] ?? 0;
  }
  return text.toString('latin1');
}

/** Chance that replays: the same seed gives the same sequence (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const hex = (): string => next().toString(16).padStart(8, '0');
  return {
    int: (below) => next() % below,
    uuid: () => {
      const digits = hex() + hex() + hex() + hex();
      const variant = '89ab'[next() % 4] ?? '8';
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
  };
}
