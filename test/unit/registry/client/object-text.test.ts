import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { FormPaths } from '../../../../src/registry/form-paths.ts';
import { readForm } from '../../../../src/registry/form-reader.ts';
import { encodeObject as objectText } from '../../../../src/registry/stored-object.ts';
import { valueText } from '../../../../src/store/form-text.ts';

const odd = fc.oneof(
  fc.string(),
  fc.constantFrom('\0', '\u0000 1', '"', '\\', '\u001f', '2026-01-01T00:00:00Z', 'ü'),
);
const json = fc.jsonValue({ maxDepth: 3 });
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const terms = fc.array(
  fc.record({ matchFields: some(fc.array(fc.record({ key: odd, values: fc.oneof(fc.array(odd), json) }))) }),
);
const affinity = fc.record({
  nodeAffinity: some(
    fc.record({
      requiredDuringSchedulingIgnoredDuringExecution: some(
        fc.record({ nodeSelectorTerms: fc.oneof(terms, json) }),
      ),
    }),
  ),
  podAffinity: some(json),
});

/** Pods and events whose fields hold anything, in the places that rules are about and in others. */
const anObject = fc
  .record({
    kind: fc.constantFrom('Pod', 'Event', 'ConfigMap'),
    metadata: fc.record({
      name: odd,
      uid: some(odd),
      resourceVersion: some(odd),
      labels: some(fc.dictionary(odd, odd)),
      extra: some(json),
    }),
    spec: some(
      fc.record({ nodeName: some(odd), affinity: some(fc.oneof(json, affinity)), containers: some(json) }),
    ),
    status: some(
      fc.record({
        conditions: some(json),
        containerStatuses: some(json),
        hostIP: some(odd),
        podIPs: some(fc.oneof(json, fc.array(fc.record({ ip: odd })))),
        phase: odd,
      }),
    ),
    involvedObject: some(json),
    message: some(odd),
  })
  // Whatever it holds: the text does not care.
  .map((fields) => ({ apiVersion: 'v1', ...fields }) as KubeObject);

function withoutVersion({ metadata: { resourceVersion: _, ...metadata }, ...object }: KubeObject): string {
  const { apiVersion, kind, ...rest } = object;
  return JSON.stringify({ apiVersion, kind, metadata, ...rest });
}

test('the text of an object is its JSON without the version, whatever its kind has rules for', () => {
  fc.assert(
    fc.property(anObject, (object) => {
      expect(valueText(objectText(object))).toBe(withoutVersion(object));
    }),
  );
});

test('the text of an object is its JSON without the version, whatever was written before it, and the same once more', () => {
  fc.assert(
    fc.property(fc.array(anObject, { minLength: 2, maxLength: 6 }), (objects) => {
      const paths = new FormPaths();
      for (const object of [...objects, ...objects]) {
        expect(valueText(objectText(object, paths))).toBe(withoutVersion(object));
      }
    }),
  );
});

test('objects of one make are of one form, by identity', () => {
  const labels = { app: 'a' };
  const at = (time: string) => ({ conditions: [{ type: 'Ready', lastTransitionTime: time }] });
  const pod = (name: string, time: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels },
    status: at(time),
  });
  const paths = new FormPaths();
  const text = (object: KubeObject) => {
    const form = objectText(object, paths);
    if (typeof form === 'string') throw new Error('pods have forms');
    return form;
  };
  const one = text(pod('one', '2026-01-01T00:00:00Z'));
  const two = text(pod('two', '2026-01-02T00:00:00Z'));
  const other = text({
    ...pod('three', '2026-01-02T00:00:00Z'),
    metadata: { name: 'three', labels: { app: 'b' } },
  });
  const copy = text({
    ...pod('four', '2026-01-02T00:00:00Z'),
    metadata: { name: 'four', labels: { ...labels } },
  });
  expect(two.pieces).toBe(one.pieces);
  expect(copy.pieces).toBe(one.pieces);
  expect(other.pieces).not.toBe(one.pieces);
});

test('a form reads back as what its text says', () => {
  fc.assert(
    fc.property(anObject, (object) => {
      const text = objectText(object);
      if (typeof text !== 'string') expect(readForm(text)).toEqual(JSON.parse(valueText(text)));
    }),
  );
});

test('values of one form share what they have in common, and nothing that is their own', () => {
  const pod = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'a' } },
    spec: { containers: [{ name: 'c' }] },
  });
  const [one, two] = [objectText(pod('one')), objectText(pod('two'))];
  if (typeof one === 'string' || typeof two === 'string') throw new Error('pods have forms');
  expect(two.pieces).toEqual(one.pieces);
  const first = readForm(one) as ReturnType<typeof pod>;
  const second = readForm({ pieces: one.pieces, fills: two.fills }) as ReturnType<typeof pod>;
  expect(second.spec).toBe(first.spec);
  expect(second.metadata.labels).toBe(first.metadata.labels);
  expect([first.metadata.name, second.metadata.name]).toEqual(['one', 'two']);
});
