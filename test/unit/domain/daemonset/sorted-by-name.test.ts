import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedByName } from '../../../../src/domain/daemonset/sorted-by-name.ts';

test('holds what was added and not deleted, once, in order of the names', () => {
  const name = fc.constantFrom('a', 'b', 'ba', 'c', 'node-1', 'node-10', 'node-2', '');
  const change = fc.record({ name, isAdded: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const sorted = new SortedByName<{ readonly name: string }>();
      const model = new Set<string>();
      for (const { name: changed, isAdded } of changes) {
        if (isAdded) sorted.add({ name: changed });
        else sorted.delete({ name: changed });
        if (isAdded) model.add(changed);
        else model.delete(changed);
      }
      expect([...sorted].map((item) => item.name)).toEqual([...model].sort());
    }),
  );
});
