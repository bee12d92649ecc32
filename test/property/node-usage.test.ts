import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createUsageOfNodes } from '../../src/agents/scheduler/usage-of-nodes.ts';
import type { Node, Pod, PodSpec } from '../../src/api/core.ts';
import { POD } from '../../src/api/well-known.ts';
import { demandsOf, lackOfRoom, unfitReasons } from '../../src/domain/scheduling/fit.ts';
import { usageOf } from '../../src/domain/scheduling/node-usage.ts';
import { createObjectIndex } from '../../src/runtime/object-index.ts';

const NODES = ['', 'node-1', 'node-2'] as const;
const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;

const container = (requests: Record<string, string>, hostPort?: number, hostIP?: string) => ({
  name: 'c',
  resources: { requests },
  ...(hostPort !== undefined && {
    ports: [{ containerPort: 80, hostPort, ...(hostIP !== undefined && { hostIP }) }],
  }),
});

/** Shared by identity, as pods of one template share what they run. */
const SPECS: readonly PodSpec[] = [
  { containers: [container({})] },
  { containers: [container({ cpu: '500m', memory: '1Gi' })] },
  { containers: [container({ cpu: '1', 'example.com/gpu': '1' }, 8080)] },
  { containers: [container({ cpu: '100m' }, 8080, '10.0.0.1')] },
  { containers: [container({ memory: '1Gi' })], initContainers: [container({ cpu: '2' })] },
  { containers: [container({ memory: '8E' })] },
  { containers: [container({ memory: '3' })], overhead: { cpu: '250m' } },
];

const node = (name: string): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { allocatable: { cpu: '3', memory: '3Gi', pods: '3', 'example.com/gpu': '1' } },
});

interface Happening {
  readonly what: 'written' | 'gone' | 'assumed' | 'decided' | 'node gone';
  readonly name: (typeof NAMES)[number];
  readonly nodeName: (typeof NODES)[number];
  readonly spec: number;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  /** Whether somebody asks for the node afterwards. */
  readonly asked: boolean;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom('written', 'written', 'written', 'gone', 'assumed', 'decided', 'node gone'),
  name: fc.constantFrom(...NAMES),
  nodeName: fc.constantFrom(...NODES),
  spec: fc.nat(SPECS.length - 1),
  phase: fc.constantFrom('Pending', 'Running', 'Running', 'Succeeded', 'Failed'),
  asked: fc.boolean(),
});

function podOf({ name, nodeName, spec, phase }: Happening): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name },
    spec: { ...(SPECS[spec] as PodSpec), ...(nodeName !== '' && { nodeName }) },
    status: { phase },
  };
}

/** Lets it all happen, and compares what is known of every node that was asked for with a look at its pods. */
function compare(happenings: readonly Happening[]): void {
  const index = createObjectIndex();
  const usages = createUsageOfNodes();
  let assumed: { readonly pod: Pod; readonly nodeName: string }[] = [];

  function check(nodeName: string): void {
    const pods = [
      ...index.podsOnNode(nodeName),
      ...assumed.filter((one) => one.nodeName === nodeName).map(({ pod }) => pod),
    ];
    const usage = usages.of(nodeName, index);
    const { active, requests } = usageOf(pods);
    expect([usage.pods, usage.active]).toEqual([pods.length, active]);
    for (const [name, amount] of requests) expect(usage.requests.get(name)).toBe(amount);
    for (const spec of SPECS) {
      const wanted: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'new' }, spec };
      const on = node(nodeName);
      expect(lackOfRoom(demandsOf(wanted), on, usage)).toEqual(unfitReasons(wanted, on, pods));
    }
  }

  function decide(): void {
    usages.assumeNothing();
    assumed = [];
  }

  for (const one of happenings) {
    const previous = index.get(POD, { namespace: 'default', name: one.name });
    if (one.what === 'assumed') {
      if (one.nodeName === '' || previous === undefined || (previous.spec.nodeName ?? '') !== '') continue;
      usages.assume(previous, one.nodeName, index);
      assumed.push({ pod: previous, nodeName: one.nodeName });
    } else {
      // Changes are told between batches only.
      decide();
      if (one.what === 'node gone') usages.nodeGone(one.nodeName);
      if (one.what === 'gone' && previous !== undefined) {
        index.remove(previous);
        usages.podChanged(previous, undefined);
      }
      if (one.what === 'written') {
        const current = podOf(one);
        index.put(current);
        usages.podChanged(previous, current);
      }
    }
    if (one.asked && one.nodeName !== '') check(one.nodeName);
  }
  for (const nodeName of NODES) if (nodeName !== '') check(nodeName);
}

describe('what is known of the use of a node', () => {
  test('answers as a look at its pods does, whatever has happened to them', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 1, maxLength: 60, size: 'max' }), (happenings) =>
        compare(happenings),
      ),
      { numRuns: 120 },
    );
  });
});
