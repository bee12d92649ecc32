import { expect, test } from 'vitest';
import { seededRandom, systemRandom } from '../../../src/runtime/random.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test.each([
  ['the operating system', systemRandom],
  ['a seed', seededRandom(1)],
])('UUIDs of %s are of version 4, and no two are the same', (_name, random) => {
  const uuids = Array.from({ length: 1_000 }, () => random.uuid());
  expect(uuids.filter((uuid) => !UUID.test(uuid))).toEqual([]);
  expect(new Set(uuids).size).toBe(1_000);
});

test('the same seed gives the same sequence', () => {
  const [one, two] = [seededRandom(7), seededRandom(7)];
  expect([one.int(100), one.uuid()]).toEqual([two.int(100), two.uuid()]);
});
