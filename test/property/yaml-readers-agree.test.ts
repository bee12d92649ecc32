import fc from 'fast-check';
import { dump, JSON_SCHEMA, load } from 'js-yaml';
import { expect, test } from 'vitest';
import { dumpYaml } from '../../src/domain/yaml/dump.ts';
import { loadYaml } from '../../src/domain/yaml/load.ts';

/**
 * Our reader follows Go's, quirks included; where YAML has no quirks (quoted text, plain numbers and booleans of the
 * JSON schema) it has to agree with an independent one, and each has to read what the other writes.
 */
const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((value) => !/[\u0085\u2028\u2029\ufeff]/.test(value));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '' && key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

test('js-yaml reads what we write', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(load(dumpYaml(given as never), { schema: JSON_SCHEMA })).toEqual(given);
    }),
    { numRuns: 300 },
  );
});

test('we read what js-yaml writes', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(
        loadYaml(dump(given, { schema: JSON_SCHEMA, quoteStyle: 'double', forceQuotes: true } as never))
          .value,
      ).toEqual(given);
    }),
    { numRuns: 300 },
  );
});
