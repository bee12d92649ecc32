import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StatusError } from '../../../../src/api/status.ts';
import { invalidStatus } from '../../../../src/registry/validation/field-error.ts';
import { validateCreate, validateUpdate } from '../../../../src/registry/validation/validate.ts';
import { warningsFor } from '../../../../src/registry/warnings/warnings-for.ts';
import { ACCEPTED } from './sample-manifests.ts';
import { kindOf, stored, type Written } from './stored-form.ts';

const REPLACEMENTS: readonly unknown[] = [
  undefined,
  null,
  {},
  [],
  '',
  ' ',
  'a',
  '../x',
  '5%',
  '1Gi',
  -1,
  0,
  70000,
  true,
  ['x'],
  [{}],
  [null],
];

test('whatever decoding lets through is answered with errors, never with a crash', () => {
  let decoded = 0;
  let refused = 0;
  const manifest = fc.constantFrom(...ACCEPTED, recordedDaemonSet());
  const edits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...REPLACEMENTS)), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(manifest, edits, (sound, changes) => {
      const edited = changes.reduce<Written>(
        (one, [choice, replacement]) => withReplacement(one, choice, replacement),
        sound,
      );
      const object = decodedOrNothing(edited);
      if (object === undefined) return;
      decoded += 1;
      const kind = kindOf(edited);
      const errors = validateCreate(kind, object, { namespaced: object.metadata.namespace !== undefined });
      if (errors.length > 0) refused += 1;
      invalidStatus(kind, 'x', errors);
      validateUpdate(kind, object, stored(sound));
      validateUpdate(kind, stored(sound), object);
      warningsFor(kind, object);
    }),
    { numRuns: 3000, seed: 7 },
  );
  expect(decoded).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(200);
});

/** The recorded DaemonSet that uses the most fields. */
function recordedDaemonSet(): Written {
  const bytes = readFileSync(new URL('../../../vectors/data/daemonset-create.jsonl.gz', import.meta.url));
  const rows = gunzipSync(bytes).toString('utf8').trim().split('\n');
  const manifests = rows
    .map((row) => JSON.parse(row) as { readonly code: number; readonly manifest: Written })
    .filter(({ code }) => code === 201)
    .map(({ manifest }) => manifest);
  return manifests.reduce((a, b) => (JSON.stringify(b).length > JSON.stringify(a).length ? b : a));
}

/** The manifest with one of its fields or items, chosen by number, replaced; `undefined` takes it away. */
function withReplacement(manifest: Written, choice: number, replacement: unknown): Written {
  const { apiVersion, kind, ...rest } = structuredClone(manifest) as Record<string, unknown>;
  const places = placesIn(rest);
  const place = places[choice % places.length];
  if (place !== undefined) {
    if (replacement === undefined) Reflect.deleteProperty(place.holder, place.key);
    else Reflect.set(place.holder, place.key, replacement);
  }
  return { apiVersion: String(apiVersion), kind: String(kind), ...rest };
}

function placesIn(holder: object): readonly { readonly holder: object; readonly key: string }[] {
  return Object.entries(holder).flatMap(([key, child]: [string, unknown]) => [
    { holder, key },
    ...(typeof child === 'object' && child !== null ? placesIn(child) : []),
  ]);
}

function decodedOrNothing(manifest: Written) {
  try {
    return stored(manifest);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
