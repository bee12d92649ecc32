import { expect, test } from 'vitest';
import type { NodeSelectorTerm } from '../../../../src/api/core.ts';
import { nodeNamesOf, requiredNodeAffinity } from '../../../../src/domain/scheduling/node-affinity.ts';

const named = (...names: readonly string[]): NodeSelectorTerm => ({
  matchFields: names.map((name) => ({ key: 'metadata.name', operator: 'In', values: [name] })),
});
const labelled: NodeSelectorTerm = { matchExpressions: [{ key: 'a', operator: 'Exists' }] };

test.each<[string, readonly NodeSelectorTerm[] | undefined, readonly string[] | undefined]>([
  ['a daemon pod names one node', [named('node-1')], ['node-1']],
  ['several terms name several', [named('node-1'), named('node-2')], ['node-1', 'node-2']],
  ['a term that names two at once names none', [named('node-1', 'node-2')], []],
  ['a term by labels leaves all nodes open', [named('node-1'), labelled], undefined],
  ['no terms leave all nodes open', undefined, undefined],
])('%s', (_name, nodeSelectorTerms, expected) => {
  const required =
    nodeSelectorTerms === undefined
      ? {}
      : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  const names = nodeNamesOf(requiredNodeAffinity({ containers: [], affinity: { nodeAffinity: required } }));
  expect(names === undefined ? undefined : [...names]).toEqual(expected);
});
