import { expect, test } from 'vitest';
import { TermFinder, termsOf } from '../../../src/registry/object-keys.ts';
import { bodyOf, pod } from './verbs/objects.ts';

const labels = { app: 'agent', zone: 'a' };
const ownerReferences = [
  { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'u1' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'again', uid: 'u1' },
];

test('the terms of a pod are those of its labels, its node and its owners, in order', () => {
  const bound = pod('one', { nodeName: 'node-1' }, { labels, ownerReferences });
  expect(termsOf(bound)).toEqual(['l:app=agent', 'l:zone=a', 'n:node-1', 'o:u1']);
});

test('found one after the other, terms are those that each object has by itself', () => {
  const objects = [
    pod('a', {}, { labels, ownerReferences }),
    pod('b', { nodeName: 'node-1' }, { labels, ownerReferences }),
    pod('c', { nodeName: 'node-2' }, { labels }),
    pod('d', {}, { labels: { ...labels, zone: 'b' }, ownerReferences }),
    pod('e'),
    bodyOf({ apiVersion: 'v1', kind: 'Event', metadata: { name: 'e.1' }, involvedObject: { uid: 'u2' } }),
    bodyOf({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'ovens.example.org' },
      spec: { group: 'example.org', names: { kind: 'Oven' } },
    }),
    bodyOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'odd' }, spec: null }),
  ];
  const finder = new TermFinder();
  expect(objects.map((object) => finder.termsOf(object))).toEqual(objects.map(termsOf));
});

test('objects of one make that have no term of their own share their list', () => {
  const finder = new TermFinder();
  const shared = { labels, ownerReferences };
  expect(finder.termsOf(pod('a', {}, shared))).toBe(finder.termsOf(pod('b', {}, shared)));
});
