import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { DAEMON_SET, POD } from '../../../../src/api/well-known.ts';
import { statusUpdate } from '../../../../src/runtime/write-requests.ts';
import { creating, daemonSet, pod, type Workbench, workbench } from './objects.ts';

type Made = KubeObject & { readonly spec?: unknown; readonly status?: object };

const makings = [
  {
    name: 'a pod',
    make: (bench: Workbench) => bench.written(creating(POD, pod('one', { nodeName: 'node-1' }))),
    good: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }], message: '' },
    unknown: { phase: 'Running', colour: 'red' },
    wrong: { phase: 7 },
    invalid: { podIPs: [{ ip: 'nowhere' }] },
  },
  {
    name: 'a DaemonSet',
    make: (bench: Workbench) => bench.written(creating(DAEMON_SET, daemonSet('one'))),
    good: { desiredNumberScheduled: 3, numberReady: 2, numberUnavailable: 0 },
    unknown: { desiredNumberScheduled: 3, colour: 'red' },
    wrong: { desiredNumberScheduled: 'three' },
    invalid: { desiredNumberScheduled: -3 },
  },
];
const cases = makings.flatMap(({ name, make, ...statuses }) =>
  Object.entries(statuses).map(
    ([quality, status]) => [`${quality} status of ${name}`, make, status] as const,
  ),
);

/** What becomes of a status that is written over the object itself, or over a copy of it. */
async function outcomeOf(make: (bench: Workbench) => Promise<KubeObject>, status: object, copied: boolean) {
  const bench = workbench();
  const made = await make(bench);
  const body = copied ? (JSON.parse(JSON.stringify(made)) as KubeObject) : made;
  return bench.write(statusUpdate({ ...body, status }));
}

test.each(cases)(
  'a %s is answered the same whether the rest is the object or a copy of it',
  async (_what, make, status) => {
    expect(await outcomeOf(make, status, false)).toEqual(await outcomeOf(make, status, true));
  },
);

test.each(makings)(
  'a status alone leaves everything else of $name as it is, by identity',
  async ({ make, good }) => {
    const bench = workbench();
    const made: Made = await make(bench);
    const written: Made = await bench.written(statusUpdate({ ...made, status: good }));
    expect(written.status).not.toEqual(made.status);
    expect(written.spec).toBe(made.spec);
    expect(written.metadata.labels).toBe(made.metadata.labels);
  },
);

test('a status over an older state is a conflict', async () => {
  const bench = workbench();
  const made = await bench.written(creating(POD, pod('one')));
  await bench.written(statusUpdate({ ...made, status: { phase: 'Running' } }));
  const refused = await bench.refused(statusUpdate({ ...made, status: { phase: 'Failed' } }));
  expect(refused.reason).toBe('Conflict');
});

test('a status that says what is there already is not written', async () => {
  const bench = workbench();
  const made: Made = await bench.written(creating(POD, pod('one')));
  const outcome = await bench.write(statusUpdate({ ...made, status: { ...made.status } }));
  expect(outcome).toMatchObject({ ok: true, did: 'unchanged' });
});
