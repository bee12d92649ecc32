import { expect, test } from 'vitest';
import { fieldTitle } from '../../../../src/cli/describe/field-title.ts';

// As kubectl 1.32 prints these names.
test.each([
  ['creationTimestamp', 'Creation Timestamp'],
  ['apiVersion', 'API Version'],
  ['apiURL', 'API URL'],
  ['uid', 'UID'],
  ['podIPs', 'Pod I Ps'],
  ['bB', 'B B'],
  ['kind', 'Kind'],
  ['x-kubernetes-preserve-unknown-fields', 'X - Kubernetes - Preserve - Unknown - Fields'],
  ['openAPIV3Schema', 'openAPIV3Schema'],
  ['$patch', '$patch'],
  ['example.test/key', 'example.test/key'],
])('%s is titled %s', (name, title) => {
  expect(fieldTitle(name)).toBe(title);
});
