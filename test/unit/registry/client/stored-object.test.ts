import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { RevisionCache } from '../../../../src/registry/revision-cache.ts';
import { encodeObject, withResourceVersion } from '../../../../src/registry/stored-object.ts';
import { valueText } from '../../../../src/store/form-text.ts';
import { configMap } from '../verbs/objects.ts';

function textOf(object: KubeObject): string {
  return valueText(encodeObject(object));
}

const entry = (modRevision: number) => ({
  key: 'core/configmaps/default/one',
  value: textOf(configMap('one', { at: String(modRevision) })),
  createRevision: 1,
  modRevision,
});

test('the stored text has no resourceVersion; a decoded object has that of its entry', () => {
  const object = withResourceVersion(configMap('one'), 7);
  expect(JSON.parse(textOf(object))).not.toHaveProperty('metadata.resourceVersion');
  expect(new RevisionCache(1).decode(entry(9)).metadata.resourceVersion).toBe('9');
});

test('a state is parsed once while it is remembered, and the oldest is forgotten first', () => {
  const cache = new RevisionCache(2);
  const first = cache.decode(entry(1));
  expect(cache.decode(entry(1))).toBe(first);
  cache.decode(entry(2));
  cache.decode(entry(3));
  expect(cache.decode(entry(1))).not.toBe(first);
});
