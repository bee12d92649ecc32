import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../src/api/core.ts';
import { decideDrain, drainNotes } from '../../../src/domain/drain.ts';

const none = { ignoreDaemonSets: false, force: false, deleteEmptyDirData: false };
const all = { ignoreDaemonSets: true, force: true, deleteEmptyDirData: true };

function pod(
  name: string,
  options: { owner?: string; phase?: string; emptyDir?: boolean; mirror?: boolean } = {},
): Pod {
  const { owner, phase = 'Running', emptyDir = false, mirror = false } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'ns',
      ...(mirror ? { annotations: { 'kubernetes.io/config.mirror': 'x' } } : {}),
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name: 'o', uid: 'u', controller: true }],
          }),
    },
    spec: { containers: [], ...(emptyDir ? { volumes: [{ name: 'v', emptyDir: {} }] } : {}) },
    status: { phase },
  };
}

describe('decideDrain', () => {
  test.each([
    [
      'a pod of a DaemonSet',
      pod('p', { owner: 'DaemonSet' }),
      none,
      false,
      'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)',
    ],
    ['the same, ignored', pod('p', { owner: 'DaemonSet' }), all, false, 'ignoring DaemonSet-managed Pods'],
    [
      'a finished pod of a DaemonSet',
      pod('p', { owner: 'DaemonSet', phase: 'Failed' }),
      none,
      true,
      undefined,
    ],
    ['a mirror pod', pod('p', { mirror: true }), none, false, undefined],
    [
      'a pod with local data',
      pod('p', { owner: 'ReplicaSet', emptyDir: true }),
      none,
      false,
      'Pods with local storage (use --delete-emptydir-data to override)',
    ],
    ['the same, allowed', pod('p', { owner: 'ReplicaSet', emptyDir: true }), all, true, undefined],
    [
      'a bare pod',
      pod('p'),
      none,
      false,
      'cannot delete Pods that declare no controller (use --force to override)',
    ],
    ['the same, forced', pod('p'), all, true, 'deleting Pods that declare no controller'],
    ['a pod of a ReplicaSet', pod('p', { owner: 'ReplicaSet' }), none, true, undefined],
  ] as const)('%s', (_what, one, rules, remove, text) => {
    const decision = decideDrain(one, rules, () => true);
    expect([decision.remove, decision.note?.text]).toEqual([remove, text]);
  });

  test('a pod whose DaemonSet is gone needs force', () => {
    const orphan = pod('p', { owner: 'DaemonSet' });
    expect(decideDrain(orphan, none, () => false).note?.text).toBe('daemonsets.apps "o" not found');
    expect(decideDrain(orphan, all, () => false).remove).toBe(true);
  });
});

test('drainNotes puts the pods of one reason on one line', () => {
  const decisions = [pod('a'), pod('b'), pod('c', { owner: 'DaemonSet' })].map((one) =>
    decideDrain(one, none, () => true),
  );
  expect(drainNotes(decisions, 'error')).toEqual([
    'cannot delete Pods that declare no controller (use --force to override): ns/a, ns/b',
    'DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ns/c',
  ]);
  expect(drainNotes(decisions, 'warning')).toEqual([]);
});
