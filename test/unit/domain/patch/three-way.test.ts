import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/api/meta.ts';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import { applyStrategicMergePatch } from '../../../../src/domain/patch/strategic/apply.ts';
import {
  createThreeWayMergePatch,
  createTwoWayMergePatch,
} from '../../../../src/domain/patch/strategic/three-way.ts';
import { lookupType } from '../../../../src/registry/schema/schema-node.ts';

const schema = lookupType(DAEMON_SET);

type Object = { readonly [key: string]: Json };

/** A DaemonSet with this pod spec. */
function withSpec(podSpec: Object): Object {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'x' },
    spec: { template: { spec: podSpec } },
  };
}

const agent = { name: 'agent', image: 'agent:1' };

describe('createThreeWayMergePatch', () => {
  test('is empty when the object is as the file says, whatever the server added', () => {
    const file = withSpec({ containers: [agent] });
    const live = withSpec({
      containers: [{ ...agent, imagePullPolicy: 'Always' }],
      dnsPolicy: 'ClusterFirst',
    });
    expect(createThreeWayMergePatch(file, file, live, schema)).toEqual({});
  });

  test('names the order of a list that it changes', () => {
    const before = withSpec({ containers: [agent] });
    const after = withSpec({ containers: [{ ...agent, image: 'agent:2' }] });
    expect(createThreeWayMergePatch(before, after, before, schema)).toEqual({
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'agent' }],
            containers: [{ name: 'agent', image: 'agent:2' }],
          },
        },
      },
    });
  });

  test('deletes items that left the file, and keeps those of others', () => {
    const before = withSpec({ containers: [agent, { name: 'side', image: 's' }] });
    const after = withSpec({ containers: [agent] });
    const live = withSpec({
      containers: [agent, { name: 'side', image: 's' }, { name: 'injected', image: 'i' }],
    });
    const patch = createThreeWayMergePatch(before, after, live, schema);
    expect(patch).toEqual({
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'agent' }],
            containers: [{ name: 'side', $patch: 'delete' }],
          },
        },
      },
    });
    expect(applyStrategicMergePatch(live, patch, schema)).toEqual(
      withSpec({ containers: [agent, { name: 'injected', image: 'i' }] }),
    );
  });

  test('removes fields that left the file', () => {
    const before = withSpec({ containers: [agent], nodeSelector: { disk: 'ssd' } });
    const after = withSpec({ containers: [agent] });
    expect(createThreeWayMergePatch(before, after, before, schema)).toEqual({
      spec: { template: { spec: { nodeSelector: null } } },
    });
  });

  test('says which keys of a volume stay when its source changes', () => {
    const before = withSpec({ volumes: [{ name: 'v', hostPath: { path: '/' } }] });
    const after = withSpec({ volumes: [{ name: 'v', emptyDir: {} }] });
    const patch = createThreeWayMergePatch(before, after, before, schema);
    expect(patch).toEqual({
      spec: {
        template: {
          spec: {
            '$setElementOrder/volumes': [{ name: 'v' }],
            volumes: [{ name: 'v', $retainKeys: ['emptyDir', 'name'], emptyDir: {}, hostPath: null }],
          },
        },
      },
    });
    expect(applyStrategicMergePatch(before, patch, schema)).toEqual(after);
  });

  test('takes scalars out of a merged list', () => {
    const meta = (finalizers: readonly string[]) => ({ metadata: { name: 'x', finalizers } });
    const live = meta(['a', 'b', 'server']);
    const patch = createThreeWayMergePatch(meta(['a', 'b']), meta(['b']), live, schema);
    expect(patch).toEqual({
      metadata: { '$setElementOrder/finalizers': ['b'], '$deleteFromPrimitiveList/finalizers': ['a'] },
    });
    expect(applyStrategicMergePatch(live, patch, schema)).toEqual(meta(['b', 'server']));
  });

  test('without overwrite refuses to undo what somebody else changed', () => {
    const file = { spec: { minReadySeconds: 5 } };
    const wanted = { spec: { minReadySeconds: 6 } };
    const live = { spec: { minReadySeconds: 60 } };
    expect(() => createThreeWayMergePatch(file, wanted, live, schema, false)).toThrow(
      'conflicts with changes made from original to current',
    );
    expect(createThreeWayMergePatch(file, wanted, file, schema, false)).toEqual(wanted);
  });
});

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
const containers = names.chain((list) =>
  fc.tuple(...list.map((name) => fc.record({ name: fc.constant(name), image: fc.constantFrom('1', '2') }))),
);
const podSpec = fc.record(
  {
    containers,
    nodeSelector: fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom('1', '2')),
    tolerations: fc.array(fc.record({ key: fc.constantFrom('k', 'l') }), { maxLength: 2 }),
    hostNetwork: fc.boolean(),
  },
  { requiredKeys: ['containers'] },
);

describe('createTwoWayMergePatch', () => {
  test('what it makes turns the first object into the second', () => {
    void fc.assert(
      fc.property(podSpec, podSpec, (from, to) => {
        const patch = createTwoWayMergePatch(withSpec(from), withSpec(to), schema);
        expect(applyStrategicMergePatch(withSpec(from), patch, schema)).toEqual(withSpec(to));
      }),
    );
  });

  test('of equal objects is empty', () => {
    void fc.assert(
      fc.property(podSpec, (spec) => {
        expect(createTwoWayMergePatch(withSpec(spec), withSpec(structuredClone(spec)), schema)).toEqual({});
      }),
    );
  });
});
