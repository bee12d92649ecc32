import { describe, expect, test } from 'vitest';
import {
  duplicate,
  type FieldError,
  fieldErrorText,
  forbidden,
  invalid,
  invalidStatus,
  notFound,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../../../../src/registry/validation/field-error.ts';

const POD = { group: '', kind: 'Pod' };

describe('the sentence of an error', () => {
  const rows: readonly (readonly [FieldError, string])[] = [
    [required('a.b'), 'a.b: Required value'],
    [required('a.b', 'why'), 'a.b: Required value: why'],
    [invalid('a', 'x y', 'no blanks'), 'a: Invalid value: "x y": no blanks'],
    [invalid('a', -1, 'too small'), 'a: Invalid value: -1: too small'],
    [invalid('a', true, 'no'), 'a: Invalid value: true: no'],
    [invalid('a', undefined, 'no'), 'a: Invalid value: null: no'],
    [invalid('a', null, 'no'), 'a: Invalid value: null: no'],
    [invalid('a', { b: 'ü' }, 'no'), 'a: Invalid value: {"b":"ü"}: no'],
    [invalid('a', { b: '<&>' }, 'no'), 'a: Invalid value: {"b":"\\u003c\\u0026\\u003e"}: no'],
    [notSupported('a', 'x', ['p', 'q']), 'a: Unsupported value: "x": supported values: "p", "q"'],
    [notSupported('a', 'x', []), 'a: Unsupported value: "x"'],
    [forbidden('a', 'never'), 'a: Forbidden: never'],
    [duplicate('a', 'x'), 'a: Duplicate value: "x"'],
    [notFound('a', ''), 'a: Not found: ""'],
    [tooLong('a', 63), 'a: Too long: may not be more than 63 bytes'],
    [tooMany('a', 3, 1), 'a: Too many: 3: must have at most 1 item'],
    [typeInvalid('a', 'x', 'must be integer'), 'a: Invalid value: "x": must be integer'],
  ];
  test.for(rows)('%o says %s', ([error, sentence]) => {
    expect(fieldErrorText(error)).toBe(sentence);
  });

  test('strings are quoted as Go quotes them', () => {
    const value = 'tab\t quote" back\\slash bell\x07 nul\0 soft\u00ad astral\u{1f600} private\u{f0000}';
    const shown =
      '"tab\\t quote\\" back\\\\slash bell\\a nul\\x00 soft\\u00ad astral\u{1f600} private\\U000f0000"';
    expect(fieldErrorText(invalid('a', value, ''))).toBe(`a: Invalid value: ${shown}`);
  });
});

describe('the refusal of an object', () => {
  test('one error stands alone', () => {
    expect(invalidStatus(POD, 'p', [required('spec')])).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Pod "p" is invalid: spec: Required value',
      reason: 'Invalid',
      details: {
        name: 'p',
        kind: 'Pod',
        causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec' }],
      },
      code: 422,
    });
  });

  test('several errors stand in brackets, after the group of the kind', () => {
    const status = invalidStatus({ group: 'apps', kind: 'DaemonSet' }, 'x', [
      required('a'),
      forbidden('b', 'no'),
    ]);
    expect(status.message).toBe('DaemonSet.apps "x" is invalid: [a: Required value, b: Forbidden: no]');
    expect(status.details?.group).toBe('apps');
  });

  test('a sentence said twice is in the message once and in the causes twice', () => {
    const status = invalidStatus(POD, 'p', [required('a'), required('a')]);
    expect(status.message).toBe('Pod "p" is invalid: a: Required value');
    expect(status.details?.causes).toHaveLength(2);
  });

  test('an object without a name is called ""', () => {
    const status = invalidStatus(POD, '', [required('metadata.name')]);
    expect(status.message).toBe('Pod "" is invalid: metadata.name: Required value');
    expect(status.details).not.toHaveProperty('name');
  });
});
