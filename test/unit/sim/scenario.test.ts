import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/api/meta.ts';
import { parseScenario } from '../../../src/sim/scenario.ts';

/** A scenario's `then`; a literal field of that name looks like a promise. */
const withThen = (changes: Json, rest: Readonly<Record<string, Json>> = {}): Json =>
  Object.fromEntries([...Object.entries(rest), ['then', changes]]);

describe('parseScenario', () => {
  test('reads every field', () => {
    const scenario = parseScenario(
      withThen(
        [
          { at: '60s', apply: 'next.yaml' },
          { at: '2m', setImage: 'agent=a:v3' },
          { at: '3m', undo: true },
          { at: '4m', undo: 2 },
        ],
        {
          apiVersion: 'kdaemon.dev/v1alpha1',
          kind: 'PlanScenario',
          seed: 7,
          timing: { pull: '20s', stop: 0 },
          faults: ['image-crashes@v2'],
          events: [
            { at: '40s', node: 'worker-3', becomes: 'lost' },
            { node: 'gpu-*', taint: 'gpu=true:NoSchedule' },
            { at: '50s', node: 'w', labels: { disk: 'ssd' } },
            { at: '55s', add: { metadata: { name: 'worker-9' } } },
          ],
        },
      ),
    );
    expect(scenario).toEqual({
      seed: 7,
      timing: { pullMs: 20_000, stopMs: 0 },
      faults: [{ text: 'image-crashes@v2', kind: 'pods', outcome: 'crash-loop', image: 'v2' }],
      later: [
        { atMs: 60_000, what: 'next.yaml' },
        { atMs: 120_000, what: 'agent=a:v3' },
        { atMs: 180_000, what: 'undo' },
        { atMs: 240_000, what: 'undo=2' },
      ],
      events: [
        { atMs: 40_000, nodes: 'worker-3', turn: 'lost' },
        { atMs: 0, nodes: 'gpu-*', taint: 'gpu=true:NoSchedule' },
        { atMs: 50_000, nodes: 'w', labels: { disk: 'ssd' } },
        { atMs: 55_000, add: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-9' } } },
      ],
    });
  });

  test('an empty one wishes for nothing', () => {
    expect(parseScenario({})).toEqual({ timing: {}, faults: [], later: [], events: [] });
  });

  test.each<[string, Json, string]>([
    ['a list', [], 'the scenario: it is no map of fields'],
    ['a field that is not known', { fault: [] }, 'unknown field "fault"; the fields are apiVersion'],
    ['another kind', { kind: 'Pod' }, 'kind: it is "Pod", not PlanScenario'],
    ['a seed that is no number', { seed: 'x' }, 'seed: it is no whole number'],
    ['an unknown stage', { timing: { boot: '1s' } }, 'timing: unknown field "boot"'],
    ['a number for a duration', { timing: { pull: 20 } }, 'timing.pull: it is no duration such as 40s'],
    ['a negative duration', { timing: { pull: '-1s' } }, 'timing.pull: it is no duration'],
    ['faults that are no list', { faults: 'x' }, 'faults: it is no list'],
    ['an unknown fault', { faults: ['x'] }, 'fault "x": there is no such fault'],
    ['a change without a time', withThen([{ undo: true }]), 'then[0].at: it is no duration'],
    ['a change of two kinds', withThen([{ at: '1s', undo: true, apply: 'x' }]), 'then[0]: it needs one of'],
    [
      'an undo to nothing',
      withThen([{ at: '1s', undo: 0 }]),
      'then[0].undo: it is neither true nor a revision',
    ],
    ['an event without a node', { events: [{ becomes: 'lost' }] }, 'events[0].node: it is no text'],
    ['an unknown turn', { events: [{ node: 'n', becomes: 'gone' }] }, 'events[0].becomes: "gone" is none of'],
    ['a taint without effect', { events: [{ node: 'n', taint: 'gpu' }] }, 'events[0].taint: invalid taint'],
    [
      'labels that are no texts',
      { events: [{ node: 'n', labels: { a: 1 } }] },
      'events[0].labels.a: it is no text',
    ],
    ['labels that are no map', { events: [{ node: 'n', labels: 'a' }] }, 'events[0].labels: it is no map'],
    [
      'a node without a name',
      { events: [{ add: { metadata: {} } }] },
      'events[0].add.metadata.name: it is no text',
    ],
    ['an event of no kind', { events: [{ node: 'n' }] }, 'events[0]: it needs one of'],
  ])('refuses %s', (_what, value, why) => {
    expect(() => parseScenario(value)).toThrow(why);
  });
});
