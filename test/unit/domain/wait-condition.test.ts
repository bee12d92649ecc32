import { describe, expect, test } from 'vitest';
import { parseWaitCondition } from '../../../src/domain/wait-condition.ts';

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', generation: 2 },
  status: {
    ready: 3,
    list: ['a', 'b'],
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Stale', status: 'True', observedGeneration: 1 },
    ],
  },
};

const isMet = (text: string): boolean => {
  const condition = parseWaitCondition(text);
  if (condition.kind !== 'state') throw new Error('not about a state');
  return condition.isMet(node);
};

describe('a condition', () => {
  test.each([
    ['condition=Ready', true],
    ['condition=ready=TRUE', true],
    ['condition=Ready=false', false],
    ['condition=Absent', false],
    ['condition=Absent=false', false],
    ['condition=Stale', false],
  ])('%s is met: %s', (text, met) => {
    expect(isMet(text)).toBe(met);
  });
});

describe('a path', () => {
  test.each([
    ['jsonpath={.status.ready}=3', true],
    ['jsonpath={.status.ready}="3"', true],
    ['jsonpath=.status.ready=4', false],
    ['jsonpath={.status.ready}', true],
    ['jsonpath={.status.absent}', false],
    ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', true],
    ['jsonpath={.status.conditions[?(@.type=="Ready")].status}', true],
  ])('%s is met: %s', (text, met) => {
    expect(isMet(text)).toBe(met);
  });

  test.each([
    ['jsonpath={.status}=3', 'jsonpath leads to a nested object or list which is not supported'],
    ['jsonpath={.status.list[*]}=a', 'given jsonpath expression matches more than one value'],
  ])('%s can not be compared', (text, message) => {
    expect(() => isMet(text)).toThrow(message);
  });
});

describe('what can not be read', () => {
  test.each([
    ['', 'unrecognized condition: ""'],
    ['foo', 'unrecognized condition: "foo"'],
    ['jsonpath', 'unrecognized condition: "jsonpath"'],
    ['jsonpath=', 'jsonpath expression cannot be empty'],
    ['jsonpath={.a}=', 'jsonpath wait has to have a value after equal sign, like --for=jsonpath='],
    ['jsonpath={.a}=1=2', 'jsonpath wait format must be --for=jsonpath='],
    ['jsonpath={.a', 'unexpected path string, expected a '],
  ])('%j is refused', (text, message) => {
    expect(() => parseWaitCondition(text)).toThrow(message);
  });
});
