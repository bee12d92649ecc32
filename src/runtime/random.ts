import { randomInt, randomUUID } from 'node:crypto';

/** The only place that chance comes from. */
export interface Random {
  /** A whole number from 0 to `below - 1`. */
  int(below: number): number;
  /** A random (version 4) UUID in its text form. */
  uuid(): string;
}

/** Chance from the operating system. */
export const systemRandom: Random = { int: (below) => randomInt(below), uuid: () => randomUUID() };

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
