import { expect, test } from 'vitest';
import { atRevision, openMetadata } from '../../../src/registry/open-state.ts';
import { encodeObject } from '../../../src/registry/stored-object.ts';
import { configMap } from './verbs/objects.ts';

test('an open state gets its revision in place, and its old metadata stay as they are', () => {
  const before = configMap('one', {}, { resourceVersion: '3' });
  const open = { ...before, metadata: openMetadata(before.metadata) };
  expect(atRevision(open, 7)).toBe(open);
  expect(open.metadata.resourceVersion).toBe('7');
  expect(before.metadata.resourceVersion).toBe('3');
});

test.each([{}, { resourceVersion: '3' }])('a state that is not open is copied: %j', (metadata) => {
  const object = configMap('one', {}, metadata);
  const written = atRevision(object, 7);
  expect(written).toEqual(configMap('one', {}, { resourceVersion: '7' }));
  expect(object).toEqual(configMap('one', {}, metadata));
});

test('an open state is stored without a resourceVersion', () => {
  const open = configMap('one');
  expect(encodeObject({ ...open, metadata: openMetadata(open.metadata) })).toEqual(encodeObject(open));
});
