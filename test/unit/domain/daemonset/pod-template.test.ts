import { describe, expect, test } from 'vitest';
import type { Affinity } from '../../../../src/api/core.ts';
import { planFromMemory } from '../../../../src/domain/daemonset/plan.ts';
import {
  daemonPodFactory,
  isPodUpdated,
  targetNodeName,
  templateGeneration,
} from '../../../../src/domain/daemonset/pod-template.ts';
import { syncMemoryOf } from '../../../../src/domain/daemonset/sync-memory.ts';
import { daemonSet, imageHash, node, of, World } from './world.ts';

const GENERATION = 'deprecated.daemonset.template.generation';

function withGeneration(text: string) {
  const ds = daemonSet();
  return { ...ds, metadata: { ...ds.metadata, annotations: { [GENERATION]: text } } };
}

function affinityOf(affinity: Affinity | undefined): unknown {
  const pod = daemonPodFactory(daemonSet({}, affinity === undefined ? {} : { affinity }), 'h')('node-7');
  return pod.spec.affinity;
}

describe('daemonPodFactory', () => {
  test('labels pods with the hash and, where the annotation is there, the template generation', () => {
    expect(daemonPodFactory(daemonSet(), 'h1')('n').metadata.labels).toEqual({
      name: 'fluentd',
      'controller-revision-hash': 'h1',
    });
    expect(daemonPodFactory(withGeneration('2'), 'h1')('n').metadata.labels).toEqual({
      name: 'fluentd',
      'controller-revision-hash': 'h1',
      'pod-template-generation': '2',
    });
    expect(daemonPodFactory(withGeneration('two'), '')('n').metadata.labels).toEqual({ name: 'fluentd' });
  });

  test('makes pods that share everything but the affinity, also in later syncs over the same memory', () => {
    const world = new World(daemonSet(), [node('node-1')]);
    const memory = syncMemoryOf(world);
    const plan = () =>
      of(
        planFromMemory(() => memory, world, imageHash),
        'createPod',
      ).map(({ pod }) => pod);
    const [first] = plan();
    memory.setNode('node-2', node('node-2'));
    const [again, second] = plan();
    for (const pod of [again, second]) {
      expect(pod?.metadata).toBe(first?.metadata);
      for (const field of ['containers', 'tolerations'] as const)
        expect(pod?.spec[field]).toBe(first?.spec[field]);
    }
    const text = JSON.stringify(first);
    expect(JSON.stringify(second)).toBe(text.replaceAll('node-1', 'node-2'));
  });

  test('copies annotations and finalizers of the template, and pins the pod by affinity alone', () => {
    const ds = daemonSet({
      template: {
        metadata: { labels: { name: 'fluentd' }, annotations: { a: 'b' }, finalizers: ['x/y'] },
        spec: { containers: [] },
      },
    });
    const pod = daemonPodFactory(ds, 'h')('node-1');
    expect(pod.metadata).toMatchObject({
      generateName: 'fluentd-',
      namespace: 'logging',
      annotations: { a: 'b' },
      finalizers: ['x/y'],
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          name: 'fluentd',
          uid: 'uid-fluentd',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    expect(pod.spec.nodeName).toBeUndefined();
    expect(targetNodeName(pod)).toBe('node-1');
  });

  test.each<[string, Affinity | undefined, object]>([
    ['no affinity', undefined, {}],
    ['no node affinity', { podAffinity: { a: 1 } }, { podAffinity: { a: 1 } }],
    [
      'no required terms',
      { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] } },
      {},
    ],
    [
      'several required terms',
      {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
              { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] },
            ],
          },
        },
      },
      {},
    ],
  ])('replaces the required terms by the one node: %s', (_name, affinity, kept) => {
    const preferred = affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    expect(affinityOf(affinity)).toEqual({
      ...kept,
      nodeAffinity: {
        ...(preferred !== undefined && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-7'] }] },
          ],
        },
      },
    });
  });
});

describe('isPodUpdated', () => {
  const pod = (labels: Record<string, string> | undefined) =>
    new World(daemonSet(), [node('n')]).addPod('n', { meta: labels === undefined ? {} : { labels } });
  test.each<[string, Record<string, string>, string, string | undefined, boolean]>([
    [
      'both labels match',
      { 'pod-template-generation': '2', 'controller-revision-hash': 'h' },
      'h',
      '2',
      true,
    ],
    [
      'the generation alone matches',
      { 'pod-template-generation': '2', 'controller-revision-hash': 'h' },
      'g',
      '2',
      true,
    ],
    ['the generation matches and there is no hash yet', { 'pod-template-generation': '2' }, '', '2', true],
    [
      'the hash alone matches',
      { 'pod-template-generation': '1', 'controller-revision-hash': 'h' },
      'h',
      '2',
      true,
    ],
    ['neither matches', { 'pod-template-generation': '1', 'controller-revision-hash': 'h' }, 'g', '2', false],
    ['there are no labels', {}, 'h', '2', false],
    ['an empty hash matches nothing', { 'controller-revision-hash': '' }, '', undefined, false],
  ])('%s', (_name, labels, hash, generation, expected) => {
    expect(isPodUpdated(pod(labels), hash, generation)).toBe(expected);
  });
});

test.each<[string, string | undefined]>([
  ['7', '7'],
  ['007', '7'],
  ['x', undefined],
  ['', undefined],
])('the template generation %j reads as %j', (text, expected) => {
  expect(templateGeneration(withGeneration(text))).toBe(expected);
});

describe('targetNodeName', () => {
  const meantFor = (...values: readonly string[]): Affinity => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }],
      },
    },
  });
  test.each<[string, string, Affinity, string | undefined]>([
    ['nodeName wins', 'node-1', meantFor('node-2'), 'node-1'],
    ['the affinity names it otherwise', '', meantFor('node-2'), 'node-2'],
    ['two names are none', '', meantFor('node-2', 'node-3'), undefined],
    ['no term names one', '', {}, undefined],
  ])('%s', (_name, nodeName, affinity, expected) => {
    const pod = new World(daemonSet(), []).addPod(nodeName, { spec: { affinity } });
    expect(targetNodeName(pod)).toBe(expected);
  });
});
