import { expect, test } from 'vitest';
import type { Container, PodSpec } from '../../../../src/api/core.ts';
import { podRequests } from '../../../../src/domain/scheduling/resources.ts';

const c = (cpu: string, restartPolicy?: string): Container => ({
  name: 'c',
  resources: { requests: { cpu } },
  ...(restartPolicy !== undefined && { restartPolicy }),
});

test.each<[string, PodSpec, number]>([
  ['containers are added up', { containers: [c('100m'), c('1'), c('0.5')] }, 1600],
  ['a container without requests adds nothing', { containers: [c('100m'), { name: 'c' }] }, 100],
  ['init containers run one by one', { containers: [c('1')], initContainers: [c('1500m'), c('2')] }, 2000],
  ['small init containers do not matter', { containers: [c('1')], initContainers: [c('500m')] }, 1000],
  ['sidecars run on', { containers: [c('1')], initContainers: [c('200m', 'Always')] }, 1200],
  [
    'init containers run beside the sidecars before them only',
    { containers: [c('100m')], initContainers: [c('1'), c('200m', 'Always'), c('1'), c('300m', 'Always')] },
    1200,
  ],
  ['the overhead comes on top', { containers: [c('1')], overhead: { cpu: '250m' } }, 1250],
  [
    'requests of the pod as a whole stand for its containers',
    { containers: [c('1')], resources: { requests: { cpu: '3' } } },
    3000,
  ],
])('%s', (_name, spec, cpu) => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec };
  expect(podRequests(pod).get('cpu')).toBe(cpu);
});

test('fractions of a unit are rounded up', () => {
  const requests = { cpu: '0.1m', memory: '1500m' };
  const spec = { containers: [{ name: 'c', resources: { requests } }] };
  expect([...podRequests({ apiVersion: 'v1', kind: 'Pod', metadata: {}, spec })]).toEqual([
    ['cpu', 1],
    ['memory', 2],
  ]);
});
