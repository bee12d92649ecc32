import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/meta.ts';
import { objectTexts } from '../../../src/server/object-texts.ts';

/** An object that counts how often it was written. */
function counted(name: string): { readonly object: KubeObject; readonly written: () => number } {
  let written = 0;
  const plain = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
  const toJSON = (): object => {
    written += 1;
    return plain;
  };
  return { object: Object.assign(Object.create({ toJSON }), plain), written: () => written };
}

describe('texts of objects', () => {
  test('are the JSON of each, written once', () => {
    const texts = objectTexts();
    const { object, written } = counted('a');
    expect(texts.of(object)).toBe('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}');
    expect(texts.of(object)).toBe(texts.of(object));
    expect(written()).toBe(1);
  });

  test('are kept up to the limit, the newest ones', () => {
    const [a, b, c] = [counted('a'), counted('b'), counted('c')] as const;
    const length = objectTexts().of(counted('a').object).length;
    const texts = objectTexts(2 * length);
    for (const { object } of [a, b, c, b, c, a]) texts.of(object);
    expect([a, b, c].map(({ written }) => written())).toEqual([2, 1, 1]);
  });
});
