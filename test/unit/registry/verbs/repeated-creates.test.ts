import { expect, test } from 'vitest';
import type { Pod } from '../../../../src/api/core.ts';
import { NAMESPACE, POD } from '../../../../src/api/well-known.ts';
import { bodyOf, creating, pod, workbench } from './objects.ts';

const PRIORITY_CLASS = { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' };

const pinnedTo = (node: string) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
    },
  },
});
const agent = (node: string, spec: object = {}) =>
  pod('', { affinity: pinnedTo(node), ...spec }, { generateName: 'agent-' });

/** A pod without what every pod has for itself. */
function make({ metadata, ...rest }: Pod): object {
  const {
    name: _name,
    uid: _uid,
    creationTimestamp: _created,
    resourceVersion: _revision,
    ...others
  } = metadata;
  return { ...rest, metadata: others };
}

test('a pod like one of an earlier batch comes out as if it were the first, with its own name, UID and time', async () => {
  const bench = workbench();
  const first = await bench.written(creating(POD, agent('node-1')));
  bench.clock.advanceTo(bench.clock.now() + 90_000);
  const second = (await bench.written(creating(POD, agent('node-2')))) as Pod;
  const alone = (await workbench().written(creating(POD, agent('node-2')))) as Pod;
  expect(make(second)).toEqual(make(alone));
  expect(second.metadata.name).toMatch(/^agent-.{5}$/);
  expect(second.metadata.name).not.toBe(first.metadata.name);
  expect(second.metadata.uid).not.toBe(first.metadata.uid);
  expect(second.metadata.creationTimestamp).toBe('2026-01-01T00:01:30Z');
});

test('a priority class that comes in between counts', async () => {
  const bench = workbench();
  expect(await bench.written(creating(POD, agent('node-1')))).toMatchObject({ spec: { priority: 0 } });
  const urgent = bodyOf({ metadata: { name: 'urgent' }, value: 7, globalDefault: true });
  await bench.written(creating(PRIORITY_CLASS, urgent, ''));
  expect(await bench.written(creating(POD, agent('node-2')))).toMatchObject({ spec: { priority: 7 } });
});

test('a namespace that goes in between takes no more', async () => {
  const bench = workbench();
  const namespace = 'shop';
  await bench.written(creating(NAMESPACE, bodyOf({ metadata: { name: namespace } }), ''));
  await bench.written(creating(POD, agent('node-1'), namespace));
  await bench.written({ verb: 'delete', kind: NAMESPACE, key: { namespace: '', name: namespace } });
  const refused = await bench.refused(creating(POD, agent('node-2'), namespace));
  expect(refused).toMatchObject({ code: 403, reason: 'Forbidden' });
});

test('a field that was ignored once is refused when the next asks for strictness', async () => {
  const bench = workbench();
  const odd = (node: string) => creating(POD, agent(node, { colour: 'red' }));
  await bench.written({ ...odd('node-1'), fieldValidation: 'Ignore' });
  const refused = await bench.refused({ ...odd('node-2'), fieldValidation: 'Strict' });
  expect(refused.message).toContain('unknown field "spec.colour"');
});
