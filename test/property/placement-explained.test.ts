import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DaemonSet } from '../../src/api/apps.ts';
import type { Node, NodeSelectorRequirement, PodSpec, Taint, Toleration } from '../../src/api/core.ts';
import { applyEdit, type Edit, type Pairing } from '../../src/domain/daemonset/explain/edits.ts';
import { smallestEdits } from '../../src/domain/daemonset/explain/smallest-edits.ts';
import { explainPlacement } from '../../src/domain/daemonset/explain-placement.ts';
import { nodeShouldRunDaemonPod } from '../../src/domain/daemonset/placement.ts';
import { daemonSet, node } from '../unit/domain/daemonset/world.ts';

const KEYS = ['disk', 'zone', 'cores'] as const;
const VALUES = ['ssd', 'a', '4', '8'] as const;
const TAINT_KEYS = ['gpu', 'spot', 'node.kubernetes.io/not-ready'] as const;
const EFFECTS = ['NoSchedule', 'NoExecute', 'PreferNoSchedule'] as const;
const NAMES = ['node-1', 'node-2'] as const;

const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);
const labels = fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });
const taint: fc.Arbitrary<Taint> = fc.record({
  key: fc.constantFrom(...TAINT_KEYS),
  value: fc.constantFrom('', 'true', 'x'),
  effect: fc.constantFrom(...EFFECTS),
});
/** Unique by key and effect, as the API demands. */
const taints = fc.uniqueArray(taint, { maxLength: 3, selector: (one) => `${one.key} ${one.effect}` });
const someNode: fc.Arbitrary<Node> = fc
  .record({ name: fc.constantFrom(...NAMES), labels, taints })
  .map((parts) => node(parts.name, parts));

const requirement: fc.Arbitrary<NodeSelectorRequirement> = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(value, { minLength: 0, maxLength: 2 }),
  }),
  fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  fc.record({ key, operator: fc.constantFrom('Gt', 'Lt'), values: fc.tuple(fc.constantFrom('0', '5', 'x')) }),
);
const field: fc.Arbitrary<NodeSelectorRequirement> = fc.record({
  key: fc.constant('metadata.name'),
  operator: fc.constantFrom('In', 'NotIn'),
  values: fc.tuple(fc.constantFrom(...NAMES)),
});
const term = fc.record(
  {
    matchExpressions: fc.array(requirement, { maxLength: 3 }),
    matchFields: fc.array(field, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);
const affinity: fc.Arbitrary<Partial<PodSpec>> = fc.oneof(
  fc.constant({}),
  fc.constant({ affinity: {} }),
  fc.constant({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } } }),
  fc.array(term, { maxLength: 3 }).map((nodeSelectorTerms) => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  })),
);
const toleration: fc.Arbitrary<Toleration> = fc.record(
  {
    key: fc.constantFrom('', ...TAINT_KEYS),
    operator: fc.constantFrom('Exists', 'Equal'),
    value: fc.constantFrom('', 'true'),
    effect: fc.constantFrom('', ...EFFECTS),
  },
  { requiredKeys: ['operator'] },
);
const template: fc.Arbitrary<Partial<PodSpec>> = fc
  .record({
    affinity,
    rest: fc.record(
      {
        nodeName: fc.constantFrom('', ...NAMES),
        nodeSelector: labels,
        tolerations: fc.array(toleration, { maxLength: 2 }),
        hostNetwork: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  })
  .map((parts) => ({ ...parts.affinity, ...parts.rest }));
const pairing: fc.Arbitrary<Pairing> = fc
  .record({ template, on: someNode })
  .map((parts) => ({ daemonSet: daemonSet({}, parts.template), node: parts.on }));

const runs = ({ daemonSet: ds, node: on }: Pairing): boolean => nodeShouldRunDaemonPod(on, ds).shouldRun;
const afterEdits = (edits: readonly Edit[], start: Pairing): Pairing =>
  edits.reduce((now, edit) => applyEdit(edit, now), start);

/** Every change of one thing that a person might try, apart from tolerating everything. */
function everySingleChange({ daemonSet: ds, node: on }: Pairing): readonly Pairing[] {
  const spec = ds.spec.template.spec;
  const withSpec = (changed: PodSpec): Pairing => ({
    daemonSet: { ...ds, spec: { ...ds.spec, template: { ...ds.spec.template, spec: changed } } },
    node: on,
  });
  const withLabels = (changed: Readonly<Record<string, string>>): Pairing => ({
    daemonSet: ds,
    node: { ...on, metadata: { ...on.metadata, labels: changed } },
  });
  const nodeLabels = on.metadata.labels ?? {};
  const without = (map: Readonly<Record<string, string>>, gone: string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(map).filter(([one]) => one !== gone));
  const { nodeName: _, ...anywhere } = spec;
  return [
    withSpec(anywhere),
    ...KEYS.flatMap((one) => [
      ...[...VALUES, '1', '6'].map((to) => withLabels({ ...nodeLabels, [one]: to })),
      withLabels(without(nodeLabels, one)),
      withSpec({ ...spec, nodeSelector: without(spec.nodeSelector ?? {}, one) }),
    ]),
    ...TAINT_KEYS.flatMap((one) =>
      ['', ...EFFECTS].map((effect) =>
        withSpec({
          ...spec,
          tolerations: [...(spec.tolerations ?? []), { key: one, operator: 'Exists', effect }],
        }),
      ),
    ),
    ...(on.spec?.taints ?? []).map((gone) => ({
      daemonSet: ds,
      node: { ...on, spec: { ...on.spec, taints: on.spec?.taints?.filter((one) => one !== gone) ?? [] } },
    })),
    withoutAffinity(ds, on),
  ];
}

function withoutAffinity(ds: DaemonSet, on: Node): Pairing {
  const { affinity: _, ...spec } = ds.spec.template.spec;
  return { daemonSet: { ...ds, spec: { ...ds.spec, template: { ...ds.spec.template, spec } } }, node: on };
}

describe('an explained placement', () => {
  test('has the answer that the controller acts on', () => {
    fc.assert(
      fc.property(pairing, ({ daemonSet: ds, node: on }) => {
        const { rules: _, ...placement } = explainPlacement(ds, on);
        expect(placement).toEqual(nodeShouldRunDaemonPod(on, ds));
      }),
      { numRuns: 5_000 },
    );
  });

  test('comes with edits that turn it around, of which none can be left out', () => {
    fc.assert(
      fc.property(pairing, (start) => {
        const { sets, smallest } = smallestEdits(start);
        expect(sets.length).toBeGreaterThan(0);
        for (const edits of sets) {
          expect(runs(afterEdits(edits, start))).toBe(!runs(start));
          if (!smallest || edits.length === 1) continue;
          for (const left of edits) {
            const others = edits.filter((edit) => edit !== left);
            expect(runs(afterEdits(others, start))).toBe(runs(start));
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('needs several edits only where no single change would do', () => {
    fc.assert(
      fc.property(pairing, (start) => {
        const { sets } = smallestEdits(start);
        if (runs(start) || sets[0]?.length === 1) return;
        expect(everySingleChange(start).filter(runs)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
