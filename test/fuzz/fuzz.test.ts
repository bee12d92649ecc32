import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { fuzz, type Target } from './fuzz.ts';
import { TARGETS } from './targets.ts';

/** Few enough for every run of the tests; `npm run fuzz` gives as many as one likes. */
const INPUTS = 1000;

describe('whatever is read is accepted, or refused in words that are documented', () => {
  test.each(TARGETS.map((target) => [target.name, target] as const))('%s', async (name, target) => {
    const { crashes, inputs, accepted } = await fuzz(target, { inputs: INPUTS, random: seededRandom(1) });
    expect(crashes.map(({ input, error }) => ({ input, error: String(error) }))).toEqual([]);
    expect(inputs).toBe(INPUTS);
    expect(accepted, `${name} accepts none of them`).toBeGreaterThan(0);
  });
});

test('a reader that fails in another way than it documents is told, with the input', async () => {
  const broken: Target = {
    name: 'broken',
    seeds: ['abc'],
    words: ['x'],
    read: (input) => input.charAt(2).toUpperCase() === 'C' || JSON.parse('{') !== null,
  };
  const { crashes } = await fuzz(broken, { inputs: 50, random: seededRandom(1) });
  expect(crashes).toHaveLength(1);
  expect(crashes[0]?.error).toBeInstanceOf(SyntaxError);
});
