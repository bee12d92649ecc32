import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/api/meta.ts';
import { applyJsonPatch } from '../../../../src/domain/patch/json-patch.ts';
import { PatchError } from '../../../../src/domain/patch/patch-error.ts';

function refusal(doc: Json, patch: Json): PatchError {
  try {
    applyJsonPatch(doc, patch);
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
  throw new Error('the patch was applied');
}

describe('applyJsonPatch', () => {
  test('leaves the document as it was, and shares what it does not touch', () => {
    const doc = { spec: { a: [1, 2] }, metadata: { name: 'x' } } as const;
    const frozen = JSON.stringify(doc);
    const result = applyJsonPatch(doc, [{ op: 'add', path: '/spec/a/0', value: 0 }]);
    expect(result).toEqual({ spec: { a: [0, 1, 2] }, metadata: { name: 'x' } });
    expect(JSON.stringify(doc)).toBe(frozen);
    expect((result as { metadata: unknown }).metadata).toBe(doc.metadata);
  });

  test('applies all operations or none', () => {
    const patch = [
      { op: 'replace', path: '/a', value: 2 },
      { op: 'remove', path: '/nothing' },
    ];
    expect(refusal({ a: 1 }, patch).reason).toBe('Invalid');
  });

  test('moves a value, also within its own list', () => {
    expect(applyJsonPatch({ a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }])).toEqual({
      a: [2, 3, 1],
    });
  });

  test('a copy of a missing key is null', () => {
    expect(applyJsonPatch({ a: 1 }, [{ op: 'copy', from: '/b', path: '/c' }])).toEqual({ a: 1, c: null });
  });

  test('a key named __proto__ is a key like others', () => {
    const result = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }]);
    expect(Object.keys(result as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('a patch that is not a list of operations is a bad request, one that does not fit is invalid', () => {
    expect(refusal({}, { op: 'add' }).reason).toBe('BadRequest');
    expect(refusal({}, ['add']).reason).toBe('BadRequest');
    expect(refusal({}, [{ op: 'remove', path: '/a' }]).reason).toBe('Invalid');
  });
});
