import { describe, expect, test } from 'vitest';
import type { Json, KubeObject } from '../../../../src/api/meta.ts';
import { DAEMON_SET, TEMPLATE_GENERATION } from '../../../../src/api/well-known.ts';
import { creating, daemonSet, workbench } from '../verbs/objects.ts';

const KEY = { namespace: 'default', name: 'one' };

const counts = ({ metadata }: KubeObject) => [
  metadata.generation,
  metadata.annotations?.[TEMPLATE_GENERATION],
];

async function made(metadata: Readonly<Record<string, unknown>> = {}) {
  const bench = workbench();
  const object = await bench.written(creating(DAEMON_SET, daemonSet('one', {}, metadata)));
  const patched = (patch: Json, subresource?: string) =>
    bench.written({
      verb: 'patch',
      kind: DAEMON_SET,
      key: KEY,
      patchType: 'merge',
      patch,
      ...(subresource === undefined ? {} : { subresource }),
    });
  return { ...bench, object, patched };
}

describe('a new DaemonSet', () => {
  test('has generation 1, template generation 1 and an empty status', async () => {
    const { object } = await made();
    expect(counts(object)).toEqual([1, '1']);
    expect(object).toMatchObject({
      status: {
        currentNumberScheduled: 0,
        desiredNumberScheduled: 0,
        numberMisscheduled: 0,
        numberReady: 0,
      },
    });
  });

  test('loses a status that its writer gave it', async () => {
    const { written } = workbench();
    const object = { ...daemonSet('one'), status: { numberReady: 7, desiredNumberScheduled: 7 } };
    expect(await written(creating(DAEMON_SET, object as KubeObject))).toMatchObject({
      status: { numberReady: 0, desiredNumberScheduled: 0 },
    });
  });

  test.each([
    ['5', '5'],
    ['0', '1'],
    ['-3', '1'],
    ['+4', '4'],
  ])('with template generation %j starts at %s', async (given, expected) => {
    const { object } = await made({ annotations: { [TEMPLATE_GENERATION]: given } });
    expect(counts(object)).toEqual([1, expected]);
  });

  test('with a template generation that is no number is refused with 400', async () => {
    const { refused } = workbench();
    const error = await refused(
      creating(DAEMON_SET, daemonSet('one', {}, { annotations: { [TEMPLATE_GENERATION]: 'abc' } })),
    );
    expect([error.code, error.reason]).toEqual([400, 'BadRequest']);
    expect(error.message).toMatch(/strconv\.ParseInt: parsing "abc": invalid syntax$/);
  });
});

test.each<[string, Json, number, string]>([
  ['the template', { spec: { template: { metadata: { labels: { extra: 'x' } } } } }, 2, '2'],
  ['only the rest of the spec', { spec: { minReadySeconds: 3 } }, 2, '1'],
  ['only labels', { metadata: { labels: { a: 'b' } } }, 1, '1'],
  ['only the template generation', { metadata: { annotations: { [TEMPLATE_GENERATION]: '9' } } }, 1, '1'],
  ['the status through the main resource', { status: { numberReady: 4 } }, 1, '1'],
])('a change of %s counts as it should', async (_, patch, generation, templateGeneration) => {
  const { patched } = await made();
  const next = await patched(patch);
  expect(counts(next)).toEqual([generation, templateGeneration]);
  expect(next).toMatchObject({ status: { numberReady: 0 } });
});

test('taking the template generation away brings it back', async () => {
  const { patched } = await made();
  expect(counts(await patched({ metadata: { annotations: null } }))).toEqual([1, '1']);
});

test('the status subresource changes status and metadata, never the spec or a generation', async () => {
  const { patched } = await made();
  const next = await patched(
    { metadata: { labels: { seen: 'yes' } }, spec: { minReadySeconds: 9 }, status: { numberReady: 4 } },
    'status',
  );
  expect(counts(next)).toEqual([1, '1']);
  expect(next).toMatchObject({ metadata: { labels: { seen: 'yes' } }, status: { numberReady: 4 } });
  expect(next).not.toHaveProperty('spec.minReadySeconds');
});
