import { describe, expect, test } from 'vitest';
import type { PodTemplateSpec } from '../../../../src/api/core.ts';
import { fnv32a } from '../../../../src/domain/hashing/fnv32a.ts';
import { safeEncode } from '../../../../src/domain/hashing/safe-encode.ts';
import { templateHash } from '../../../../src/domain/hashing/template-hash.ts';

const template = (image: string): PodTemplateSpec => ({ spec: { containers: [{ name: 'c', image }] } });

describe('fnv32a', () => {
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('of %j is the published value', (text, hash) => {
    expect(fnv32a(new TextEncoder().encode(text))).toBe(hash);
  });

  test('fed in pieces is the hash of the whole', () => {
    const [foo, bar] = ['foo', 'bar'].map((text) => new TextEncoder().encode(text));
    expect(fnv32a(bar ?? new Uint8Array(), fnv32a(foo ?? new Uint8Array()))).toBe(0xbf9cf968);
  });
});

test('safe encoding maps the ten digits to ten characters that spell no word', () => {
  expect(safeEncode('0123456789')).toBe('456789bcdf');
});

describe('templateHash', () => {
  test('is the same for equal templates, whatever the order of their keys', () => {
    const left = { metadata: { labels: { a: '1', b: '2' } }, ...template('i') };
    const right = { ...template('i'), metadata: { labels: { b: '2', a: '1' } } };
    expect(templateHash(left)).toBe(templateHash(right));
  });

  test('changes with the template and with each collision count, 0 included', () => {
    const hashes = [
      templateHash(template('i')),
      templateHash(template('j')),
      templateHash(template('i'), 0),
      templateHash(template('i'), 1),
    ];
    expect(new Set(hashes).size).toBe(4);
  });

  test('tells an empty list from an absent one, as Go does', () => {
    const empty: PodTemplateSpec = { spec: { containers: [], tolerations: [] } };
    expect(templateHash(empty)).not.toBe(templateHash({ spec: { containers: [] } }));
  });

  test('takes null for absent', () => {
    const withNull: PodTemplateSpec = { spec: { containers: [], volumes: null } };
    expect(templateHash(withNull)).toBe(templateHash({ spec: { containers: [] } }));
  });
});
