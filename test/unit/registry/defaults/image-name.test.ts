import { describe, expect, it } from 'vitest';
import { imageTag, pullPolicyFor } from '../../../../src/registry/defaults/image-name.ts';

describe('the tag of an image', () => {
  it.each([
    ['nginx', 'latest'],
    ['nginx:1.27', '1.27'],
    ['registry.example:5000/team/app', 'latest'],
    ['registry.example:5000/team/app:v2', 'v2'],
    ['localhost/app:v2', 'v2'],
    [`nginx@sha256:${'a'.repeat(64)}`, ''],
    [`nginx:latest@sha256:${'a'.repeat(64)}`, 'latest'],
    ['[::1]:5000/app:v1', 'v1'],
  ])('of %s is %j', (image, tag) => expect(imageTag(image)).toBe(tag));

  it.each([
    '',
    'team/UPPER',
    'a b',
    'nginx:',
    `nginx@sha256:${'a'.repeat(40)}`,
    'a'.repeat(300),
    'f'.repeat(64),
  ])('is none for %j, which is no image name', (image) => expect(imageTag(image)).toBe(''));
});

describe('the pull policy', () => {
  it('is Always for images that may change under their name', () => {
    expect(pullPolicyFor('nginx')).toBe('Always');
    expect(pullPolicyFor('nginx:latest')).toBe('Always');
  });
  it('is IfNotPresent for all others, also for names that are none', () => {
    expect(pullPolicyFor('nginx:1.27')).toBe('IfNotPresent');
    expect(pullPolicyFor('Not An Image')).toBe('IfNotPresent');
    expect(pullPolicyFor(undefined)).toBe('IfNotPresent');
  });
});
