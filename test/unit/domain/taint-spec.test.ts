import { describe, expect, test } from 'vitest';
import { changeTaints, contradictions, parseTaintSpecs, takenKeys } from '../../../src/domain/taint-spec.ts';

const taint = (key: string, effect: string, value?: string) => ({
  key,
  ...(value === undefined ? {} : { value }),
  effect,
});

describe('parseTaintSpecs', () => {
  test('reads taints with and without values, and removals with and without effects', () => {
    expect(parseTaintSpecs(['a=b:NoSchedule', 'c:NoExecute', 'd:NoSchedule-', 'e-'])).toEqual({
      add: [taint('a', 'NoSchedule', 'b'), taint('c', 'NoExecute')],
      remove: [
        { key: 'd', effect: 'NoSchedule' },
        { key: 'e', effect: '' },
      ],
    });
  });

  test.each([
    ['a=b:Foo', 'invalid taint effect: Foo, unsupported taint effect'],
    ['a:', 'invalid taint effect: , unsupported taint effect'],
    ['a=b=c:NoSchedule', 'invalid taint spec: a=b=c:NoSchedule'],
    ['a:b:NoSchedule', 'invalid taint spec: a:b:NoSchedule'],
    [
      'a=b',
      "invalid taint spec: a=b, name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ])('%s is refused', (spec, problem) => {
    expect(parseTaintSpecs([spec])).toBe(problem);
  });

  test('the same key and effect twice is refused', () => {
    expect(parseTaintSpecs(['a=b:NoSchedule', 'a=c:NoSchedule'])).toBe(
      'duplicated taints with the same key and effect: {a c NoSchedule <nil>}',
    );
  });
});

describe('changeTaints', () => {
  const change = (specs: readonly string[], existing: ReturnType<typeof taint>[], overwrite = false) => {
    const changes = parseTaintSpecs(specs);
    if (typeof changes === 'string') throw new Error(changes);
    return changeTaints(existing, changes, overwrite);
  };

  test('a new taint comes before those that are there', () => {
    const { taints, did } = change(['b:NoExecute'], [taint('a', 'NoSchedule')]);
    expect([taints, did]).toEqual([[taint('b', 'NoExecute'), taint('a', 'NoSchedule')], 'tainted']);
  });

  test('a key without an effect removes all its taints', () => {
    const { taints, did } = change(['a-'], [taint('a', 'NoSchedule'), taint('a', 'NoExecute')]);
    expect([taints, did]).toEqual([[], 'untainted']);
  });

  test('adding and removing at once modifies the node, and so does --overwrite', () => {
    expect(change(['b:NoExecute', 'a-'], [taint('a', 'NoSchedule')]).did).toBe('modified');
    expect(change(['a=x:NoSchedule'], [taint('a', 'NoSchedule')], true)).toMatchObject({
      taints: [taint('a', 'NoSchedule', 'x')],
      did: 'modified',
    });
  });

  test('a removal that finds nothing is a problem', () => {
    expect(change(['a:NoSchedule-', 'b-'], []).problems).toEqual([
      'taint "a:NoSchedule" not found',
      'taint "b" not found',
    ]);
  });
});

test('takenKeys names keys with the same effect, contradictions what is both added and removed', () => {
  expect(
    takenKeys([taint('a', 'NoSchedule')], [taint('a', 'NoSchedule', 'x'), taint('a', 'NoExecute')]),
  ).toEqual(['a']);
  expect(
    contradictions({
      add: [taint('a', 'NoSchedule')],
      remove: [
        { key: 'a', effect: '' },
        { key: 'b', effect: '' },
      ],
    }),
  ).toEqual(['a=']);
});
