import { expect, test } from 'vitest';
import { ALL_NAMES, FEW_NAMES, nameList } from '../../../../src/cli/why/name-list.ts';

const numbered = (count: number, name: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => name(index + 1));

test.each<[string, readonly string[], string, string]>([
  ['nothing', [], '', ''],
  ['one name', ['cp-1'], 'cp-1', 'cp-1'],
  ['two names are no range', ['w-1', 'w-2'], 'w-1, w-2', 'w-1, w-2'],
  ['three in a row are', ['w-1', 'w-2', 'w-3'], 'w-[1-3]', 'w-[1-3]'],
  ['ranges do not depend on the order', ['w-10', 'w-9', 'w-11', 'cp'], 'w-[9-11], cp', 'w-[9-11], cp'],
  ['a gap ends a range', ['w-1', 'w-2', 'w-3', 'w-5'], 'w-[1-3], w-5', 'w-[1-3], w-5'],
  ['leading zeros stay', ['w-099', 'w-098', 'w-097', 'w-100', 'w-1'], 'w-[097-100], w-1', 'w-[097-100], w-1'],
  ['the last number counts', ['r1-n7', 'r1-n8', 'r1-n9', 'r2-n8'], 'r1-n[7-9], r2-n8', 'r1-n[7-9], r2-n8'],
  ['what follows the number stays', numbered(3, (n) => `w${n}.example`), 'w[1-3].example', 'w[1-3].example'],
  ['names without numbers stay', ['alpha', 'beta'], 'alpha, beta', 'alpha, beta'],
  [
    'many names are counted',
    ['a', 'b', 'c', 'd', 'e', 'w-1', 'w-2', 'w-3'],
    'a, b, c, d, e, w-[1-3]',
    'a, b, c, d and 4 more',
  ],
  [
    'long names fill a column sooner, and one is always there',
    ['ip-10-0-108-129.eu-west-1.compute.internal.example', 'ip-10-0-7-3.eu-west-1.compute.internal.example'],
    'ip-10-0-108-129.eu-west-1.compute.internal.example, ip-10-0-7-3.eu-west-1.compute.internal.example',
    'ip-10-0-108-129.eu-west-1.compute.internal.example and 1 more',
  ],
  ['a thousand are few', numbered(1000, (n) => `w-${n}`), 'w-[1-1000]', 'w-[1-1000]'],
])('%s', (_name, names, all, few) => {
  expect(nameList(names, ALL_NAMES)).toBe(all);
  expect(nameList(names, FEW_NAMES)).toBe(few);
});
