import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/api/meta.ts';
import {
  applyMergePatch,
  createMergePatch,
  createThreeWayJsonMergePatch,
} from '../../../../src/domain/patch/merge-patch.ts';
import { PatchError } from '../../../../src/domain/patch/patch-error.ts';

describe('applyMergePatch', () => {
  // The examples of RFC 7386, appendix A.
  test.each<[Json, Json, Json]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j gives %j', (doc, patch, result) => {
    expect(applyMergePatch(doc, patch)).toEqual(result);
  });

  test('nulls go from the objects of a new list, its null items stay', () => {
    expect(applyMergePatch({}, { a: [{ b: null, c: 1 }, null] })).toEqual({ a: [{ c: 1 }, null] });
  });
});

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const document = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', '__proto__'),
  fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.constantFrom('x', 'y'), scalar)),
);

describe('createMergePatch', () => {
  test('what it makes turns the first document into the second', () => {
    void fc.assert(
      fc.property(document, document, (from, to) => {
        expect(applyMergePatch(from, createMergePatch(from, to))).toEqual(to);
      }),
    );
  });

  test('of equal documents is empty', () => {
    void fc.assert(
      fc.property(document, (doc) => {
        expect(createMergePatch(doc, structuredClone(doc))).toEqual({});
      }),
    );
  });
});

describe('createThreeWayJsonMergePatch', () => {
  const original = { kind: 'Widget', metadata: { name: 'w' }, spec: { size: 1, color: 'red', parts: ['a'] } };

  test('changes what the file changes, removes what left the file, and leaves alone what others set', () => {
    const modified = { kind: 'Widget', metadata: { name: 'w' }, spec: { size: 2, parts: ['a', 'b'] } };
    const current = { ...original, spec: { ...original.spec, owner: 'controller' }, status: { ready: true } };
    expect(createThreeWayJsonMergePatch(original, modified, current)).toEqual({
      spec: { size: 2, color: null, parts: ['a', 'b'] },
    });
  });

  test('sets back what others changed', () => {
    const current = { ...original, spec: { ...original.spec, size: 9 } };
    expect(createThreeWayJsonMergePatch(original, original, current)).toEqual({ spec: { size: 1 } });
  });

  test('is empty when the object is as the file says', () => {
    const current = { ...original, status: {} };
    expect(createThreeWayJsonMergePatch(original, original, current)).toEqual({});
  });

  test('may not change what the object is', () => {
    const renamed = { ...original, metadata: { name: 'other' } };
    expect(() => createThreeWayJsonMergePatch(original, renamed, original)).toThrow(PatchError);
    expect(() => createThreeWayJsonMergePatch(original, { ...original, kind: 'Gadget' }, original)).toThrow(
      'At least one of apiVersion, kind and name was changed',
    );
  });
});
