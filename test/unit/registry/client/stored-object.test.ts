import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { KnownStates } from '../../../../src/registry/known-states.ts';
import { encodeObject, withResourceVersion } from '../../../../src/registry/stored-object.ts';
import { valueText } from '../../../../src/store/form-text.ts';
import { configMap } from '../verbs/objects.ts';

function textOf(object: KubeObject): string {
  return valueText(encodeObject(object));
}

const entry = (modRevision: number, name = 'one') => ({
  key: `core/configmaps/default/${name}`,
  value: textOf(configMap('one', { at: String(modRevision) })),
  createRevision: 1,
  modRevision,
});

test('the stored text has no resourceVersion; a decoded object has that of its entry', () => {
  const object = withResourceVersion(configMap('one'), 7);
  expect(JSON.parse(textOf(object))).not.toHaveProperty('metadata.resourceVersion');
  expect(new KnownStates(1).decode(entry(9)).metadata.resourceVersion).toBe('9');
});

test('a state is parsed once while it is known, and what became known first is forgotten first', () => {
  const states = new KnownStates(2);
  const first = states.decode(entry(1, 'a'));
  expect(states.decode(entry(1, 'a'))).toBe(first);
  states.decode(entry(2, 'b'));
  states.decode(entry(3, 'c'));
  expect(states.decode(entry(1, 'a'))).not.toBe(first);
});

test('a newer state of a key takes the place of the older one, and an older one does not', () => {
  const states = new KnownStates(2);
  states.decode(entry(1));
  const newer = states.decode(entry(2));
  expect(states.get('core/configmaps/default/one')?.object).toBe(newer);
  expect(states.decode(entry(1)).metadata.resourceVersion).toBe('1');
  expect(states.get('core/configmaps/default/one')?.object).toBe(newer);
});
