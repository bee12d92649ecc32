import { expect, test } from 'vitest';
import { chosenControllers, shortName } from '../../../../src/cli/serve/controller-choice.ts';
import type { Controller } from '../../../../src/runtime/controller.ts';

const all = ['daemonset-controller', 'node-controller', 'default-scheduler'].map(
  (name): Controller => ({ name, watches: [], reconcile: async () => [] }),
);

test.each([
  [['*'], ['daemonset', 'node', 'default-scheduler']],
  [
    ['*', '-daemonset'],
    ['node', 'default-scheduler'],
  ],
  [['-daemonset'], ['node', 'default-scheduler']],
  [['-daemonset', '-node'], ['default-scheduler']],
  [['daemonset'], ['daemonset']],
  [['daemonset', '-node'], ['daemonset']],
  [[], []],
])('%j', (choice, names) => {
  expect(chosenControllers(all, choice).map(shortName)).toEqual(names);
});

test('a name that is none is refused with the names that are', () => {
  expect(() => chosenControllers(all, ['-replicaset'])).toThrow(
    '"replicaset" is not in the list of controllers: daemonset, node, default-scheduler',
  );
});
