import { expect, test } from 'vitest';
import type { Pod } from '../../../src/api/core.ts';
import type { Condition } from '../../../src/api/meta.ts';
import { isPodAvailable, isPodReady, isPodTerminal } from '../../../src/domain/conditions.ts';

function pod(phase: string, ...conditions: readonly Condition[]): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {},
    spec: { containers: [] },
    status: { phase, conditions },
  };
}
const ready = (status: string, lastTransitionTime: string | null): Condition => ({
  type: 'Ready',
  status,
  lastTransitionTime,
});
const NOON = '2026-01-01T12:00:00Z';
const at = (seconds: number) => Date.parse(NOON) + seconds * 1000;

test.each<[string, Pod, number, number, boolean, boolean]>([
  ['no condition', pod('Running'), 0, at(0), false, false],
  ['not ready', pod('Running', ready('False', NOON)), 0, at(0), false, false],
  ['ready, nothing to wait for', pod('Running', ready('True', null)), 0, at(0), true, true],
  ['ready, a second too short', pod('Running', ready('True', NOON)), 10, at(9), true, false],
  ['ready, a millisecond too short', pod('Running', ready('True', NOON)), 10, at(10) - 1, true, false],
  ['ready, exactly long enough', pod('Running', ready('True', NOON)), 10, at(10), true, true],
  ['ready since nobody knows when', pod('Running', ready('True', null)), 10, at(99), true, false],
  [
    'other conditions do not matter',
    pod('Running', { type: 'X', status: 'True' }, ready('True', NOON)),
    0,
    at(0),
    true,
    true,
  ],
])('%s', (_name, subject, minReadySeconds, now, isReady, isAvailable) => {
  expect(isPodReady(subject)).toBe(isReady);
  expect(isPodAvailable(subject, minReadySeconds, now)).toBe(isAvailable);
});

test.each([
  ['Failed', true],
  ['Succeeded', true],
  ['Running', false],
  ['Unknown', false],
])('phase %s has ended: %s', (phase, expected) => {
  expect(isPodTerminal(pod(phase))).toBe(expected);
});
